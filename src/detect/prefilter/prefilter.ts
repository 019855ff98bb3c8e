import { PREFILTER_WASM } from './prefilter-wasm.ts';
import { BEGINNING_BYTES } from './beginnings.ts';
import type { PrefilterTables } from './prefilter-tables.ts';

/** The first bytes that are searched, and the most at once: what is copied at once should stay in the processor's cache. */
const FIRST_BYTES = 4 * 1024;
const MOST_BYTES = 16 * 1024;
const GROWTH = 4;
/** Bytes behind a piece that may be looked at: those of a beginning and of a step. */
const BEHIND = 64;
/** Stands for the beginning and the end of the text, which a hint may ask for. */
const LINE_FEED = 10;
const PAGE_BYTES = 64 * 1024;

type Next = (from: number, end: number, stride: number) => number;

/**
 * Finds the places where a match could begin, faster than RE2 does: each run of four bytes is looked up by its hash, and
 * where that fits, a small automaton looks at the first `BEGINNING_BYTES`. It misses no match, and passes few other places.
 */
export class Prefilter {
  readonly #next: Next;
  readonly #memory: Uint8Array;
  readonly #stride: number;
  readonly #piece: number;

  constructor(tables: PrefilterTables) {
    this.#stride = tables.stride;
    this.#piece = Math.ceil((tables.memory.length + 1) / 64) * 64;
    const bytes = this.#piece + MOST_BYTES + 2 * BEHIND;
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
    const module = new WebAssembly.Module(Buffer.from(PREFILTER_WASM, 'base64'));
    this.#next = new WebAssembly.Instance(module, { env: { memory } }).exports['next'] as Next;
    this.#memory = new Uint8Array(memory.buffer);
    this.#memory.set(tables.memory);
  }

  /**
   * The first place at `from` or later where a match may begin, or one byte before it (the line feed that `^` asks for);
   * undefined where there is none.
   */
  find(bytes: Uint8Array, from: number): number | undefined {
    let size = FIRST_BYTES;
    for (let start = from; start < bytes.length; start += size, size = Math.min(size * GROWTH, MOST_BYTES)) {
      const end = Math.min(start + size, bytes.length);
      const loaded = bytes.subarray(start, end + BEGINNING_BYTES);
      this.#memory.set(loaded, this.#piece);
      this.#memory[this.#piece - 1] = LINE_FEED;
      const behind = this.#piece + loaded.length;
      this.#memory.fill(LINE_FEED, behind, behind + BEHIND);
      const found = this.#next(start === 0 ? this.#piece - 1 : this.#piece, this.#piece + end - start, this.#stride);
      if (found >= 0) return Math.max(0, start + found - this.#piece);
    }
    return undefined;
  }
}
