import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { limits } from '../../limits.ts';
import { addLeaf } from '../json-leaf.ts';
import type { RecordNumbers } from '../record-numbers.ts';

/** Longest text of a cell that is a header. */
const HEADER_CHARS = 80;
/** Rows above a header: titles, dates, filters. */
const TITLE_ROWS = 20;

/** A cell; `isText` is false for numbers, dates and truth values. */
export interface Cell {
  readonly column: number;
  readonly value: string;
  readonly isText: boolean;
}

/** Turns the rows of one table into fields: a header names the columns, or the cell before a value names it. */
export class RowFields {
  readonly #vocabulary: Vocabulary;
  readonly #numbers: RecordNumbers;
  /** Of the first column. */
  readonly #firstColumn: number;
  #headers: ReadonlyMap<number, readonly string[]> | undefined;
  #rows = 0;
  /** Of a form: its rows are one person's. */
  #form = 0;

  constructor(vocabulary: Vocabulary, numbers: RecordNumbers, firstColumn: number) {
    this.#vocabulary = vocabulary;
    this.#numbers = numbers;
    this.#firstColumn = firstColumn;
  }

  /** `offset` tells rows apart. `row` counts from 1. */
  read(cells: readonly Cell[], row: number, offset: number): readonly Field[] {
    const filled = cells.filter(({ value }) => value.trim() !== '');
    const fields: Field[] = [];
    if (filled.length === 0) return fields;
    this.#rows++;
    if (this.#headers === undefined && this.#rows <= TITLE_ROWS && this.#isHeader(filled)) {
      this.#headers = new Map(filled.map(({ column, value }) => [column, [value.trim()]]));
      return fields;
    }
    const isForm = this.#headers === undefined;
    if (isForm && this.#form === 0) this.#form = this.#numbers.next();
    const record = isForm ? this.#form : this.#numbers.next();
    let label: readonly string[] = [];
    for (const [index, { column, value }] of filled.entries()) {
      const labels = this.#headers?.get(column) ?? label;
      const place = { record, row, offset: offset + index, line: row, column: column + 1, span: 'fixed' as const };
      const tie = labels.length === 0 ? 'bare' : isForm ? 'key' : 'column';
      const cell: Field = { value: value.slice(0, limits.lineBytes), labels, tie, ...place };
      addLeaf(fields, isForm ? cell : { ...cell, columnIndex: this.#firstColumn + column }, this.#vocabulary);
      label = isForm && this.#isLabel(value) ? [value.trim().replace(/[:\s]+$/, '')] : [];
    }
    return fields;
  }

  /** At least two short texts and nothing else; a label and its value are a form. */
  #isHeader(cells: readonly Cell[]): boolean {
    if (cells.length < 2) return false;
    if (!cells.every(({ value, isText }) => isText && value.length <= HEADER_CHARS && !/\d{3}|:\s*$/.test(value)))
      return false;
    const known = cells.filter(({ value }) => this.#isLabel(value));
    return cells.length > 2 || known.length !== 1;
  }

  #isLabel(value: string): boolean {
    return value.length <= HEADER_CHARS && this.#vocabulary.find(value).length > 0;
  }
}
