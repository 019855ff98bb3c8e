import { TextReading } from '../read/text.ts';
import { offsetOf } from '../detect/field-scan.ts';
import type { Judge, Match } from '../detect/judge.ts';
import type { Labels } from '../detect/labels.ts';

/** A part of the text's UTF-8 that gives way to a mask. */
interface Cut {
  readonly start: number;
  readonly end: number;
  readonly mask: string;
}

/** What comes again soon is paths, instructions and names; longer texts do not. */
const MAX_REMEMBERED_CHARS = 512;
const MAX_REMEMBERED_TEXTS = 64;
/** Behind `member_id_` a value that a letter begins is read as a part of the word, as in `member_id_seq`; and behind `2024/`
 * a number as a part of a date. In a path both may be values. */
const JOINED = /[_/].*\d/s;
/** What looks like a word then may be one: only numbers are masked. */
const NUMBER = /\d(?:.*\d){3}/;
const BREAK = /[\s"'`,;()<>[\]{}]/;

/** Replaces values in free text (paths, instructions, error messages). */
export class TextMask {
  readonly #judge: Judge;
  readonly #labels: Labels;
  readonly #remembered = new Map<string, string>();

  constructor(judge: Judge, labels: Labels) {
    this.#judge = judge;
    this.#labels = labels;
  }

  mask(text: string): string {
    const remembered = text === '' ? '' : this.#remembered.get(text);
    if (remembered !== undefined) return remembered;
    const masked = this.#masked(text);
    if (this.#remembered.size >= MAX_REMEMBERED_TEXTS) this.#remembered.clear();
    if (text.length <= MAX_REMEMBERED_CHARS) this.#remembered.set(text, masked);
    return masked;
  }

  #masked(text: string): string {
    const bytes = Buffer.from(text);
    const cuts = this.#matches(bytes).map((match) => cutOf(match, bytes));
    if (JOINED.test(text)) {
      // As long as the text in bytes, so that the places are the same.
      for (const match of this.#matches(Buffer.from(text.replaceAll('_', ' ').replaceAll('/', '\n')))) {
        if (NUMBER.test(match.value)) cuts.push(cutOf(match, bytes));
      }
    }
    if (cuts.length === 0) return text;
    cuts.sort((a, b) => a.start - b.start || b.end - a.end);
    let masked = '';
    let done = 0;
    for (const { start, end, mask } of cuts) {
      if (start >= done) masked += bytes.toString('utf8', done, start) + mask;
      done = Math.max(done, end);
    }
    return masked + bytes.toString('utf8', done);
  }

  #matches(bytes: Buffer): readonly Match[] {
    const reading = new TextReading(this.#labels);
    const matches: Match[] = [];
    for (const fields of [reading.read(bytes, { offset: 0, line: 1 }), reading.end()]) {
      for (const field of fields) matches.push(...this.#judge.judge(field));
    }
    return matches;
  }
}

function cutOf(match: Match, bytes: Buffer): Cut {
  const start = offsetOf(match);
  const { mask } = match.detector;
  if (match.field.span !== 'fixed') return { start, end: start + Buffer.byteLength(match.value), mask };
  // The value was decoded from something else, which ends where a word does.
  const rest = bytes.toString('utf8', start);
  const length = rest.search(BREAK);
  return { start, end: length < 0 ? bytes.length : start + Buffer.byteLength(rest.slice(0, length)), mask };
}
