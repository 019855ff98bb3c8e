/** What is said when ECR gives no image or layer: by its own codes, never by its texts, which repeat names. */
import { ScanError, type ScanErrorCode } from '../../errors.ts';
import type { CallFailure } from '../failure.ts';

/** Restoring takes up to 20 minutes and is billed for 90 days (Amazon ECR User Guide, "Archiving an image"): nobody does it unasked. */
const ARCHIVED = 'it is archived, and cannot be read before it is restored (aws ecr update-image-storage-class)';

interface Said {
  readonly code: ScanErrorCode;
  readonly words: string;
}

/** Of `failures[]` of BatchGetImage (Amazon ECR API Reference, "ImageFailure"). */
const failures: Readonly<Record<string, Said>> = {
  ImageNotFound: { code: 'not-found', words: 'no such image' },
  InvalidImageDigest: { code: 'not-found', words: 'no such digest' },
  InvalidImageTag: { code: 'not-found', words: 'no such tag' },
  ImageTagDoesNotMatchDigest: { code: 'not-found', words: 'the tag is of another digest' },
  ImageInaccessible: { code: 'denied', words: 'it cannot be read now' },
  KmsError: { code: 'denied', words: 'the key of the repository may not be used' },
  UpstreamAccessDenied: { code: 'denied', words: 'the upstream registry does not give it' },
};

/** Of exceptions (Amazon ECR API Reference, "Common Errors" and each call's). */
const exceptions: Readonly<Record<string, Said>> = {
  RepositoryNotFoundException: { code: 'not-found', words: 'no such repository' },
  ImageNotFoundException: { code: 'not-found', words: 'no such image' },
  LayersNotFoundException: { code: 'not-found', words: 'no such layer' },
  LayerInaccessibleException: { code: 'denied', words: 'it cannot be read: its image may be archived' },
  ImageArchivedException: { code: 'denied', words: ARCHIVED },
};

/** `where`: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1`. */
export function imageFault(code: string, reason: string, where: string): ScanError {
  // The one thing that its text says and its code does not.
  const isArchived = /archived/i.test(reason) || /archived/i.test(code);
  const named = /^[A-Za-z]{1,60}$/.test(code) ? code : 'a failure without a name';
  const said = isArchived ? { code: 'denied' as const, words: ARCHIVED } : failures[named];
  return new ScanError(said?.code ?? 'unreachable', `${where}: ${said?.words ?? 'ECR did not give it'} (${named})`);
}

export function callFault({ kind, reason, message }: CallFailure, where: string): ScanError {
  const said = exceptions[reason];
  if (said !== undefined) return new ScanError(said.code, `${where}: ${said.words} (${message})`);
  switch (kind) {
    case 'denied':
      return new ScanError(
        'denied',
        `${where}: ECR denies it (${message}). deploy/iam/ecr-image.json has the least policy`,
      );
    case 'credentials':
      return new ScanError(
        'denied',
        `${where}: AWS does not accept the credentials (${message}). Log in again, or name a --profile`,
      );
    case 'stopped':
      return new ScanError('unreachable', `${where}: stopped (${message})`);
    case 'unreachable':
    case 'unsupported':
    case 'other':
      return new ScanError(
        'unreachable',
        `${where}: ECR did not answer (${message}). Check --region, the network and --endpoint-url`,
      );
  }
}
