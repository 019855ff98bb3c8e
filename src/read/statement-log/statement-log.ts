import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { addDecoded, type LinePlace } from '../line-fields.ts';
import { isLogLine } from '../log-line.ts';
import type { RecordNumbers } from '../record-numbers.ts';
import { type BoundLine, boundLine } from './parameters.ts';
import { placeholderLabels, type PlaceholderLabels } from './placeholders.ts';

/** Lines in which a statement is looked for before its values, or behind them. */
const REACH = 40;
/** Longer lines hold no statement that was logged. */
const LINE_CHARS = 8192;
const STATEMENT =
  /\b(?:insert(?:\s+into\b|\s*$)|update(?:\s+\S{1,130}\s+(?:\w{1,60}\s+)?set\b|\s*$)|delete(?:\s+from\b|\s*$)|select(?:\s|$)|merge\s+into\b|replace\s+into\b)/i;
/** What stands alone above a statement: `Hibernate:`. */
const CAPTION = /:\s*$/;
/** What stands before a statement inside of another, or before the first word of a line. */
const INSIDE = /^\s*$|\(\s*$|\b(?:union|all|except|intersect|as)\s+$/i;
const NOTHING: readonly Field[] = [];

/** A line of parameters whose statement follows. */
interface Waiting {
  readonly line: string;
  readonly place: LinePlace;
  readonly bound: BoundLine;
  readonly record: number;
  readonly told: Set<string>;
  text: string;
  lines: number;
}

/**
 * Values that a program logs apart from the statement that they were bound to. The statement says which column each is of.
 * Remembers the last lines, since most lines of parameters stand below their statement.
 */
export class StatementLog {
  readonly #vocabulary: Vocabulary;
  readonly #numbers: RecordNumbers;
  #before: string[] = [];
  #labels: PlaceholderLabels | undefined;
  #record = 0;
  /** Highest number of the placeholders in the open record. */
  #last = 0;
  #waiting: Waiting | undefined;

  constructor(vocabulary: Vocabulary, numbers: RecordNumbers) {
    this.#vocabulary = vocabulary;
    this.#numbers = numbers;
  }

  /** What stood before has no bearing on what follows. */
  leave(): void {
    this.#before = [];
    this.#labels = undefined;
    this.#waiting = undefined;
  }

  /** The values in the next line, each with its column as label. */
  read(line: string, place: LinePlace): readonly Field[] {
    const bound = boundLine(line);
    if (bound === undefined || bound.parameters.length === 0) {
      if (line.length <= LINE_CHARS) this.#before.push(line);
      if (this.#before.length > REACH) this.#before.shift();
      return this.#waiting === undefined ? NOTHING : this.#told(this.#waiting, line.slice(0, LINE_CHARS));
    }
    if (bound.isAhead) {
      const record = this.#numbers.next();
      this.#waiting = { line, place, bound, record, told: new Set(), text: '', lines: 0 };
      return NOTHING;
    }
    const sql = this.#statement(line.slice(0, bound.start));
    if (sql !== undefined) {
      this.#labels = placeholderLabels(sql);
      this.#last = Infinity;
    }
    this.#before = [];
    return this.#labels === undefined ? NOTHING : this.#fields(line, place, bound, this.#labels);
  }

  #fields(line: string, place: LinePlace, { parameters }: BoundLine, labels: PlaceholderLabels): readonly Field[] {
    const fields: Field[] = [];
    let row = 0;
    for (const parameter of parameters) {
      const number = Number(parameter.key);
      if (number <= this.#last || parameter.row > row) this.#record = this.#numbers.next();
      this.#last = Number.isNaN(number) ? 0 : number;
      row = parameter.row;
      const meant = labels.get(parameter.key);
      if (meant !== undefined) this.#add(fields, line, place, { ...parameter, labels: meant, record: this.#record });
    }
    return fields;
  }

  #add(
    fields: Field[],
    text: string,
    { offset, line, column, span }: LinePlace,
    value: {
      readonly start: number;
      readonly end: number;
      readonly labels: readonly string[];
      readonly record: number;
    },
  ): void {
    const { start, end, labels, record } = value;
    if (end <= start) return;
    const before = span === 'utf8' ? Buffer.byteLength(text.slice(0, start)) : start;
    const place =
      span === 'fixed' ? { offset, line, column } : { offset: offset + before, line, column: column + start };
    const field: Field = { value: text.slice(start, end), labels, tie: 'key', record, ...place, span };
    fields.push(field);
    addDecoded(fields, field, this.#vocabulary);
  }

  /** The values that the statement so far says the columns of. */
  #told(waiting: Waiting, line: string): readonly Field[] {
    const fields: Field[] = [];
    waiting.text += `${line}\n`;
    if (++waiting.lines > REACH || isLogLine(line)) this.#waiting = undefined;
    else if (line.includes('@')) {
      const labels = placeholderLabels(waiting.text);
      for (const { key, start, end } of waiting.bound.parameters) {
        const meant = labels.get(key);
        if (meant === undefined || waiting.told.has(key)) continue;
        waiting.told.add(key);
        this.#add(fields, waiting.line, waiting.place, { start, end, labels: meant, record: waiting.record });
      }
    }
    return fields;
  }

  /** The statement on the same line, or the nearest one above. */
  #statement(line: string): string | undefined {
    const here = line.search(STATEMENT);
    if (here >= 0) return line.slice(here);
    let first: string | undefined;
    const below: string[] = [];
    for (const before of this.#before.toReversed()) {
      const start = before.search(STATEMENT);
      const isLog = isLogLine(before);
      const ends = isLog || CAPTION.test(before) || (start > 0 && !INSIDE.test(before.slice(0, start)));
      if (start >= 0) first = [before.slice(start), ...below].join('\n');
      if (ends && first !== undefined) return first;
      if (isLog) below.length = 0;
      else below.unshift(before);
    }
    return first;
  }
}
