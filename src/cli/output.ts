import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ScanError } from '../errors.ts';
import type { Output } from './streams.ts';

/** Throws before a long scan, rather than after it, when a report cannot be written to `file`. */
export async function checkWritable(file: string): Promise<void> {
  await destinationOf(file);
}

/** A reader sees the old report or the new one, never half of one. */
export async function writeReport(file: string, text: string): Promise<void> {
  const whole = await WholeFile.open(file);
  try {
    await whole.append(text);
    await whole.finish();
  } finally {
    await whole.discard();
  }
}

/**
 * A file that is written beside the one that it takes the place of, and has its name when it is whole. Devices and pipes
 * (`/dev/null`) are written to, since a rename would replace them. What it throws is ScanError.
 */
export class WholeFile {
  readonly #file: string;
  readonly #path: string;
  /** Undefined where it is written to `path` itself. */
  readonly #beside: string | undefined;
  #handle: FileHandle | undefined;

  private constructor(file: string, { path, replace }: Destination) {
    this.#file = file;
    this.#path = path;
    this.#beside = replace ? join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`) : undefined;
  }

  static async open(file: string): Promise<WholeFile> {
    const destination = await destinationOf(file);
    const whole = new WholeFile(file, destination);
    await whole.#try(async () => {
      const beside = whole.#beside;
      whole.#handle = await open(beside ?? destination.path, beside === undefined ? 'w' : 'wx', destination.mode);
    });
    return whole;
  }

  async append(text: string): Promise<void> {
    await this.#try(async () => this.#handle?.appendFile(text));
  }

  async finish(): Promise<void> {
    await this.#try(async () => {
      if (this.#beside !== undefined) await this.#handle?.sync();
      await this.#handle?.close();
      if (this.#beside !== undefined) await rename(this.#beside, this.#path);
      this.#handle = undefined;
    });
  }

  /** What was begun is not left behind; nothing once it is whole. */
  async discard(): Promise<void> {
    if (this.#handle === undefined) return;
    await this.#handle.close();
    this.#handle = undefined;
    if (this.#beside !== undefined) await rm(this.#beside, { force: true });
  }

  async #try(step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (error) {
      throw outputError(this.#file, error);
    }
  }
}

/** A path that is no symbolic link, and whether it may be replaced by a rename. */
interface Destination {
  readonly path: string;
  readonly replace: boolean;
  /** Permissions of the file that is replaced. */
  readonly mode: number;
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
