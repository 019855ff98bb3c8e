import { createReadStream } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ScanError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Chunks } from '../unpack/chunks.ts';
import { decompress } from '../unpack/decompress.ts';
import { peek } from '../unpack/peek.ts';
import { compressionOf, isTar } from '../unpack/magic.ts';
import { archiveObjects } from './archive-members.ts';
import { errorCode, isAbsent, readFailure, readRange } from './range.ts';
import { SeekingFile } from './seeking-file.ts';
import { archiveKindOf, lookOf } from './sniff.ts';
import type { ArchiveKind } from './sniff.ts';
import { AsideMember } from './aside-member.ts';
import type { Source } from './source.ts';
import { ProblemRelay, streamChunks } from './stream.ts';

export interface TarStreamOptions {
  readonly reference: string;
  /** What was chosen; how the stream is compressed is added to it. */
  readonly chosen: string;
  readonly totalBytes: number | undefined;
  /** Who is to blame when the stream breaks off: `the Docker engine`. */
  readonly sender: string;
}

/**
 * An archive in a local file: plain, or compressed with anything that its first bytes show. `asked` is the scheme of the
 * reference, undefined for a bare one. Throws ScanError: `not-found`, `denied`, `not-an-image`.
 */
export async function openArchiveFile(path: string, reference: string, asked?: ArchiveKind): Promise<Source> {
  const place = await placeOf(path, reference);
  if (place.pipe) {
    const stream = createReadStream(path, { highWaterMark: limits.chunkBytes });
    const chosen = `${asked ?? 'archive'}: a tar archive from a pipe`;
    return await openTarStream(stream, { reference, chosen, totalBytes: undefined, sender: 'the pipe' });
  }
  const file = await openFile(place.file, reference);
  try {
    const head = await readHead(file);
    if (isTar(head)) return await plainArchive(file, place, reference, asked);
    if (compressionOf(head) === undefined) throw notAnImage(reference, lookOf(head));
  } catch (error) {
    await file.close();
    throw error instanceof ScanError ? error : unreadable(error, reference);
  }
  await file.close();
  const relay = new ProblemRelay();
  const range = { kind: 'range', file: place.file, offset: 0, length: place.size, wholeFile: true } as const;
  const chosen = `${asked ?? 'archive'}: a tar archive`;
  return await tarChunks(readRange(range, relay.cause), relay, { reference, chosen, totalBytes: undefined }, NOTHING);
}

/** An archive that comes as a stream, compressed or not. Throws ScanError `not-an-image`, and then destroys the stream. */
export async function openTarStream(stream: Readable, options: TarStreamOptions): Promise<Source> {
  const relay = new ProblemRelay();
  const release = (): void => {
    // A stream that is destroyed while it is read may complain: nobody is left to hear it.
    stream.on('error', () => undefined).destroy();
  };
  return await tarChunks(streamChunks(stream, options.sender, relay.cause), relay, options, release);
}

const NOTHING = (): void => undefined;

async function tarChunks(
  stored: Chunks,
  relay: ProblemRelay,
  options: Omit<TarStreamOptions, 'sender'>,
  release: () => void,
): Promise<Source> {
  const { reference, totalBytes } = options;
  const aside = new AsideMember(relay.report);
  const outer = await peek(stored, limits.headBytes);
  const compression = compressionOf(outer.head);
  const inner =
    compression === undefined || isTar(outer.head)
      ? outer
      : await peek(decompress(compression, outer.all, relay.cause, aside.write), limits.headBytes);
  if (!isTar(inner.head)) {
    await closeChunks(inner.all);
    release();
    const look = lookOf(inner.head);
    throw notAnImage(reference, inner === outer ? look : `${look}, compressed with ${String(compression)}`);
  }
  const chosen = inner === outer ? options.chosen : `${options.chosen}, compressed with ${String(compression)}`;
  return {
    reference,
    chosen,
    totalBytes,
    objects: (onProblem) => {
      relay.listen(onProblem);
      return aside.after(archiveObjects(inner.all, undefined, relay.report));
    },
    close: async () => {
      release();
      await closeChunks(inner.all);
    },
  };
}

