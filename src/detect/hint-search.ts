import { limits } from '../limits.ts';

/** Where a hint stands in a buffer, in bytes. */
export interface HintSpan {
  readonly start: number;
  readonly end: number;
}

/** What finds hints in bytes. */
export interface HintSearch {
  /** Whether there is any hint. */
  test(bytes: Buffer): boolean;
  /** The first hint that starts at `from` or later. Bytes before `from` are seen as left context. */
  find(bytes: Buffer, from: number): HintSpan | undefined;
}

/** Bytes behind the start of a hint that decide on one that starts before it: the longest, and what its boundary looks at. */
const REACH_BYTES: number = limits.hintBytes + 16;

/** Two sets of hints. Each search of the second goes no further than the first has found one: all of them together look at every byte once. */
export class JointSearch implements HintSearch {
  readonly #first: HintSearch;
  readonly #second: HintSearch;

  constructor(first: HintSearch, second: HintSearch) {
    this.#first = first;
    this.#second = second;
  }

  test(bytes: Buffer): boolean {
    return this.#first.test(bytes) || this.#second.test(bytes);
  }

  find(bytes: Buffer, from: number): HintSpan | undefined {
    const hint = this.#first.find(bytes, from);
    if (hint === undefined) return this.#second.find(bytes, from);
    const other = this.#second.find(bytes.subarray(0, hint.start + REACH_BYTES), from);
    return other !== undefined && other.start < hint.start ? other : hint;
  }
}
