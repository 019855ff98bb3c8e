import type { FileHandle } from 'node:fs/promises';
import { limits } from '../limits.ts';
import type { OnProblem } from '../unpack/chunks.ts';
import { readFailure } from './range.ts';

/** A file as chunks that can be skipped: only the headers of an archive are read, its members are ranges for others. */
export class SeekingFile implements AsyncIterableIterator<Buffer, undefined, undefined> {
  readonly #file: FileHandle;
  readonly #onProblem: OnProblem;
  readonly #buffer: Buffer = Buffer.allocUnsafeSlow(limits.headBytes);
  #at = 0;
  #ended = false;

  /** The file stays the caller's, who closes it. */
  constructor(file: FileHandle, onProblem: OnProblem) {
    this.#file = file;
    this.#onProblem = onProblem;
  }

  /** The next chunk begins so many bytes further on; beyond the end of the file there is none. */
  skip(bytes: number): void {
    this.#at += bytes;
  }

  async next(): Promise<IteratorResult<Buffer, undefined>> {
    const got = this.#ended ? 0 : await this.#read();
    if (got === 0) {
      this.#ended = true;
      return { done: true, value: undefined };
    }
    this.#at += got;
    return { done: false, value: this.#buffer.subarray(0, got) };
  }

  return(): Promise<IteratorResult<Buffer, undefined>> {
    this.#ended = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #read(): Promise<number> {
    try {
      return (await this.#file.read(this.#buffer, 0, this.#buffer.length, this.#at)).bytesRead;
    } catch (error) {
      this.#onProblem({ reason: 'unreadable', detail: `${readFailure(error)}, at byte ${this.#at}` });
      return 0;
    }
  }
}
