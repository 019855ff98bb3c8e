import { isAscii } from 'node:buffer';
import type { Field } from '../detect/field.ts';
import { limits } from '../limits.ts';
import { Blocks } from './blocks.ts';
import { decodeLatin1 } from './charset.ts';
import { Cursor } from './cursor.ts';
import { addCell, addNotes } from './cell.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import type { Reader, Reading } from './reader.ts';
import { PairedColumns } from './paired-columns.ts';
import { RecordNumbers } from './record-numbers.ts';
import { tableHead, type TableHead } from './table-head.ts';
import { ROW_BYTES, RowScanner } from './table-row.ts';
import { TableRules } from './table-rules.ts';
import { TextReading } from './text.ts';
import { resumeAtLine } from './resume.ts';

/** Tables of delimited text: CSV, TSV, pipes, semicolons. */
export const table: Reader = {
  id: 'table',
  recognizes: (head) => tableHead(head) !== undefined,
  // Lines of a log may look like a table without names; read as text, they lose nothing.
  resume: (head, before) =>
    tableHead({ path: '', bytes: head, whole: false })?.named === true ? resumeAtLine(head, before) : undefined,
  open: (head, vocabulary) =>
    new TableReading(tableHead(head) ?? { delimiter: ',', start: 0, skip: 0, named: false }, vocabulary),
};

