import { isAscii } from 'node:buffer';
import type { Field } from '../detect/field.ts';
import { limits } from '../limits.ts';
import { BLOCK_BYTES, Blocks } from './blocks.ts';
import { decodeLatin1 } from './charset.ts';
import { Cursor } from './cursor.ts';
import type { JsonFormat } from './json-format.ts';
import type { JsonPath } from './json-path.ts';
import {
  BROKEN,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  closingQuote,
  COLON,
  COMMA,
  indexFrom,
  MORE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  runEnd,
  scalarEnd,
  skipSpace,
  unescape,
} from './json-scan.ts';
import { JsonTree } from './json-tree.ts';
import { textFields } from './line-fields.ts';
import { PlainTextReading } from './plain-text.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import type { Reading } from './reader.ts';
import { RecordNumbers } from './record-numbers.ts';

/** Deeper nesting is an attack. */
const DEPTH = 128;
/** JSON in a string in JSON. */
const NESTED_DEPTH = 4;
/** Longest escape or UTF-8 sequence at the end of a run. */
const RUN_REACH = 8;

const CONSTANT = /^(?:true|false|null)$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** A document inside a string of another. */
interface Nesting {
  readonly base: Field;
  readonly numbers: RecordNumbers;
  readonly depth: number;
}

export interface JsonOptions {
  readonly formatOf?: JsonFormat;
  /** Of the document. */
  readonly beginning?: string;
  readonly nesting?: Nesting;
}

/**
 * One reading of a document or of several. A token is read when all of it is in the block; else it is read again with
 * the next one, so nothing is kept of it before it is whole.
 */
export class JsonReading implements Reading {
  readonly #vocabulary: Vocabulary;
  readonly #nesting: Nesting | undefined;
  readonly #formatOf: JsonFormat | undefined;
  readonly #numbers: RecordNumbers;
  readonly #tree: JsonTree;
  readonly #blocks: Blocks;
  readonly #cursor = new Cursor();
  /** Values that only a lenient reader takes: words, numbers with dashes or leading zeros. */
  loose = 0;
  /** Set once the bytes are no JSON any more: reads the rest. */
  #rest: PlainTextReading | undefined;
  /** The leaf whose string is longer than a line, while it is read in runs. */
  #long: { readonly leaf: Field; readonly path: JsonPath } | undefined;

  // The block, and what holds for it.
  #text = '';
  #offset = 0;
  #ascii = true;
  #final = false;
  #fields: Field[] = [];
  /** The next backslash, and the next slash that may begin a comment, at or behind the place read. */
  #backslash = -1;
  #slash = -1;
  /** Of the place up to which the block was read. */
  #column = 1;
  /** Comments met in the token that is read: starts and ends. */
  #comments: number[] = [];

