import RE2 from 're2';

import type { Detector } from './detector.ts';
import { hintSource } from './hint-source.ts';
import { utf8Of } from './utf8-scratch.ts';

/** Where a hint stands in a buffer, in bytes. */
export interface HintSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * All detectors' labels and intrinsic shapes and all formats' markers as one RE2, run over bytes. Its cost does not grow with the number
 * of alternatives, and RE2 takes linear time on any input.
 */
export class Automaton {
  readonly #pattern: RE2;

  /** @param markers - Of the readers' formats. */
  constructor(detectors: readonly Detector[], markers: readonly string[] = []) {
    this.#pattern = new RE2(hintSource(detectors, markers), 'g');
  }

  /** Whether there is any hint. */
  test(bytes: Buffer): boolean {
    this.#pattern.lastIndex = 0;
    return this.#pattern.test(bytes);
  }

  /** The first hint that starts at `from` or later. Bytes before `from` are seen as left context. */
  find(bytes: Buffer, from: number): HintSpan | undefined {
    this.#pattern.lastIndex = from;
    const found = this.#pattern.exec(bytes);
    return found === null ? undefined : { start: found.index, end: found.index + found[0].length };
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