async function closeChunks(chunks: Chunks): Promise<void> {
  await chunks[Symbol.asyncIterator]().return?.();
}

async function plainArchive(
  file: FileHandle,
  place: Place,
  reference: string,
  asked: ArchiveKind | undefined,
): Promise<Source> {
  const found = await sniffMembers(file, place.file);
  if (found === undefined)
    throw notAnImage(reference, 'a tar archive, but none of its members is named as in an image');
  return {
    reference,
    chosen: `${asked ?? found.kind}: ${found.why}`,
    totalBytes: place.size,
    objects: (onProblem) => archiveObjects(new SeekingFile(file, onProblem), place.file, onProblem),
    close: () => file.close(),
  };
}

interface Sniffed {
  readonly kind: ArchiveKind;
  readonly why: string;
}

/** The documents come last in an archive, so all headers are read; the members' bytes are not. */
async function sniffMembers(file: FileHandle, path: string): Promise<Sniffed | undefined> {
  const documents = new Set<string>();
  let named: ArchiveKind | undefined;
  let members = 0;
  for await (const { name } of archiveObjects(new SeekingFile(file, NOTHING), path, NOTHING)) {
    members += 1;
    const seen = archiveKindOf(name);
    if (seen?.certain === true) documents.add(name);
    named ??= seen?.kind;
    if (named === undefined && members >= limits.sniffedMembers) return undefined;
  }
  if (members === 0) return { kind: 'docker-archive', why: 'it is an empty tar archive' };
  if (documents.size === 0)
    return (
      named && {
        kind: named,
        why: 'its members are named like an image, but it has no manifest.json and no index.json',
      }
    );
  const kind = documents.has('manifest.json') || !documents.has('index.json') ? 'docker-archive' : 'oci-archive';
  return { kind, why: `it holds ${[...documents].sort().join(', ')}` };
}

interface Place {
  /** The end of all links: ranges of it are opened without following any. */
  readonly file: string;
  readonly size: number;
  readonly pipe: boolean;
}

async function placeOf(path: string, reference: string): Promise<Place> {
  try {
    const stats = await stat(path);
    if (stats.isFIFO()) return { file: path, size: 0, pipe: true };
    if (stats.isFile()) return { file: await realpath(path), size: stats.size, pipe: false };
    throw notAnImage(reference, stats.isDirectory() ? 'a folder' : 'a device or socket');
  } catch (error) {
    throw error instanceof ScanError ? error : unreadable(error, reference);
  }
}

async function openFile(path: string, reference: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (error) {
    throw unreadable(error, reference);
  }
}

async function readHead(file: FileHandle): Promise<Buffer> {
  const head = Buffer.alloc(limits.headBytes);
  return head.subarray(0, (await file.read(head, 0, head.length, 0)).bytesRead);
}

/** What a path that cannot be used means. */
export function unreadable(error: unknown, reference: string): ScanError {
  if (isAbsent(error)) return absent(reference, { cause: error });
  // A fault of the program has no code of the system's: it is not for the user to mend.
  if (errorCode(error) === undefined) throw error;
  const why = readFailure(error);
  return new ScanError('denied', `${reference} cannot be read (${why}): make it readable for this user`, {
    cause: error,
  });
}

export function absent(reference: string, options?: ErrorOptions): ScanError {
  return new ScanError(
    'not-found',
    `nothing is at ${reference}: look at the path, or save the image with \`docker save NAME -o FILE\``,
    options,
  );
}

/** `look`: what it is instead. */
export function notAnImage(reference: string, look: string): ScanError {
  const name = reference === '-' ? 'standard input' : reference;
  return new ScanError(
    'not-an-image',
    `${name} is no image but ${look}: give what \`docker save\` or \`skopeo copy\` wrote, or scan it as it is with \`phiscan files\``,
  );
}