  constructor(vocabulary: Vocabulary, { formatOf, beginning, nesting }: JsonOptions = {}) {
    this.#vocabulary = vocabulary;
    this.#nesting = nesting;
    this.#numbers = nesting?.numbers ?? new RecordNumbers();
    this.#formatOf = formatOf;
    const format = beginning === undefined ? undefined : formatOf?.(beginning, this.#numbers);
    this.#tree = new JsonTree(vocabulary, this.#numbers, nesting?.base, format);
    this.#blocks = new Blocks((block, offset, final, fields) => this.#take(block, offset, final, fields));
  }

  write(bytes: Buffer): Iterable<Field> {
    return this.#blocks.write(bytes);
  }

  *end(): Iterable<Field> {
    yield* this.#blocks.end();
    if (this.#rest !== undefined) yield* this.#rest.end();
  }

  #take(block: Buffer, offset: number, final: boolean, fields: Field[]): number {
    let done = 0;
    if (this.#rest === undefined) {
      const read = this.readBlock(block, offset, final, fields);
      if (!read.broken) return read.done;
      done = read.done;
      const at = { offset: offset + done, line: this.#cursor.line, column: this.#column };
      this.#rest = new PlainTextReading(this.#vocabulary, at, this.#numbers);
    }
    for (const field of this.#rest.write(block.subarray(done))) fields.push(field);
    return block.length;
  }

  /** Reads a block; `broken`: what follows the bytes that are done is no JSON. */
  readBlock(block: Buffer, offset: number, final: boolean, fields: Field[]): { done: number; broken: boolean } {
    this.#text = block.toString('latin1');
    this.#offset = offset;
    this.#ascii = isAscii(block);
    this.#final = final;
    this.#fields = fields;
    this.#backslash = this.#slash = -1;
    this.#cursor.load(this.#text, offset, this.#ascii);
    let at = offset === 0 && this.#text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    let next = at;
    while (next >= 0 && at < this.#text.length) {
      next = this.#step(at);
      if (next >= 0) at = next;
    }
    this.#column = this.#cursor.seek(at);
    const endless = next === MORE && (final || (at === 0 && block.length === BLOCK_BYTES));
    const broken = next === BROKEN || endless;
    if (broken || final) this.#tree.end(fields);
    return { done: at, broken };
  }

  /** Reads one token, or a key with its value; returns where it ends, MORE or BROKEN. */
  #step(from: number): number {
    if (this.#long !== undefined) return this.#run(from, this.#long);
    this.#comments = [];
    const at = this.#gap(from);
    if (this.#comments.length > 0) this.#begin(this.#tree.path(), -1);
    if (at < 0 || at === this.#text.length || this.#comments.length > 0) return at;
    const frame = this.#tree.top;
    const code = this.#text.charCodeAt(at);
    if (code === COMMA) return at + 1;
    if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      if (frame?.array !== (code === CLOSE_ARRAY)) return BROKEN;
      this.#tree.close(this.#fields);
      return at + 1;
    }
    if (frame?.array !== false) return this.#value(at, this.#tree.path(), -1);
    if (code !== QUOTE) return BROKEN;
    const keyEnd = closingQuote(this.#text, at + 1);
    if (keyEnd < 0) return this.#text.length - at > limits.lineBytes ? BROKEN : MORE;
    const colon = this.#gap(keyEnd + 1);
    if (colon < 0 || colon === this.#text.length) return MORE;
    if (this.#text.charCodeAt(colon) !== COLON) return BROKEN;
    const value = this.#gap(colon + 1);
    if (value < 0 || value === this.#text.length) return MORE;
    return this.#value(value, this.#tree.path(this.#decode(at + 1, keyEnd).text), at + 1);
  }

  #value(at: number, path: JsonPath, keyStart: number): number {
    const code = this.#text.charCodeAt(at);
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (this.#tree.depth >= DEPTH) return BROKEN;
      this.#begin(path, keyStart);
      this.#tree.open(path, code === OPEN_ARRAY);
      return at + 1;
    }
    const frame = this.#tree.top;
    if (frame === undefined) return BROKEN;
    if (code === QUOTE) return this.#string(at, path, keyStart);
    const end = scalarEnd(this.#text, at);
    if (end === BROKEN || (end === MORE && !this.#final)) return end;
    const value = this.#text.slice(at, end < 0 ? this.#text.length : end);
    this.#begin(path, keyStart);
    if (!CONSTANT.test(value)) {
      if (!NUMBER.test(value)) this.loose++;
      this.#tree.leaf(path, this.#leaf(at, value, 'bytes', path), false, this.#fields);
    }
    frame.count++;
    return at + value.length;
  }

  #string(at: number, path: JsonPath, keyStart: number): number {
    const end = closingQuote(this.#text, at + 1);
    if (end < 0 && this.#text.length - at < limits.lineBytes + RUN_REACH) return MORE;
    this.#begin(path, keyStart);
    if (end < 0) {
      this.#long = { leaf: this.#leaf(at + 1, '', 'bytes', path), path };
    } else {
      const { text, span } = this.#decode(at + 1, end);
      this.#tree.name(path, text);
      if (text !== '') this.#emit(this.#leaf(at + 1, text, span, path), path);
    }
    if (this.#tree.top !== undefined) this.#tree.top.count++;
    return end < 0 ? at + 1 : end + 1;
  }

  /** One run of a string that is longer than a line. */
  #run(at: number, { leaf, path }: { readonly leaf: Field; readonly path: JsonPath }): number {
    const closed = closingQuote(this.#text, at);
    if (closed < 0 && this.#text.length - at < limits.lineBytes + RUN_REACH) return MORE;
    const end = closed < 0 ? runEnd(this.#text, at) : closed;
    const { text, span } = this.#decode(at, end);
    if (text !== '') this.#emit({ ...leaf, ...this.#place(at, span), value: text }, path);
    if (closed >= 0) this.#long = undefined;
    return closed < 0 ? end : end + 1;
  }

  #emit(leaf: Field, path: JsonPath): void {
    const first = leaf.value.charCodeAt(0);
    const depth = this.#nesting?.depth ?? 0;
    if ((first === OPEN_OBJECT || first === OPEN_ARRAY) && depth < NESTED_DEPTH && leaf.value.length > 2) {
      const fields: Field[] = [];
      const nested = new JsonReading(this.#vocabulary, {
        ...(this.#formatOf === undefined ? {} : { formatOf: this.#formatOf }),
        beginning: leaf.value,
        nesting: { base: leaf, numbers: this.#numbers, depth: depth + 1 },
      });
      if (!nested.readBlock(Buffer.from(leaf.value), 0, true, fields).broken) {
        for (const field of fields) this.#fields.push(field);
        return;
      }
    }
    this.#tree.leaf(path, leaf, true, this.#fields);
  }

  /**
   * A token is whole, and is not read again: only now are there fields. A key that may itself be an identifier is one,
   * and so are the comments before the value.
   */
  #begin(path: JsonPath, keyStart: number): void {
    if (path.telling && keyStart >= 0) this.#aside(keyStart, closingQuote(this.#text, keyStart));
    for (let index = 0; index < this.#comments.length; index += 2) {
      this.#aside(this.#comments[index] ?? 0, this.#comments[index + 1] ?? 0);
    }
  }

  /** Text that is no value of the document. */
  #aside(start: number, end: number): void {
    const { text, span } = this.#decode(start, end);
    const pointer = this.#tree.top?.pointer ?? '';
    const base: Field = {
      value: '',
      labels: [],
      tie: 'bare',
      record: this.#tree.record(),
      pointer,
      ...this.#place(start, span),
    };
    for (const field of textFields(text, base, this.#vocabulary)) this.#fields.push(field);
  }

  #leaf(at: number, value: string, span: Field['span'], path: JsonPath): Field {
    const tree = this.#tree;
    const base = this.#nesting?.base;
    const column = base?.column ?? this.#cursor.seek(at);
    return {
      value,
      labels: tree.labels(path),
      tie: 'key',
      record: tree.record(),
      offset: base?.offset ?? this.#offset + at,
      line: base?.line ?? this.#cursor.line,
      column,
      pointer: tree.pointer(path),
      span: base === undefined ? span : 'fixed',
    };
  }

  /** In a document inside a string, every place is that string's. */
  #place(at: number, span: Field['span']): Pick<Field, 'offset' | 'line' | 'column' | 'span'> {
    if (this.#nesting !== undefined) {
      const { offset, line, column } = this.#nesting.base;
      return { offset, line, column, span: 'fixed' };
    }
    const column = this.#cursor.seek(at);
    return { offset: this.#offset + at, line: this.#cursor.line, column, span };
  }

  /** Where white space and comments end. */
  #gap(from: number): number {
    const end = skipSpace(this.#text, from);
    if (this.#slash < from) this.#slash = indexFrom(this.#text, '/', from);
    if (this.#slash < end) this.#comments.push(this.#slash, end);
    return end;
  }

  #decode(start: number, end: number): { text: string; span: Field['span'] } {
    if (this.#backslash < start) this.#backslash = indexFrom(this.#text, '\\', start);
    const raw = this.#text.slice(start, end);
    if (this.#ascii && this.#backslash >= end) return { text: raw, span: 'bytes' };
    const decoded = decodeLatin1(raw);
    return this.#backslash < end ? { text: unescape(decoded.text), span: 'fixed' } : decoded;
  }
}

const BYTE_ORDER_MARK = '\xef\xbb\xbf';
