import type { OnProblem } from './chunks.ts';
import { isTarHeader, isZero } from './tar-header.ts';
import { BLOCK_BYTES, type TarInput } from './tar-input.ts';

/** The bytes of one entry. */
export interface TarBody {
  /** Logical offset of the run that run() returned last. */
  readonly offset: number;
  /** The next run; null: the end; undefined: fill and ask again. `wholeHoles`: every zero of a sparse file. */
  readonly run: (wholeHoles: boolean) => Buffer | null | undefined;
  /** Moves behind the stored bytes. False: fill and ask again. */
  readonly skip: () => boolean;
}

/** Bytes as they stand in the archive. */
export class StoredBody implements TarBody {
  readonly #input: TarInput;
  #left: number;
  #next = 0;
  offset = 0;

  constructor(input: TarInput, size: number) {
    this.#input = input;
    this.#left = size;
  }

  run(): Buffer | null | undefined {
    if (this.#left === 0) return null;
    const run = this.#input.run(this.#left);
    if (run === null) {
      this.#input.reportCut(this.#left);
      this.#left = 0;
    } else if (run) {
      this.offset = this.#next;
      this.#next += run.length;
      this.#left -= run.length;
    }
    return run;
  }

  skip(): boolean {
    if (this.#left > 0) this.#left = this.#input.skipBody(this.#left);
    return this.#left === 0;
  }
}

/** Bytes that are in memory. */
export class HeldBody implements TarBody {
  #bytes: Buffer | null;
  readonly offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes.length > 0 ? bytes : null;
  }

  run(): Buffer | null {
    const bytes = this.#bytes;
    this.#bytes = null;
    return bytes;
  }

  skip(): boolean {
    return true;
  }
}

/**
 * Bytes where a header should be: up to the next block that is a header, to two blocks of zeros, or to the end. They may
 * be what an evader wants nobody to read, so they are handed out like a file.
 */
export class StrayBody implements TarBody {
  readonly #input: TarInput;
  readonly #onProblem: OnProblem | undefined;
  readonly #start: number;
  #zeroBlocks = 0;
  #ended = false;
  offset = 0;

  /** Without `onProblem` the bytes follow the end of the archive, where they hide no header. */
  constructor(input: TarInput, onProblem: OnProblem | undefined) {
    this.#input = input;
    this.#onProblem = onProblem;
    this.#start = input.position;
  }

  /** True when zeros ended it, as they end an archive. */
  get endedByZeros(): boolean {
    return this.#ended && this.#zeroBlocks > 1;
  }

  run(): Buffer | null | undefined {
    if (this.#ended) return null;
    let view: Buffer | null | undefined = this.#input.view();
    if (view.length < BLOCK_BYTES) view = this.#input.peek(BLOCK_BYTES);
    if (view === undefined) return undefined;
    const length = view === null ? this.#input.view().length : this.#measure(view);
    if (view === null) this.#ended = true;
    if (this.#ended) this.#report(this.#input.position + length - this.#start);
    if (length === 0) return null;
    this.offset = this.#input.position - this.#start;
    return this.#input.run(length);
  }

  skip(): boolean {
    let run: Buffer | null | undefined;
    do run = this.run();
    while (run);
    return run === null;
  }

  /** Length of the whole blocks of `view` that belong to it. */
  #measure(view: Buffer): number {
    let length = 0;
    for (; length + BLOCK_BYTES <= view.length; length += BLOCK_BYTES) {
      const block = view.subarray(length, length + BLOCK_BYTES);
      this.#zeroBlocks = isZero(block) ? this.#zeroBlocks + 1 : 0;
      this.#ended = this.#zeroBlocks === 2 || (this.#zeroBlocks === 0 && isTarHeader(block));
      if (this.#ended) break;
    }
    return length;
  }

  #report(bytes: number): void {
    if (!this.#onProblem) return;
    if (bytes < BLOCK_BYTES) this.#input.reportCut(undefined);
    else this.#onProblem({ reason: 'corrupt', detail: `no tar header at byte ${this.#start}`, bytes });
  }
}
