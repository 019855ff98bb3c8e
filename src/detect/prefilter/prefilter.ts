import { PREFILTER_WASM } from './prefilter-wasm.ts';
import { BEGINNING_BYTES } from './beginnings.ts';
import { GRAM_TABLE_BYTES, gramTables } from './gram-table.ts';
import type { TrieNode } from './hint-trie.ts';
import { statesOf } from './states.ts';

/** Offsets in the memory of scripts/wasm/prefilter.ts. */
const STARTS_AT: number = GRAM_TABLE_BYTES;
const GROUPS_AT = 52 * 1024;
const TRANSITIONS_AT: number = GROUPS_AT + 256;

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

  private constructor(next: Next, memory: Uint8Array, stride: number, piece: number) {
    this.#next = next;
    this.#memory = memory;
    this.#stride = stride;
    this.#piece = piece;
  }

  /** Undefined when hints may begin in too many ways. */
  static of(hints: TrieNode): Prefilter | undefined {
    const states = statesOf(hints);
    const grams = gramTables(hints);
    if (states === undefined || grams === undefined) return undefined;
    const tableBytes = TRANSITIONS_AT + states.transitions.byteLength;
    const piece = Math.ceil((tableBytes + 1) / 64) * 64;
    const memory = new WebAssembly.Memory({ initial: Math.ceil((piece + MOST_BYTES + 2 * BEHIND) / PAGE_BYTES) });
    const module = new WebAssembly.Module(Buffer.from(PREFILTER_WASM, 'base64'));
    const { next } = new WebAssembly.Instance(module, { env: { memory } }).exports;
    const bytes = new Uint8Array(memory.buffer);
    bytes.set(grams.grams);
    bytes.set(grams.starts, STARTS_AT);
    bytes.set(states.groups, GROUPS_AT);
    bytes.set(new Uint8Array(states.transitions.buffer), TRANSITIONS_AT);
    return new Prefilter(next as Next, bytes, states.stride, piece);
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
