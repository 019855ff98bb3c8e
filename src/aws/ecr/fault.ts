/** What is said when ECR gives no image or layer: by its own codes, never by its texts, which repeat names. */
import { ScanError, type ScanErrorCode } from '../../errors.ts';
import type { CallFailure } from '../failure.ts';

/** Restoring takes up to 20 minutes and is billed for 90 days (Amazon ECR User Guide, "Archiving an image"): nobody does it unasked. */
const ARCHIVED: Said = {
  code: 'denied',
  words: 'the image is archived',
  todo: 'It can be read when it is restored (aws ecr update-image-storage-class)',
};

interface Said {
  readonly code: ScanErrorCode;
  readonly words: string;
  readonly todo?: string;
}

/** Of `failures[]` of BatchGetImage (Amazon ECR API Reference, "ImageFailure"). */
const failures: Readonly<Record<string, Said>> = {
  ImageNotFound: { code: 'not-found', words: 'no such image' },
  InvalidImageDigest: { code: 'not-found', words: 'no such digest' },
  InvalidImageTag: { code: 'not-found', words: 'no such tag' },
  ImageTagDoesNotMatchDigest: { code: 'not-found', words: 'the tag is of another digest' },
  ImageInaccessible: { code: 'denied', words: 'the image cannot be read now' },
  KmsError: { code: 'denied', words: 'the key of the repository may not be used' },
  UpstreamAccessDenied: { code: 'denied', words: 'the upstream registry does not give it' },
};

/** Of exceptions (Amazon ECR API Reference, "Common Errors" and each call's). */
const exceptions: Readonly<Record<string, Said>> = {
  RepositoryNotFoundException: { code: 'not-found', words: 'no such repository' },
  ImageNotFoundException: { code: 'not-found', words: 'no such image' },
  LayersNotFoundException: { code: 'not-found', words: 'no such layer' },
  LayerInaccessibleException: { code: 'denied', words: 'the layer cannot be read: its image may be archived' },
  ImageArchivedException: ARCHIVED,
};

/** `where`: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/app:1`. */
export function imageFault(code: string, reason: string, where: string): ScanError {
  // The one thing that its text says and its code does not.
  const isArchived = /archived/i.test(reason) || /archived/i.test(code);
  const named = /^[A-Za-z]{1,60}$/.test(code) ? code : 'a failure without a name';
  const said = isArchived ? ARCHIVED : failures[named];
  return faultOf(said ?? { code: 'unreachable', words: 'ECR did not give the image' }, named, where);
}

export function callFault({ kind, reason, message }: CallFailure, where: string): ScanError {
  const said = exceptions[reason];
  if (said !== undefined) return faultOf(said, message, where);
  // The call first: where there is little room, it is what is left.
  const faultWith = (code: ScanErrorCode, todo: string): ScanError =>
    new ScanError(code, `${message} (${where}). ${todo}`);
  switch (kind) {
    case 'denied':
      return faultWith('denied', 'deploy/iam/ecr-image.json has the least policy');
    case 'credentials':
      return faultWith('denied', 'AWS does not accept the credentials: log in again, or name a --profile');
    case 'stopped':
      return faultWith('unreachable', 'It was stopped');
    case 'unreachable':
    case 'unsupported':
    case 'other':
      return faultWith('unreachable', 'ECR did not answer: check --region, the network and --endpoint-url');
  }
}

function faultOf({ code, words, todo }: Said, named: string, where: string): ScanError {
  return new ScanError(code, `${words} (${named}; ${where})${todo === undefined ? '' : `. ${todo}`}`);
}
