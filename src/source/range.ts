import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { limits } from '../limits.ts';
import type { OnProblem } from '../unpack/chunks.ts';
import type { FileRange } from './source.ts';

/** Two buffers that take turns: one is with the stage that pulls, the other is being filled. For one range at a time. */
export type RangeBuffers = readonly [Buffer, Buffer];

export function rangeBuffers(bytes: number = limits.chunkBytes): RangeBuffers {
  return [Buffer.allocUnsafeSlow(bytes), Buffer.allocUnsafeSlow(bytes)];
}

/** A path may have become a link or a pipe since it was listed: neither is followed, and opening one does not wait.
 * (Windows has neither flag: undefined counts as 0.) */
const REGULAR_ONLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * The bytes of a range, in buffers of `limits.chunkBytes` and at positions of its own, so that many ranges of one file
 * can be read at once. Reads one buffer ahead. A file that cannot be opened, or is shorter or longer than it was, is a
 * problem; nothing is thrown.
 */
export async function* readRange(
  range: Omit<FileRange, 'file'> & { readonly file: string | Buffer },
  onProblem: OnProblem,
  buffers: RangeBuffers = rangeBuffers(Math.min(limits.chunkBytes, Math.max(range.length, 1))),
): AsyncGenerator<Buffer, void, undefined> {
  const file = await openRegular(range.file, onProblem);
  if (file === undefined) return;
  let ahead: Promise<number | undefined> | undefined;
  try {
    const end = range.offset + range.length;
    let at = range.offset;
    let turn: 0 | 1 = 0;
    ahead = readAt(file, buffers[turn], at, end, onProblem);
    while (at < end) {
      const got = await ahead;
      ahead = undefined;
      if (got === undefined) return;
      if (got === 0) {
        onProblem({
          reason: 'truncated',
          detail: `ends at byte ${at - range.offset} of ${range.length}`,
          bytes: end - at,
        });
        return;
      }
      const full = buffers[turn];
      at += got;
      turn = turn === 0 ? 1 : 0;
      if (at < end) ahead = readAt(file, buffers[turn], at, end, onProblem);
      yield full.subarray(0, got);
    }
    if (range.wholeFile) await reportGrowth(file, end, onProblem);
  } finally {
    // Closing under a read in flight would hand its buffer back too early.
    await ahead;
    await file.close();
  }
}

async function openRegular(path: string | Buffer, onProblem: OnProblem): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, REGULAR_ONLY);
    if ((await file.stat()).isFile()) return file;
    onProblem({ reason: 'unreadable', detail: 'no longer a regular file' });
  } catch (error) {
    onProblem({ reason: 'unreadable', detail: readFailure(error) });
  }
  await file?.close();
  return undefined;
}

/** Undefined after a failure, which is reported; 0 at the end of the file. */
async function readAt(
  file: FileHandle,
  buffer: Buffer,
  at: number,
  end: number,
  onProblem: OnProblem,
): Promise<number | undefined> {
  try {
    return (await file.read(buffer, 0, Math.min(buffer.length, end - at), at)).bytesRead;
  } catch (error) {
    onProblem({ reason: 'unreadable', detail: `${readFailure(error)}, at byte ${at}`, bytes: end - at });
    return undefined;
  }
}

/** Also finds the files of /proc and /sys, which have content and a size of 0. */
async function reportGrowth(file: FileHandle, end: number, onProblem: OnProblem): Promise<void> {
  const more = await readAt(file, Buffer.alloc(1), end, end + 1, onProblem);
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
