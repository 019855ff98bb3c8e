import type { Field } from '../../detect/field.ts';
import { limits } from '../../limits.ts';
import { decodeLatin1 } from '../charset.ts';
import type { SqlTable } from './columns.ts';
import { rowPlace, type ValuePlace } from './place.ts';
import { unescapeSql } from './value.ts';

/** Takes the cells. Indexes are of the text read. */
export interface CopySink {
  nextRecord(): number;
  cell(start: number, text: string, span: Field['span'], place: ValuePlace): void;
  /** Part of a cell that is too long to be held. */
  run(start: number, end: number, place: ValuePlace): void;
}

/** The rows behind `COPY ... FROM stdin;`, up to `\.` (PostgreSQL, COPY, file formats: text). */
export class CopyRows {
  /** The line that ends the rows was read. */
  isOver = false;
  readonly #table: SqlTable;
  readonly #delimiter: string;
  readonly #sink: CopySink;
  #index = 0;
  #record = 0;
  #text = '';
  /** The next of each in the text, at or behind the place read. */
  #newline = -1;
  #separator = -1;

  constructor(table: SqlTable, delimiter: string, sink: CopySink) {
    this.#table = table;
    this.#delimiter = delimiter;
    this.#sink = sink;
  }

  /** Reads one cell; returns the index behind it, or `at` when more bytes are needed. */
  read(text: string, at: number, final: boolean): number {
    if (this.#record === 0) {
      if (text.length - at < 3 && !final) return at;
      if (text.startsWith('\\.', at) && /[\r\n]|^$/.test(text.charAt(at + 2))) {
        this.isOver = true;
        return at + 2;
      }
      this.#record = this.#sink.nextRecord();
      this.#table.rows++;
      this.#index = 0;
    }
    return this.#cell(text, at, final);
  }

  #cell(text: string, at: number, final: boolean): number {
    if (text !== this.#text) {
      this.#text = text;
      this.#newline = this.#separator = -1;
    }
    if (this.#newline < at) this.#newline = indexOf(text, '\n', at);
    if (this.#separator < at) this.#separator = indexOf(text, this.#delimiter, at);
    const end = Math.min(this.#newline, this.#separator, text.length);
    const place = rowPlace(this.#table, this.#index, this.#record);
    if (end - at > limits.lineBytes) {
      this.#sink.run(at, at + limits.lineBytes, place);
      return at + limits.lineBytes;
    }
    if (end === text.length && !final) return at;
    this.#emit(text, at, end, place);
    if (end === this.#separator) {
      this.#index++;
    } else {
      this.#record = 0;
    }
    return end + 1;
  }

  #emit(text: string, from: number, to: number, place: ValuePlace): void {
    let [start, end] = [from, to];
    if (text.charAt(end - 1) === '\r' && end > start) end--;
    if (this.#delimiter === ',' && end - start > 1 && text.charAt(start) === '"' && text.charAt(end - 1) === '"') {
      start++;
      end--;
    }
    if (start >= end || (end - start === 2 && text.startsWith('\\N', start))) return;
    const decoded = decodeLatin1(text.slice(start, end));
    const meant = decoded.text.includes('\\') ? unescapeSql(decoded.text) : decoded.text;
    this.#sink.cell(start, meant, meant === decoded.text ? decoded.span : 'fixed', place);
  }
}

function indexOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? Number.POSITIVE_INFINITY : found;
}
