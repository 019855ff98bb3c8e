import { statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import type { Readable } from 'node:stream';
import type { AwsAccess } from '../aws/ecr/image-source.ts';
import { ScanError } from '../errors.ts';
import { absent, openArchiveFile, openTarStream, unreadable } from './archive.ts';
import { openDockerDaemon } from './docker-daemon.ts';
import { openFolder, openLayout } from './layout.ts';
import { isAbsent } from './range.ts';
import { openRegistry } from './registry-image.ts';
import type { Source } from './source.ts';

export interface OpenOptions {
  /** `linux/arm64/v8`; one alone is asked of the Docker engine, so that it exports no other. */
  readonly platforms?: readonly string[] | undefined;
  /** Of a registry on this machine: plain HTTP, and a certificate that nobody vouches for. */
  readonly insecure?: boolean | undefined;
  /** How ECR is asked. */
  readonly aws?: AwsAccess | undefined;
  /** What `-` reads; process.stdin when absent. */
  readonly stdin?: (Readable & { readonly isTTY?: boolean }) | undefined;
}

type Open = (place: string, reference: string, options: OpenOptions) => Promise<Source>;

/** Where images come from: the scheme of a reference, and what opens the rest of it. */
const MEDIA: Readonly<Record<string, Open>> = {
  'docker-daemon': (name, reference, { platforms }) => openDockerDaemon(name, reference, platforms),
  'docker-archive': (path, reference) => openArchiveFile(path, reference, 'docker-archive'),
  'oci-archive': (path, reference) => openArchiveFile(path, reference, 'oci-archive'),
  oci: openLayout,
  registry: openRegistry,
  ecr: async (place, reference, { platforms, aws }) => {
    // The SDK takes longer to load than an archive to be opened.
    const { openEcrImage } = await import('../aws/ecr/image-source.ts');
    return await openEcrImage(place, reference, { platforms, aws });
  },
};

/** Throws ScanError when the reference cannot be opened, with the reference as it was given in the message. */
export async function openSource(reference: string, options: OpenOptions): Promise<Source> {
  if (reference === '-') return await openStdin(options);
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/s.exec(reference) ?? [];
  const open = Object.hasOwn(MEDIA, scheme) ? MEDIA[scheme] : undefined;
  if (open === undefined) return await openBare(reference, options);
  if (rest !== '') return await open(rest, reference, options);
  throw new ScanError('usage', `${reference} ends after the scheme: write ${scheme}: and then what to open`);
}

async function openStdin({ stdin = process.stdin }: OpenOptions): Promise<Source> {
  if (stdin.isTTY === true) {
    throw new ScanError(
      'usage',
      'standard input is a terminal: pipe an image into it, `docker save NAME | phiscan image -`',
    );
  }
  const chosen = 'standard input: a tar archive';
  return await openTarStream(stdin, { reference: '-', chosen, totalBytes: undefined, sender: 'standard input' });
}

/** A file or folder that is there comes first; anything else is for the Docker engine to know. */
async function openBare(reference: string, { platforms }: OpenOptions): Promise<Source> {
  const found = statPath(reference);
  if (found !== undefined) {
    const source = found.isDirectory()
      ? await openFolder(reference, reference)
      : await openArchiveFile(reference, reference);
    return couldBeName(reference) && !ARCHIVE_NAME.test(reference)
      ? {
          ...source,
          chosen: `${source.chosen} (a ${found.isDirectory() ? 'folder' : 'file'} of that name is here; docker-daemon:${reference} would be the image)`,
        }
      : source;
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(reference)) {
    throw new ScanError(
      'usage',
      `${reference} has a scheme that phiscan does not know: it opens ${Object.keys(MEDIA).join(', ')}, and -`,
    );
  }
  if (!couldBeName(reference)) throw absent(reference);
  try {
    return await openDockerDaemon(reference, reference, platforms);
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    throw new ScanError(error.code, `no file or folder is at ${reference}, and ${error.message}`, { cause: error });
  }
}

/** Nobody names an image so, and who gives it means the file. */
const ARCHIVE_NAME = /\.(?:tar|tgz|gz|zst|xz|bz2)$/;

/** Undefined when nothing is there. */
function statPath(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw unreadable(error, path);
  }
}

/** `./x`, `/x` and `../x` are paths and nothing else. */
function couldBeName(reference: string): boolean {
  return /^[\w[]/.test(reference);
}
