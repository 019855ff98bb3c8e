import { isAscii } from 'node:buffer';
import type { Field } from '../detect/field.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import { decodeLatin1 } from './charset.ts';
import { Cursor } from './cursor.ts';
import type { JsonPath } from './json-path.ts';
import { closingQuote, indexFrom, skipSpace, unescape } from './json-scan.ts';
import type { JsonTree } from './json-tree.ts';
import { textFields } from './line-fields.ts';

type Place = Pick<Field, 'offset' | 'line' | 'column' | 'span'>;

/** A block of a document's bytes, held as a latin1 string, one character for each: its places and texts as fields. */
export class JsonBlock {
  text = '';
  /** What is read of it. */
  fields: Field[] = [];
  readonly #tree: JsonTree;
  readonly #vocabulary: Vocabulary;
  /** The string that the document stands in, if it does: every place is that string's. */
  readonly #base: Field | undefined;
  readonly #cursor = new Cursor();
  #offset = 0;
  #ascii = true;
  /** The next backslash, and the next slash that may begin a comment, at or behind the place read. */
  #backslash = -1;
  #slash = -1;
  /** Comments met in the token that is read: starts and ends. */
  #comments: number[] = [];

  constructor(tree: JsonTree, vocabulary: Vocabulary, base?: Field) {
    this.#tree = tree;
    this.#vocabulary = vocabulary;
    this.#base = base;
  }

  /** The next block; it follows, or overlaps, the one before. */
  load(block: Buffer, offset: number, fields: Field[]): void {
    this.text = block.toString('latin1');
    this.fields = fields;
    this.#offset = offset;
    this.#ascii = isAscii(block);
    this.#backslash = this.#slash = -1;
    this.#cursor.load(this.text, offset, this.#ascii);
  }

  /** Goes to the index up to which the block is read: where that is in the entry. */
  leave(at: number): Omit<Place, 'span'> {
    const column = this.#cursor.seek(at);
    return { offset: this.#offset + at, line: this.#cursor.line, column };
  }

  /** Where the next token begins, behind white space and comments, as `skipSpace` says. */
  tokenStart(from: number): number {
    this.#comments = [];
    return this.gap(from);
  }

  /** Where white space and comments inside a token end. */
  gap(from: number): number {
    const end = skipSpace(this.text, from);
    if (this.#slash < from) this.#slash = indexFrom(this.text, '/', from);
    if (this.#slash < end) this.#comments.push(this.#slash, end);
    return end;
  }

  get hasComments(): boolean {
    return this.#comments.length > 0;
  }

  /**
   * A token is whole, and is not read again: only now are there fields. A key that may itself be an identifier is one,
   * and so are the comments before the value.
   */
  begin(path: JsonPath, keyStart: number): void {
    if (path.telling && keyStart >= 0) this.#aside(keyStart, closingQuote(this.text, keyStart));
    for (let index = 0; index < this.#comments.length; index += 2) {
      this.#aside(this.#comments[index] ?? 0, this.#comments[index + 1] ?? 0);
    }
  }

  /** Text that is no value of the document. */
  #aside(start: number, end: number): void {
    const { text, span } = this.decode(start, end);
    const pointer = this.#tree.top?.pointer ?? '';
    const base: Field = {
      value: '',
      labels: [],
      tie: 'bare',
      record: this.#tree.record(),
      pointer,
      ...this.place(start, span),
    };
    for (const field of textFields(text, base, this.#vocabulary)) this.fields.push(field);
  }

  leaf(at: number, value: string, span: Field['span'], path: JsonPath): Field {
    const tree = this.#tree;
    const base = this.#base;
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
  place(at: number, span: Field['span']): Place {
    if (this.#base !== undefined) {
      const { offset, line, column } = this.#base;
      return { offset, line, column, span: 'fixed' };
    }
    const column = this.#cursor.seek(at);
    return { offset: this.#offset + at, line: this.#cursor.line, column, span };
  }

  decode(start: number, end: number): Pick<Place, 'span'> & { readonly text: string } {
    if (this.#backslash < start) this.#backslash = indexFrom(this.text, '\\', start);
    const raw = this.text.slice(start, end);
    if (this.#ascii && this.#backslash >= end) return { text: raw, span: 'bytes' };
    const decoded = decodeLatin1(raw);
    return this.#backslash < end ? { text: unescape(decoded.text), span: 'fixed' } : decoded;
  }
}
