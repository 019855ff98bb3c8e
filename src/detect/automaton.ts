import RE2 from 're2';

import { limits } from '../limits.ts';
import type { Detector } from './detector.ts';
import type { HintSearch, HintSpan } from './hint-search.ts';
import { Prefilter } from './prefilter/prefilter.ts';
import { type PreparedHints, preparedHints } from './prepared-hints.ts';
import { utf8Of } from './utf8-scratch.ts';

/** Searched without a prefilter, where that is still to be made. */
const WITHOUT_PREFILTER_BYTES = 8 * 1024 * 1024;
/** Bytes before a candidate that a hint's first boundary may look at, and of a character that is cut. */
const CONTEXT_BYTES = 8;
/** Bytes behind the start of a candidate: the longest hint, and what its last boundary looks at. */
const REACH_BYTES: number = limits.hintBytes + 2 * CONTEXT_BYTES;

/**
 * All detectors' labels and intrinsic shapes and all formats' markers as RE2, run over bytes. Its cost does not grow with the
 * number of alternatives, and it takes linear time on any input. A prefilter says where to look.
 */
export class Automaton implements HintSearch {
  readonly #hints: PreparedHints;
  readonly #patterns: readonly HintPattern[];
  /** All of them together: at one place they have far fewer states than where each place may begin one. */
  #here: RE2 | undefined;
  #prefilter: Prefilter | undefined;
  /** Bytes to search until a prefilter is made. */
  #untilPrefilter: number;

  /** @param markers - Of the readers' formats. */
  constructor(detectors: readonly Detector[], markers: readonly string[] = []) {
    this.#hints = preparedHints(detectors, markers);
    this.#patterns = this.#hints.sources.map((source) => new HintPattern(source));
    this.#untilPrefilter = this.#hints.ready ? 1 : WITHOUT_PREFILTER_BYTES;
  }

  test(bytes: Buffer): boolean {
    if (this.#prefilterFor(bytes.length) !== undefined) return this.find(bytes, 0) !== undefined;
    return this.#patterns.some((pattern) => pattern.test(bytes));
  }

  find(bytes: Buffer, from: number): HintSpan | undefined {
    const prefilter = this.#prefilterFor(bytes.length - from);
    if (prefilter === undefined) return this.#search(bytes, from);
    for (let at = Math.max(0, from - 1); ;) {
      const candidate = prefilter.find(bytes, at);
      if (candidate === undefined) return undefined;
      const start = Math.max(0, candidate - CONTEXT_BYTES);
      const around = bytes.subarray(start, candidate + REACH_BYTES);
      // Where a candidate begins with the byte beside a boundary, its hint is behind that.
      for (let place = Math.max(from, candidate); place <= candidate + 1; place++) {
        const end = this.#endAt(around, place - start);
        if (end !== undefined) return { start: place, end: end + start };
      }
      at = candidate + 1;
    }
  }

  #prefilterFor(bytes: number): Prefilter | undefined {
    if (this.#untilPrefilter > 0) {
      this.#untilPrefilter -= bytes;
      if (this.#untilPrefilter > 0) return undefined;
      const tables = this.#hints.tables();
      if (tables !== undefined) this.#prefilter = new Prefilter(tables);
    }
    return this.#prefilter;
  }

  /** Where the hint ends that begins at `place`. */
  #endAt(bytes: Buffer, place: number): number | undefined {
    const here = (this.#here ??= new RE2(this.#hints.sources.map((source) => `(?:${source})`).join('|'), 'y'));
    here.lastIndex = place;
    return here.test(bytes) ? here.lastIndex : undefined;
  }

  #search(bytes: Buffer, from: number): HintSpan | undefined {
    let first: HintSpan | undefined;
    for (const pattern of this.#patterns) {
      const hint = pattern.find(bytes, from);
      if (hint !== undefined && (first === undefined || hint.start < first.start)) first = hint;
    }
    return first;
  }
}

/** Some of the hints as one RE2. `exec` would copy what it finds (1.8 µs); `test` and `search` tell where it is (0.3 µs). */
class HintPattern {
  readonly #source: string;
  /** Made when first needed: a prefilter often finds nothing, and then there is nothing to search. */
  #somewhere: RE2 | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  test(bytes: Buffer): boolean {
    const pattern = (this.#somewhere ??= new RE2(this.#source, 'g'));
    pattern.lastIndex = 0;
    return pattern.test(bytes);
  }

  /** The first hint that starts at `from` or later. */
  find(bytes: Buffer, from: number): HintSpan | undefined {
    const pattern = (this.#somewhere ??= new RE2(this.#source, 'g'));
    pattern.lastIndex = from;
    if (!pattern.test(bytes)) return undefined;
    const end = pattern.lastIndex;
    // One byte of left context is all that a hint looks at; at the very start of what is searched it would be missing.
    const base = Math.max(0, Math.max(from, end - limits.hintBytes) - 1);
    const start = pattern.search(bytes.subarray(base));
    if (start > 0 || (from === 0 && base === 0)) return { start: base + start, end };
    pattern.lastIndex = from;
    const found = pattern.exec(bytes);
    return found === null ? undefined : { start: found.index, end: found.index + found[0].length };
  }
}

/** A pattern that bytes have or do not have. */
export class BytePattern {
  readonly #source: string;
  #pattern: RE2 | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  test(bytes: Buffer): boolean {
    this.#pattern ??= new RE2(this.#source);
    return this.#pattern.test(bytes);
  }
}

/** A detector's shape, in linear time whatever the shape is. */
export class Shape {
  readonly #source: string;
  // Compiled when first needed: most entries need none.
  #whole: RE2 | undefined;
  #search: RE2 | undefined;
  #somewhere: RE2 | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  /** Whether the whole text has the shape. Throws SyntaxError when the source is not RE2 syntax. */
  test(text: string): boolean {
    this.#whole ??= new RE2(`^(?:${this.#source})$`);
    return this.#whole.test(utf8Of(text));
  }

  /** Whether any part of the text has the shape. Cheaper than `find`. */
  isIn(text: string): boolean {
    this.#somewhere ??= new RE2(this.#source);
    return this.#somewhere.test(utf8Of(text));
  }

  /** Indexes of the first part of the text, at `from` or later, that has the shape. Throws as `test` does. */
  find(text: string, from: number): HintSpan | undefined {
    this.#search ??= new RE2(this.#source, 'g');
    const bytes = utf8Of(text);
    const isAscii = bytes.length === text.length;
    this.#search.lastIndex = isAscii ? from : Buffer.byteLength(text.slice(0, from));
    if (from === 0 && isAscii) {
      if (!this.#search.test(bytes)) return undefined;
      const end = this.#search.lastIndex;
      return { start: this.#search.search(bytes), end };
    }
    const found = this.#search.exec(bytes);
    if (found === null) return undefined;
    const start = isAscii ? found.index : bytes.toString('utf8', 0, found.index).length;
    return { start, end: start + (isAscii ? found[0].length : found[0].toString().length) };
  }
}

/** RE2's own words for what is wrong with a source, without the source; undefined when nothing is. */
export function shapeFault(source: string): string | undefined {
  try {
    // By itself first: `a)(?:b` is right only between parentheses.
    new RE2(source).test('');
    // One element: the match itself. More are groups that capture.
    return new RE2(`(?:${source})|`).exec('')?.length === 1 ? undefined : 'a group captures: write (?:...) for (...)';
  } catch (error) {
    const words = error instanceof Error ? /^[^:]{1,60}/.exec(error.message)?.[0] : undefined;
    return words === undefined ? 'not RE2 syntax' : `not RE2 syntax: ${words.trim()}`;
  }
}