/** Longest column name that is kept. */
const NAME_CHARS = 256;
/** Longest row of names that is seen to come again. */
const HEADER_CHARS = 4096;
/** A cell may hold its own label, where its column has none that says anything: `SSN: ...`, and not the time of day. */
const OWN_LABEL = /[A-Za-z]{2}["']?\s?[:=]/;

const UNNAMED: readonly string[] = [];

class TableReading implements Reading {
  readonly #head: TableHead;
  readonly #vocabulary: Vocabulary;
  readonly #blocks: Blocks;
  readonly #rows: RowScanner;
  readonly #numbers = new RecordNumbers();
  readonly #cursor = new Cursor();
  readonly #prose: TextReading;
  /** Labels of each column; undefined until the header was read. */
  #columns: readonly (readonly string[])[] | undefined;
  /** Of each column whether its name says nothing. */
  #plain: readonly boolean[] = [];
  #pairs: PairedColumns | undefined;
  /** Number of the table's first column: another table may come before it in the entry. */
  #firstColumn = 0;
  /** The row of names, which may come again where files were put together. */
  #header = '';
  readonly #rules: TableRules;
  #row = 0;
  /** Offset up to which quotes are characters: a quote before it is never closed. */
  #literalEnd = 0;
  /** Inside a line that is too long for a row. */
  #inLine = false;

  // The block, and what holds for it.
  #text = '';
  #offset = 0;
  #ascii = true;

  constructor(head: TableHead, vocabulary: Vocabulary) {
    this.#head = head;
    this.#vocabulary = vocabulary;
    this.#rows = new RowScanner(head.delimiter);
    this.#rules = new TableRules(head.delimiter);
    this.#prose = new TextReading(vocabulary, this.#numbers);
    if (!head.named) this.#columns = [];
    this.#blocks = new Blocks((block, offset, final, fields) => this.#take(block, offset, final, fields));
  }

  write(bytes: Buffer): Iterable<Field> {
    return this.#blocks.write(bytes);
  }

  end(): Iterable<Field> {
    return this.#blocks.end();
  }

  #take(block: Buffer, offset: number, final: boolean, fields: Field[]): number {
    this.#text = block.toString('latin1');
    this.#offset = offset;
    this.#ascii = isAscii(block);
    this.#cursor.load(this.#text, offset, this.#ascii);
    this.#rows.load(this.#text, final);
    let at = offset === 0 ? this.#preamble(block, fields) : 0;
    while (at < block.length) {
      if (this.#inLine) {
        const end = this.#lineEnd(at, final);
        if (end === at) break;
        this.#line(block.subarray(at, end), at, fields);
        at = end;
        continue;
      }
      const literal = offset + at < this.#literalEnd;
      const no = this.#rows.scan(at, literal);
      if (no === 'more') break;
      if (no === undefined) {
        if (!final && this.#rules.needsMore(this.#text, this.#rows.end)) break;
        this.#emit(at, fields);
        at = Math.min(this.#rows.end, block.length);
      } else if (literal || !this.#endsInReach(at)) {
        this.#inLine = true;
      } else {
        // What was searched for the closing quote is not searched again: the time stays linear.
        this.#literalEnd = offset + Math.min(at + ROW_BYTES, block.length);
      }
    }
    this.#cursor.seek(at);
    return at;
  }

  /** Titles and comments above the table. */
  #preamble(block: Buffer, fields: Field[]): number {
    const { start, skip } = this.#head;
    const end = Math.min(skip, block.length);
    if (end <= start) return end;
    this.#line(block.subarray(start, end), start, fields);
    // The top of a frame belongs to the table.
    this.#rules.isRule(this.#text, Math.max(start, this.#text.lastIndexOf('\n', end - 2) + 1), end);
    this.#inLine = false;
    return end;
  }

  #endsInReach(at: number): boolean {
    const newline = this.#text.indexOf('\n', at);
    return (newline < 0 ? this.#text.length : newline) - at <= ROW_BYTES;
  }

  /** The end of a line's next part: its newline, or whole runs. */
  #lineEnd(at: number, final: boolean): number {
    const newline = this.#text.indexOf('\n', at);
    if (newline >= 0) return newline + 1;
    const rest = this.#text.length - at;
    return final ? this.#text.length : at + rest - (rest % limits.lineBytes);
  }

  #line(bytes: Buffer, at: number, fields: Field[]): void {
    this.#cursor.seek(at);
    for (const field of this.#prose.read(bytes, { offset: this.#offset + at, line: this.#cursor.line })) {
      fields.push(field);
    }
    if (this.#text[at + bytes.length - 1] === '\n') this.#inLine = false;
  }

  #emit(at: number, fields: Field[]): void {
    const { cells, end } = this.#rows;
    if (cells.length === 2 && cells[0] === cells[1]) return;
    if (this.#rules.isRule(this.#text, at, end)) return;
    if (this.#header !== '' && this.#text.startsWith(this.#header, at)) return;
    const record = this.#numbers.next();
    if (this.#rules.headsTable(this.#text, end) || this.#columns === undefined) {
      this.#firstColumn += this.#columns?.length ?? 0;
      this.#columns = this.#names(record, fields);
      this.#plain = this.#columns.map(([name = '']) => this.#vocabulary.find(name).length === 0);
      this.#pairs = new PairedColumns(
        this.#columns.map(([name = '']) => name),
        this.#vocabulary,
      );
      this.#header = end - at <= HEADER_CHARS ? this.#text.slice(at, end) : '';
      return;
    }
    const row = ++this.#row;
    for (let index = 0; index < cells.length; index += 2) {
      const cell = this.#cell(index, this.#columns[index >> 1] ?? UNNAMED, record, row);
      if (cell === undefined) continue;
      const field = this.#typed(cell, index >> 1);
      const before = fields.length;
      addCell(fields, field, this.#vocabulary);
      const isNotes =
        (cells.length === 2 && this.#columns.length > 1) ||
        (this.#plain[index >> 1] !== false && OWN_LABEL.test(field.value));
      if (isNotes && fields.length === before + 1) addNotes(fields, field, this.#vocabulary);
    }
  }

  /** With the label that another cell of the row gives it, when one does. */
  #typed(cell: Field, column: number): Field {
    const type = this.#pairs?.typeOf(column);
    if (type === undefined) return cell;
    const text = this.#text.slice(this.#rows.cells[2 * type], this.#rows.cells[2 * type + 1]);
    const labels = this.#pairs?.labelsOf(text) ?? UNNAMED;
    if (labels.length === 0) return cell;
    // The cells of the column are not of one kind.
    const { columnIndex, ...rest } = cell;
    return { ...rest, labels: [...labels, ...cell.labels] };
  }

  #cell(index: number, labels: readonly string[], record: number, row: number): Field | undefined {
    const start = this.#rows.cells[index] ?? 0;
    const end = this.#rows.cells[index + 1] ?? 0;
    if (start >= end) return undefined;
    const raw = this.#text.slice(start, end);
    const column = this.#cursor.seek(start);
    const decoded = this.#ascii ? { text: raw, span: 'bytes' as const } : decodeLatin1(raw);
    const doubled = this.#rows.doubled.size > 0 && this.#rows.doubled.has(index);
    return {
      value: doubled ? decoded.text.replaceAll('""', '"') : decoded.text,
      labels,
      tie: 'column',
      record,
      row,
      columnIndex: this.#firstColumn + (index >> 1),
      offset: this.#offset + start,
      line: this.#cursor.line,
      column,
      span: doubled ? 'fixed' : decoded.span,
    };
  }

  /** The header's names; as text they are fields too. */
  #names(record: number, fields: Field[]): readonly (readonly string[])[] {
    const names: (readonly string[])[] = [];
    for (let index = 0; index < this.#rows.cells.length; index += 2) {
      const field = this.#cell(index, UNNAMED, record, 0);
      names.push(field === undefined ? UNNAMED : [field.value.slice(0, NAME_CHARS)]);
      if (field === undefined) continue;
      const { row, columnIndex, ...name } = field;
      fields.push({ ...name, tie: 'bare' });
    }
    return names;
  }
}
