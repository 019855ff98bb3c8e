import { limits } from '../limits.ts';

/** Collects small pieces into buffers of `limits.chunkBytes`. What `take` gives is valid until the next `add`. */
export class Gather {
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;

  get full(): boolean {
    return this.#length >= limits.chunkBytes;
  }

  add(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length, Math.min(2 * this.#buffer.length, 2 * limits.chunkBytes)));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    this.#buffer.set(piece, this.#length);
    this.#length = length;
  }

  /** Empties it, in pieces of at most `limits.chunkBytes`. */
  *take(): Generator<Buffer> {
    const length = this.#length;
    this.#length = 0;
    for (let at = 0; at < length; at += limits.chunkBytes) {
      yield this.#buffer.subarray(at, Math.min(at + limits.chunkBytes, length));
    }
  }
}
