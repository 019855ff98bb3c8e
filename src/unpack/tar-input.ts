import type { Chunks, OnProblem } from './chunks.ts';
import { limits } from '../limits.ts';

export const BLOCK_BYTES = 512;

/** `skip`, where the source has it: the next chunk begins so many bytes further on. */
export type SkippableChunks = Chunks & { readonly skip?: (bytes: number) => void };

const EMPTY = Buffer.alloc(0);

/**
 * The bytes of a tar stream, read synchronously as far as they are here. Every answer is one of: bytes; `undefined`:
 * await fill() and ask again; `null`: the stream ends before so many bytes. Views are valid until the next call.
 */
export class TarInput {
  readonly #iterator: AsyncIterator<Buffer>;
  readonly #chunks: SkippableChunks;
  readonly #onProblem: OnProblem;
  /** What was left of earlier chunks: never a whole block, since a whole one would have been taken. */
  readonly #held: Buffer = Buffer.allocUnsafe(BLOCK_BYTES);
  #heldStart = 0;
  #heldEnd = 0;
  #chunk: Buffer = EMPTY;
  #at = 0;
  #position = 0;
  #ended = false;
  #cutReported = false;

  constructor(chunks: SkippableChunks, onProblem: OnProblem) {
    this.#chunks = chunks;
    this.#iterator = chunks[Symbol.asyncIterator]();
    this.#onProblem = onProblem;
  }

  /** Absolute offset of the next byte. */
  get position(): number {
    return this.#position;
  }

  /** The next `length` bytes, at most a block, left in place. */
  peek(length: number): Buffer | null | undefined {
    const held = this.#heldEnd - this.#heldStart;
    if (held === 0 && this.#chunk.length - this.#at >= length) {
      return this.#chunk.subarray(this.#at, this.#at + length);
    }
    if (held < length) {
      const missing = length - held;
      if (this.#chunk.length - this.#at < missing) return this.#ended ? null : undefined;
      this.#hold(missing);
    }
    return this.#held.subarray(this.#heldStart, this.#heldStart + length);
  }

  /** The next `length` bytes, at most a block. */
  take(length: number): Buffer | null | undefined {
    const bytes = this.peek(length);
    if (bytes) this.#consume(length);
    return bytes;
  }

  /** All bytes that lie together now; may be empty. Left in place. */
  view(): Buffer {
    return this.#heldEnd > this.#heldStart
      ? this.#held.subarray(this.#heldStart, this.#heldEnd)
      : this.#chunk.subarray(this.#at);
  }

  /** As many of the next `length` bytes as lie together. */
  run(length: number): Buffer | null | undefined {
    const held = this.#heldEnd - this.#heldStart;
    const here = held > 0 ? held : this.#chunk.length - this.#at;
    if (here === 0) return this.#ended ? null : undefined;
    const taken = Math.min(length, here);
    const bytes =
      held > 0
        ? this.#held.subarray(this.#heldStart, this.#heldStart + taken)
        : this.#chunk.subarray(this.#at, this.#at + taken);
    this.#consume(taken);
    return bytes;
  }

  /** Moves on; returns how many bytes are still to be skipped after the next fill(). */
  skip(length: number): number {
    let left = length;
    while (left > 0) {
      const here = this.#heldEnd > this.#heldStart ? this.#heldEnd - this.#heldStart : this.#chunk.length - this.#at;
      if (here === 0) break;
      const taken = Math.min(left, here);
      this.#consume(taken);
      left -= taken;
    }
    // The last byte is read all the same: a source that ends before it is seen to be cut off.
    if (left > limits.chunkBytes && this.#chunks.skip && !this.#ended) {
      this.#chunks.skip(left - 1);
      this.#position += left - 1;
      left = 1;
    }
    return left;
  }

  /** Moves on in a body; returns how many bytes are left after the next fill(), 0 where the stream is cut off. */
  skipBody(length: number): number {
    const left = this.skip(length);
    if (left === 0 || !this.#ended) return left;
    this.reportCut(left);
    return 0;
  }

  /** Only after an answer of `undefined`: the chunk in hand is given back to the source. */
  async fill(): Promise<void> {
    const left = this.#chunk.length - this.#at;
    if (this.#ended || this.#heldEnd - this.#heldStart + left >= BLOCK_BYTES) return;
    this.#hold(left);
    this.#chunk = EMPTY;
    this.#at = 0;
    do {
      const next = await this.#iterator.next();
      if (next.done === true) this.#ended = true;
      else this.#chunk = next.value;
    } while (this.#chunk.length === 0 && !this.#ended);
  }

  /** The stream ended where more was promised. Reported once. */
  reportCut(missing: number | undefined): void {
    if (this.#cutReported) return;
    this.#cutReported = true;
    const detail = `the tar stream ends at byte ${this.#position}, before the end of an entry`;
    this.#onProblem(
      missing === undefined ? { reason: 'truncated', detail } : { reason: 'truncated', detail, bytes: missing },
    );
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#chunk = EMPTY;
    this.#at = this.#heldStart = this.#heldEnd = 0;
    await this.#iterator.return?.();
  }

  #consume(length: number): void {
    this.#position += length;
    if (this.#heldEnd > this.#heldStart) this.#heldStart += length;
    else this.#at += length;
  }

  #hold(length: number): void {
    this.#held.copyWithin(0, this.#heldStart, this.#heldEnd);
    this.#heldEnd -= this.#heldStart;
    this.#heldStart = 0;
    this.#chunk.copy(this.#held, this.#heldEnd, this.#at, this.#at + length);
    this.#heldEnd += length;
    this.#at += length;
  }
}
