import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ScanError } from '../errors.ts';
import type { Output } from './streams.ts';

/** Where a report goes: a path that is no symbolic link, and whether it may be replaced by a rename. */
interface Destination {
  readonly path: string;
  readonly replace: boolean;
  /** Permissions of the file that is replaced. */
  readonly mode: number;
}

/** Throws before a long scan, rather than after it, when a report cannot be written to `file`. */
export async function checkWritable(file: string): Promise<void> {
  await destinationOf(file);
}

/**
 * Writes to a temporary file in the same folder and renames it: a reader sees the old report or the new one, never half
 * of one. Devices and pipes (`/dev/null`) are written to, since a rename would replace them.
 */
export async function writeReport(file: string, text: string): Promise<void> {
  const { path, replace, mode } = await destinationOf(file);
  const written = replace ? join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`) : path;
  try {
    const handle = await open(written, replace ? 'wx' : 'w', mode);
    try {
      await handle.writeFile(text);
      if (replace) await handle.sync();
    } finally {
      await handle.close();
    }
    if (replace) await rename(written, path);
  } catch (error) {
    if (replace) await rm(written, { force: true });
    throw outputError(file, error);
  }
}

async function destinationOf(file: string): Promise<Destination> {
  let path = resolve(file);
  let mode = 0o666;
  try {
    path = await realpath(path);
    const stats = await stat(path);
    if (stats.isDirectory()) {
      throw new ScanError('output', `the report cannot be written (${file} is a folder). Name a file with --output`);
    }
    mode = stats.mode & 0o777;
    if (!stats.isFile()) return { path, replace: false, mode };
  } catch (error) {
    if (error instanceof ScanError) throw error;
    if (errorCode(error) !== 'ENOENT') throw outputError(file, error);
  }
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw outputError(file, error);
  }
  return { path, replace: true, mode };
}

/** Resolves when the text is with the system. A reader that has gone (`| head`) has what it wanted. */
export function writeText(stream: Output, text: string): Promise<void> {
  return new Promise((done, fail) => {
    stream.write(text, (error) => {
      if (!error || errorCode(error) === 'EPIPE') done();
      else fail(outputError('standard output', error));
    });
  });
}

export function outputError(file: string, cause: unknown): ScanError {
  const code = errorCode(cause);
  const why = code === '' ? '' : `: ${code}`;
  return new ScanError('output', `the report could not be written (${file}${why}). Check the folder and its space`, {
    cause,
  });
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
