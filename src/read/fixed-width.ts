import type { Field } from '../detect/field.ts';
import { limits } from '../limits.ts';
import { Blocks } from './blocks.ts';
import { addCell } from './cell.ts';
import { decodeBytes } from './charset.ts';
import { DASHES, fixedWidthHead, type FixedColumn, type FixedWidthHead } from './fixed-width-head.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import type { Reader, Reading } from './reader.ts';
import { RecordNumbers } from './record-numbers.ts';
import { TextReading } from './text.ts';

/** Tables whose columns are places in the line: extracts of mainframes, reports, the output of database shells. */
export const fixedWidth: Reader = {
  id: 'fixed-width',
  recognizes: (head) => fixedWidthHead(head) !== undefined,
  open: (head, vocabulary) =>
    new FixedWidthReading(fixedWidthHead(head) ?? { columns: [], skip: 0, header: '' }, vocabulary),
};

const NEWLINE = 10;
const RETURN = 13;
const UNNAMED: readonly string[] = [];

class FixedWidthReading implements Reading {
  readonly #head: FixedWidthHead;
  readonly #labels: readonly (readonly string[])[];
  readonly #vocabulary: Vocabulary;
  readonly #blocks: Blocks;
  readonly #numbers = new RecordNumbers();
  readonly #prose: TextReading;
  #line = 1;
  #row = 0;
  /** Offset of a line that is too long to be a row; it goes on. */
  #longLine = -1;

  constructor(head: FixedWidthHead, vocabulary: Vocabulary) {
    this.#head = head;
    this.#labels = head.columns.map(({ name }) => (name === undefined ? UNNAMED : [name]));
    this.#vocabulary = vocabulary;
    this.#prose = new TextReading(vocabulary, this.#numbers);
    this.#blocks = new Blocks((block, offset, final, fields) => this.#take(block, offset, final, fields));
  }

  write(bytes: Buffer): Iterable<Field> {
    return this.#blocks.write(bytes);
  }

  end(): Iterable<Field> {
    return this.#blocks.end();
  }

  #take(block: Buffer, offset: number, final: boolean, fields: Field[]): number {
    let at = 0;
    while (at < block.length) {
      const newline = block.indexOf(NEWLINE, at);
      const rest = (newline < 0 ? block.length : newline) - at;
      if (this.#longLine < 0 && rest > limits.lineBytes) this.#longLine = offset + at;
      if (newline < 0 && !final && this.#longLine < 0) break;
      // A run of a long line, or a line.
      const isRun = this.#longLine >= 0 && rest > limits.lineBytes;
      if (isRun && newline < 0 && !final && rest < 2 * limits.lineBytes) break;
      if (!isRun && newline < 0 && !final) break;
      const end = isRun ? at + limits.lineBytes : newline < 0 ? block.length : newline + 1;
      this.#read(block.subarray(at, end), offset + at, fields);
      at = end;
      if (!isRun) this.#longLine = -1;
      if (block[end - 1] === NEWLINE) this.#line++;
    }
    return at;
  }

  #read(bytes: Buffer, offset: number, fields: Field[]): void {
    if (offset < this.#head.skip || this.#longLine >= 0) {
      this.#text(bytes, offset, fields);
      return;
    }
    const end = bytes.at(-1) === NEWLINE ? (bytes.at(-2) === RETURN ? -2 : -1) : bytes.length;
    const { text, span } = decodeBytes(bytes.subarray(0, end));
    if (text.trim() === '' || text === this.#head.header || DASHES.test(text)) return;
    if (!this.#fits(text)) {
      this.#text(bytes, offset, fields);
      return;
    }
    const record = this.#numbers.next();
    const row = ++this.#row;
    for (const [columnIndex, { start, end }] of this.#head.columns.entries()) {
      const cell = text.slice(start, end);
      const value = cell.trim();
      if (value === '') continue;
      const index = start + cell.indexOf(value);
      const before = span === 'bytes' ? index : Buffer.byteLength(text.slice(0, index));
      const labels = this.#labels[columnIndex] ?? UNNAMED;
      const place = { record, row, columnIndex, offset: offset + before, line: this.#line, column: index + 1, span };
      addCell(fields, { value, labels, tie: 'column', ...place }, this.#vocabulary);
    }
  }

  /** Between the columns there is nothing but blanks. */
  #fits(text: string): boolean {
    let end = 0;
    for (const column of this.#head.columns) {
      if (!isBlank(text, end, column)) return false;
      ({ end } = column);
    }
    return true;
  }

  #text(bytes: Buffer, offset: number, fields: Field[]): void {
    const column = this.#longLine >= 0 ? offset - this.#longLine + 1 : 1;
    for (const field of this.#prose.read(bytes, { offset, line: this.#line, column })) fields.push(field);
  }
}

function isBlank(text: string, from: number, { start }: FixedColumn): boolean {
  return start <= from || text.slice(from, start).trim() === '';
}
