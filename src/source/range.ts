import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { limits } from '../limits.ts';
import type { OnProblem } from '../unpack/chunks.ts';
import type { FileRange } from './source.ts';

/** A path may have become a link or a pipe since it was listed: neither is followed, and opening one does not wait.
 * (Windows has neither flag: undefined counts as 0.) */
const REGULAR_ONLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The bytes of a range, in one buffer of `limits.chunkBytes` (each chunk is gone when the next is asked for) and at positions
 * of its own, so that many ranges of one file can be read at once. A file that cannot be opened, or is shorter or longer than
 * it was, is a problem; nothing is thrown.
 *
 * Reads are synchronous: the kernel reads a file ahead by itself, and a thread that has nothing else to do gains nothing by
 * asking another thread for them, which waits for its turn where all processors are busy.
 */
// eslint-disable-next-line @typescript-eslint/require-await -- the chunks of a file, as those of everything else
export async function* readRange(
  range: Omit<FileRange, 'file'> & { readonly file: string | Buffer },
  onProblem: OnProblem,
  buffer: Buffer = Buffer.allocUnsafeSlow(Math.min(limits.chunkBytes, Math.max(range.length, 1))),
): AsyncGenerator<Buffer, void, undefined> {
  const file = openRegular(range.file, onProblem);
  if (file === undefined) return;
  try {
    const end = range.offset + range.length;
    for (let at = range.offset; at < end;) {
      const got = readAt(file, buffer, at, end, onProblem);
      if (got === undefined) return;
      if (got === 0) {
        onProblem({
          reason: 'truncated',
          detail: `ends at byte ${at - range.offset} of ${range.length}`,
          bytes: end - at,
        });
        return;
      }
      at += got;
      yield buffer.subarray(0, got);
    }
    if (range.wholeFile) reportGrowth(file, end, onProblem);
  } finally {
    closeSync(file);
  }
}

function openRegular(path: string | Buffer, onProblem: OnProblem): number | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, REGULAR_ONLY);
    if (fstatSync(file).isFile()) return file;
    onProblem({ reason: 'unreadable', detail: 'no longer a regular file' });
  } catch (error) {
    onProblem({ reason: 'unreadable', detail: readFailure(error) });
  }
  if (file !== undefined) closeSync(file);
  return undefined;
}

/** Undefined after a failure, which is reported; 0 at the end of the file. */
function readAt(file: number, buffer: Buffer, at: number, end: number, onProblem: OnProblem): number | undefined {
  try {
    return readSync(file, buffer, 0, Math.min(buffer.length, end - at), at);
  } catch (error) {
    onProblem({ reason: 'unreadable', detail: `${readFailure(error)}, at byte ${at}`, bytes: end - at });
    return undefined;
  }
}

/** Also finds the files of /proc and /sys, which have content and a size of 0. */
function reportGrowth(file: number, end: number, onProblem: OnProblem): void {
  const more = readAt(file, Buffer.alloc(1), end, end + 1, onProblem);
  if (more) onProblem({ reason: 'size-mismatch', detail: `longer than the ${end} bytes it had when it was listed` });
}

/** Says why a file could not be opened or read, without its name. */
export function readFailure(error: unknown): string {
  const code = errorCode(error);
  if (code === 'ENOENT') return 'gone since it was listed';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ELOOP') return 'became a symbolic link since it was listed';
  return code ?? 'could not be read';
}

/** `ENOENT` and its like; undefined for errors that have none. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Nothing is at a path: it does not exist, or goes through something that is no folder. */
export function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
