import { limits } from '../limits.ts';
import type { Field } from '../detect/field.ts';

/** Bytes read at once: twice the longest token and what stands around it. */
export const BLOCK_BYTES: number = 8 * limits.lineBytes;

/**
 * Reads a block that begins at `offset` of the entry, adds to `fields`, and returns how many bytes it is done with; the
 * others come again, with more behind them. When `final`, nothing follows and it is done with all.
 */
export type ReadBlock = (block: Buffer, offset: number, final: boolean, fields: Field[]) => number;

/**
 * Cuts an entry into blocks whose borders depend on offsets alone, however the bytes arrive, so that a reader cannot
 * depend on how they were split.
 */
export class Blocks {
  readonly #read: ReadBlock;
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;
  #offset: number;

  constructor(read: ReadBlock, offset = 0) {
    this.#read = read;
    this.#offset = offset;
  }

  *write(bytes: Buffer): Iterable<Field> {
    let taken = 0;
    while (taken < bytes.length) {
      this.#grow(Math.min(BLOCK_BYTES, this.#length + bytes.length - taken));
      const copied = bytes.copy(this.#buffer, this.#length, taken, taken + BLOCK_BYTES - this.#length);
      taken += copied;
      this.#length += copied;
      if (this.#length < BLOCK_BYTES) return;
      for (const field of this.#pass(false)) yield field;
    }
  }

  *end(): Iterable<Field> {
    for (const field of this.#pass(true)) yield field;
    this.#length = 0;
  }

  #pass(final: boolean): readonly Field[] {
    const fields: Field[] = [];
    const done = this.#read(this.#buffer.subarray(0, this.#length), this.#offset, final, fields);
    // A reader that is done with nothing would be asked for ever.
    const passed = done > 0 ? done : this.#length;
    this.#buffer.copyWithin(0, passed, this.#length);
    this.#length -= passed;
    this.#offset += passed;
    return fields;
  }

  #grow(length: number): void {
    if (length <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, Math.max(length, 2 * this.#buffer.length)));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
