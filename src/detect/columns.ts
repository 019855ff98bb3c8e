import { limits } from '../limits.ts';
import type { ColumnJudge, ColumnVerdict } from './column-judge.ts';
import type { Field } from './field.ts';
import { trimmed } from './judge.ts';

/** How often rows are held for a column that is mostly empty. */
const MAX_HOLDS = 3;
/** What a field costs beside its characters. */
const FIELD_CHARACTERS = 32;

interface Column {
  readonly labels: readonly string[];
  /** Until the verdict is final. */
  values: string[];
  /** Offset of the value taken last: a cell may come again, decoded. */
  last: number;
  /** First column of its table that was seen. */
  table: number;
  holds: number;
  isFinal: boolean;
  verdict: ColumnVerdict | undefined;
}

/** Holds the first rows of each table, with all that is in them, until its columns are decided; later rows inherit. */
export class Columns {
  readonly #judge: ColumnJudge;
  readonly #emit: (field: Field, column: ColumnVerdict | undefined) => void;
  readonly #columns = new Map<number, Column>();
  readonly #held: Field[] = [];
  #heldCharacters = 0;
  #heldRows = 0;
  #record = -1;
  /** First column of the record. */
  #first = 0;

  /** @param emit - Is called with each field once, in order; the verdict is that of the field's column. */
  constructor(judge: ColumnJudge, emit: (field: Field, column: ColumnVerdict | undefined) => void) {
    this.#judge = judge;
    this.#emit = emit;
  }

  take(field: Field): void {
    const column = this.#columnOf(field);
    const isWaiting = column?.isFinal === false;
    if (this.#held.length === 0 && !isWaiting) {
      this.#emit(field, column === undefined ? undefined : verdictFor(column, field));
      return;
    }
    if (isWaiting && column.last !== field.offset) {
      column.last = field.offset;
      column.values.push(trimmed(field.value));
    }
    if (field.record !== this.#record || this.#held.length === 0) this.#heldRows++;
    this.#record = field.record;
    this.#held.push(field);
    this.#heldCharacters += field.value.length + FIELD_CHARACTERS;
    if (this.#heldRows > limits.columnRows || this.#heldCharacters >= limits.columnCharacters) this.#release();
  }

  /** The entry ends here. */
  end(): void {
    this.#release();
  }

  #columnOf(field: Field): Column | undefined {
    const index = field.columnIndex;
    if (index === undefined) return undefined;
    const known = this.#columns.get(index);
    if (known !== undefined) {
      if (field.record !== this.#record) this.#first = known.table;
      return known;
    }
    if (this.#columns.size >= limits.judgedColumns) return undefined;
    if (field.record !== this.#record || this.#held.length === 0) this.#first = index;
    const { labels } = field;
    const column: Column = {
      labels,
      values: [],
      last: -1,
      table: this.#first,
      holds: 0,
      isFinal: false,
      verdict: undefined,
    };
    this.#columns.set(index, column);
    return column;
  }

  #release(): void {
    if (this.#held.length === 0) return;
    const held = this.#held.splice(0);
    this.#heldCharacters = 0;
    this.#heldRows = 0;
    this.#decide(new Set(held.flatMap(({ columnIndex }) => (columnIndex === undefined ? [] : [columnIndex]))));
    for (const field of held) {
      const column = field.columnIndex === undefined ? undefined : this.#columns.get(field.columnIndex);
      this.#emit(field, column === undefined ? undefined : verdictFor(column, field));
    }
  }

  #decide(touched: ReadonlySet<number>): void {
    const columns = [...touched].flatMap((index) => this.#columns.get(index) ?? []).filter(({ isFinal }) => !isFinal);
    for (const column of columns) {
      column.verdict = this.#judge.verdict(column.labels, column.values);
      column.holds++;
      column.isFinal = column.values.length >= limits.columnRows || column.holds >= MAX_HOLDS;
      if (column.isFinal) column.values = [];
    }
    // Names beside birth dates are persons, though no column says so.
    for (const column of columns) {
      if (!this.#judge.isKind(column.verdict, 'dob')) continue;
      const beside = [...this.#columns.values()].filter(({ table }) => table === column.table);
      if (!beside.some(({ verdict }) => this.#judge.isKind(verdict, 'name'))) continue;
      column.verdict = column.verdict?.map((candidate) => ({ ...candidate, strong: true }));
    }
  }
}

/** A reader may give a cell labels of its own. */
function verdictFor(column: Column, { labels }: Field): ColumnVerdict | undefined {
  const isSame =
    labels === column.labels ||
    (labels.length === column.labels.length && labels.every((label, index) => label === column.labels[index]));
  return isSame ? column.verdict : undefined;
}
