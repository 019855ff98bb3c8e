import { isAscii } from 'node:buffer';
import type { Field } from '../../detect/field.ts';
import { limits } from '../../limits.ts';
import { Blocks } from '../blocks.ts';
import { addCell } from '../cell.ts';
import { decodeLatin1 } from '../charset.ts';
import { Cursor } from '../cursor.ts';
import { textFields } from '../line-fields.ts';
import { RecordNumbers } from '../record-numbers.ts';
import type { Reading } from '../reader.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { SqlColumns, type SqlTable } from './columns.ts';
import { CopyRows } from './copy.ts';
import type { ValuePlace } from './place.ts';
import type { SqlSink } from './sink.ts';
import { SqlStatement } from './statement.ts';
import { SqlTokens } from './tokens.ts';
import { literal, type SqlValue } from './value.ts';

/** What the bytes from here on are in, when it is longer than a token. */
type Long = 'long' | 'block' | undefined;

/** Reads a script or dump of SQL: statements, and between them the rows of COPY. */
export class SqlReading implements Reading, SqlSink {
  readonly #vocabulary: Vocabulary;
  readonly #blocks: Blocks;
  readonly #numbers = new RecordNumbers();
  readonly #cursor = new Cursor();
  readonly #tokens: SqlTokens;
  readonly #statement: SqlStatement;
  #long: Long;
  #place: ValuePlace = { labels: [], record: 1 };
  #rows: CopyRows | undefined;
  /** At the beginning of the line behind COPY's semicolon. */
  #copies = false;

  // The block, and what holds for it.
  #text = '';
  #offset = 0;
  #ascii = true;
  #fields: Field[] = [];

  constructor(vocabulary: Vocabulary, backslashes: boolean) {
    this.#vocabulary = vocabulary;
    this.#tokens = new SqlTokens(backslashes);
    this.#statement = new SqlStatement(new SqlColumns(), this, this.#tokens);
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
    this.#tokens.load(this.#text, offset - this.#offset, final);
    this.#offset = offset;
    this.#ascii = isAscii(block);
    this.#fields = fields;
    this.#cursor.load(this.#text, offset, this.#ascii);
    let at = 0;
    for (let next = 0; at < block.length; at = next) {
      next = this.#step(at, final);
      if (next === at) break;
    }
    // Where a value stands is known in this block only.
    this.#statement.pass();
    this.#cursor.seek(at);
    return at;
  }

  /** Reads on from `at`; the same index when more bytes are needed. */
  #step(at: number, final: boolean): number {
    if (this.#long !== undefined) return this.#run(at, final);
    if (this.#rows !== undefined) {
      const next = this.#rows.read(this.#text, at, final);
      if (!this.#rows.isOver) return next;
      this.#rows = undefined;
      return next;
    }
    if (this.#copies) return this.#skipLine(at, final);
    return this.#token(at);
  }

  #token(at: number): number {
    const tokens = this.#tokens;
    const token = tokens.scan(at, this.#statement.takesValue);
    if (token === 'more') return at;
    if (token === 'comment' || token === 'block' || token === 'long') this.#statement.pass();
    if (token === 'comment') {
      this.#prose(tokens.innerStart, tokens.innerEnd, { labels: [], record: this.#numbers.next() });
    } else if (token === 'block' || token === 'long') {
      this.#long = token;
      this.#place = token === 'block' ? { labels: [], record: this.#numbers.next() } : this.#statement.place;
    } else if (tokens.mark === '\\') {
      // psql's own commands: `\connect`, `\restrict`.
      const newline = this.#text.indexOf('\n', at);
      if (newline >= 0) return newline;
    } else if (token !== 'none') {
      this.#statement.accept();
    }
    return tokens.end;
  }

  /** The next part of what is too long to be held, as text. */
  #run(at: number, final: boolean): number {
    const isString = this.#long === 'long';
    const close = isString ? this.#tokens.closing(at) : this.#text.indexOf('*/', at);
    const end = close < 0 ? this.#text.length : close;
    if (close >= 0 && end - at <= limits.lineBytes) {
      this.#prose(at, end, this.#place);
      this.#long = undefined;
      return end + (isString ? 1 : 2);
    }
    // A closing quote may be the first of two, or the last character before one: what follows must be seen.
    if (!final && end - at <= limits.lineBytes) return at;
    const next = this.#cut(at, Math.min(end, at + limits.lineBytes));
    this.#prose(at, next, this.#place);
    return next;
  }

  /** Not between two characters that mean one together. */
  #cut(at: number, end: number): number {
    let cut = end;
    while (cut > at && /['"`\\*]/.test(this.#text.charAt(cut - 1))) cut--;
    return cut > at ? cut : end;
  }

  #prose(start: number, end: number, place: ValuePlace): void {
    const { text, span } = decodeLatin1(this.#text.slice(start, end));
    const base = this.#placed(start, text, span, place);
    for (const inner of textFields(text, base, this.#vocabulary)) this.#fields.push(inner);
  }

  #skipLine(at: number, final: boolean): number {
    const newline = this.#text.indexOf('\n', at);
    if (newline < 0 && !final) return this.#text.length - at > limits.lineBytes ? this.#text.length : at;
    this.#copies = false;
    return newline < 0 ? this.#text.length : newline + 1;
  }

  value(value: SqlValue, place: ValuePlace): void {
    const { text, start, span } = value;
    if (text === undefined || text === '') return;
    const field = this.#placed(start, text, span, place);
    addCell(this.#fields, field, this.#vocabulary);
  }

  loose(tokens: SqlTokens, record: number): void {
    const { text, span } = literal(tokens);
    if (text === '') return;
    addCell(this.#fields, this.#placed(tokens.innerStart, text, span, { labels: [], record }), this.#vocabulary);
  }

  nextRecord(): number {
    return this.#numbers.next();
  }

  #placed(start: number, value: string, span: Field['span'], { labels, columnIndex, record, row }: ValuePlace): Field {
    const column = this.#cursor.seek(start);
    const offset = this.#offset + start;
    const { line } = this.#cursor;
    const tie = labels.length > 0 || columnIndex !== undefined ? 'column' : 'bare';
    return {
      value,
      labels,
      tie,
      record,
      ...(row === undefined ? {} : { row }),
      ...(columnIndex === undefined ? {} : { columnIndex }),
      offset,
      line,
      column,
      span,
    };
  }

  copy(table: SqlTable, delimiter: string): void {
    this.#copies = true;
    this.#rows = new CopyRows(table, delimiter, {
      nextRecord: () => this.#numbers.next(),
      cell: (start, text, span, place) => {
        addCell(this.#fields, this.#placed(start, text, span, place), this.#vocabulary);
      },
      run: (start, end, place) => {
        this.#prose(start, end, place);
      },
    });
  }
}
