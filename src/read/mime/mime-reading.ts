import type { Field } from '../../detect/field.ts';
import { limits } from '../../limits.ts';
import { Blocks } from '../blocks.ts';
import { withDecodedWords } from '../encoded-word.ts';
import { textFields } from '../line-fields.ts';
import type { Reading } from '../reader.ts';
import { partHead, type PartHead, unfolded } from './headers.ts';
import { EncodedBody, type PartBody, type PartParts, PlainBody } from './part.ts';

const NEWLINE = 10;
const DASH = 0x2d;
/** Boundaries of multiparts inside each other: deeper ones are read as text. */
const DEPTH = 16;
/** RFC 2046 section 5.1.1: 70 characters, two dashes before and behind. */
const BOUNDARY_CHARS = 200;
/** The header of one part: what is behind has no bearing on how it is read. */
const HEADER_CHARS = 64 * 1024;
const FROM_LINE = Buffer.from('From ');

/**
 * Follows a mail (RFC 5322, RFC 2046) line by line: headers, and the bodies of its parts, down through multiparts and mails
 * inside; in an mbox (RFC 4155) mail after mail. A boundary that is missing leaves the part open to the end.
 */
export class MimeReading implements Reading {
  readonly #parts: PartParts;
  readonly #blocks: Blocks;
  readonly #isMbox: boolean;
  /** Outermost first. */
  #boundaries: string[] = [];
  /** Of the header that is being read; undefined in a body. */
  #header: string | undefined = '';
  #headerAt = { offset: 0, line: 1 };
  #body: PartBody;
  #line = 1;
  /** The line before was empty, or none. */
  #afterBlank = true;
  /** A line goes on that is longer than a block. */
  #isInside = false;
  /** Added to the numbers of a body's records and columns, which each begin at 1 and 0. */
  #records = 0;
  #columns = 0;
  #lastRecord = 0;
  #lastColumn = -1;

  constructor(parts: PartParts, isMbox: boolean) {
    this.#parts = parts;
    this.#isMbox = isMbox;
    this.#body = new PlainBody(parts.vocabulary);
    this.#blocks = new Blocks((block, offset, final, fields) => this.#take(block, offset, final, fields));
  }

  write(bytes: Buffer): Iterable<Field> {
    return this.#blocks.write(bytes);
  }

  *end(): Iterable<Field> {
    yield* this.#blocks.end();
    const fields: Field[] = [];
    this.#endHeader(fields);
    this.#endBody(fields);
    yield* fields;
  }

  /** Whole lines, or what is there of one that is longer than a block. */
  #take(block: Buffer, offset: number, final: boolean, fields: Field[]): number {
    let length = final ? block.length : block.lastIndexOf(NEWLINE) + 1;
    if (length === 0) length = block.length - (block.length % limits.lineBytes);
    /** Where the lines of a body begin that were not given to it yet. */
    let from = 0;
    let fromLine = this.#line;
    const flush = (to: number): void => {
      if (to > from) this.#keep(fields, this.#body.write(block.subarray(from, to), offset + from, fromLine));
    };
    for (let start = 0; start < length;) {
      const newline = block.indexOf(NEWLINE, start);
      const end = newline < 0 || newline >= length ? length : newline + 1;
      const line = block.subarray(start, end);
      const isBlank = line[0] === NEWLINE || (line[0] === 13 && line[1] === NEWLINE);
      if (!this.#isInside && this.#begins(line)) {
        flush(start);
        this.#begin(line, fields);
        from = end;
      } else if (this.#header !== undefined) {
        // The header is text like any other, too: addresses, and what labels say in it.
        if (this.#header === '') this.#headerAt = { offset: offset + start, line: this.#line };
        if (this.#header.length < HEADER_CHARS) this.#header += line.toString('latin1');
        if (isBlank) {
          flush(end);
          this.#endHeader(fields);
          from = end;
        }
      }
      this.#isInside = newline < 0 || newline >= length;
      if (!this.#isInside) this.#line++;
      if (from === end) fromLine = this.#line;
      this.#afterBlank = isBlank;
      start = end;
    }
    flush(length);
    return length;
  }

  /** Whether the line parts what is before it from what is behind. */
  #begins(line: Buffer): boolean {
    if (line[0] === DASH && line[1] === DASH) return this.#boundaryOf(line) >= 0;
    return this.#isMbox && this.#afterBlank && line.subarray(0, FROM_LINE.length).equals(FROM_LINE);
  }

  /** The innermost of the boundaries that the line is; -1 where it is none. */
  #boundaryOf(line: Buffer): number {
    if (this.#boundaries.length === 0 || line.length > BOUNDARY_CHARS) return -1;
    const text = line.toString('latin1').trimEnd().slice(2);
    return this.#boundaries.findLastIndex((boundary) => text === boundary || text === `${boundary}--`);
  }

  #begin(line: Buffer, fields: Field[]): void {
    this.#endHeader(fields);
    this.#endBody(fields);
    const index = this.#boundaryOf(line);
    const boundary = this.#boundaries[index];
    if (boundary === undefined) {
      this.#boundaries = [];
      this.#header = '';
      return;
    }
    const isClosing = line.toString('latin1').trimEnd().length > boundary.length + 2;
    this.#boundaries.length = isClosing ? index : index + 1;
    this.#header = isClosing ? undefined : '';
  }

  /** The header is complete: what follows is the body that it describes. */
  #endHeader(fields: Field[]): void {
    const header = this.#header;
    if (header === undefined) return;
    this.#header = undefined;
    const lines = unfolded(header);
    this.#keep(fields, this.#wordFields(lines));
    this.#endBody(fields);
    const head = partHead(lines);
    const { boundary, type, encoding } = head;
    if (boundary !== undefined && this.#boundaries.length < DEPTH) this.#boundaries.push(boundary);
    else if (type === 'message/rfc822' && encoding === 'plain') this.#header = '';
    else this.#body = this.#bodyOf(head);
  }

  #bodyOf(head: PartHead): PartBody {
    const { encoding } = head;
    return encoding === 'plain' ? new PlainBody(this.#parts.vocabulary) : new EncodedBody(this.#parts, head, encoding);
  }

  /** Encoded words that go over folds; those of one line are read with its text. */
  *#wordFields(lines: readonly string[]): Iterable<Field> {
    for (const line of lines) {
      const value = withDecodedWords(line)?.slice(0, limits.lineBytes);
      if (value === undefined) continue;
      const base: Field = { value, labels: [], tie: 'bare', record: 1, ...this.#headerAt, column: 1, span: 'fixed' };
      yield* textFields(value, base, this.#parts.vocabulary);
    }
  }

  #endBody(fields: Field[]): void {
    this.#keep(fields, this.#body.end());
    this.#records = this.#lastRecord;
    this.#columns = this.#lastColumn + 1;
    this.#body = new PlainBody(this.#parts.vocabulary);
  }

  #keep(fields: Field[], inner: Iterable<Field>): void {
    for (const field of inner) {
      const record = field.record + this.#records;
      this.#lastRecord = Math.max(this.#lastRecord, Math.ceil(record));
      if (field.columnIndex === undefined) {
        fields.push({ ...field, record });
        continue;
      }
      const columnIndex = field.columnIndex + this.#columns;
      this.#lastColumn = Math.max(this.#lastColumn, columnIndex);
      fields.push({ ...field, record, columnIndex });
    }
  }
}
