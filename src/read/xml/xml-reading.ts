import { isAscii } from 'node:buffer';
import type { Field } from '../../detect/field.ts';
import { limits } from '../../limits.ts';
import { BLOCK_BYTES, Blocks } from '../blocks.ts';
import { Cursor } from '../cursor.ts';
import { PlainTextReading } from '../plain-text.ts';
import type { Position, Reading } from '../reader.ts';
import type { RecordNumbers } from '../record-numbers.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import type { XmlFormat } from './xml-element.ts';
import { XmlParser } from './xml-parser.ts';
import { type XmlValue, XmlTree } from './xml-tree.ts';

/** Deeper nesting is an attack. */
const DEPTH = 256;
/** Faults of XML that are borne with, as browsers do; with more of them it is none. */
const FAULTS = 100;

/**
 * One reading of an XML document, or of several. saxes has seen every byte of a block once; what stands behind the last
 * whole token comes again with the next block, only to be looked up.
 */
export class XmlReading implements Reading {
  readonly #vocabulary: Vocabulary;
  readonly #numbers: RecordNumbers;
  readonly #tree: XmlTree;
  readonly #parser: XmlParser;
  readonly #blocks: Blocks;
  readonly #cursor = new Cursor();
  /** How much saxes has seen, and where the last whole token ended. Offsets in the entry. */
  #fed = 0;
  #done = 0;
  #faults = 0;
  /** Set once the bytes are no XML any more: reads the rest. */
  #rest: PlainTextReading | undefined;
  /** Of a token that is longer than a block: it is read as text meanwhile, from its place. */
  #long: { readonly text: PlainTextReading; readonly at: Required<Position>; end: number | undefined } | undefined;

  // The block.
  #text = '';
  #offset = 0;
  #fields: Field[] = [];

  constructor(vocabulary: Vocabulary, numbers: RecordNumbers, format: XmlFormat) {
    this.#vocabulary = vocabulary;
    this.#numbers = numbers;
    this.#tree = new XmlTree(vocabulary, numbers, format);
    this.#blocks = new Blocks((block, offset, final, fields) => this.#take(block, offset, final, fields));
    this.#parser = new XmlParser({
      attribute: (name, value, end) => {
        if (!this.isBroken) this.#tree.attribute(name, this.#valueAt(value, end));
      },
      open: (name, end) => {
        if (!this.isBroken) this.#tree.open(name, this.#fields);
        this.#pass(end);
      },
      text: (value, end) => {
        const { isLong, ...found } = this.#textAt(value, end);
        if (!this.isBroken) this.#tree.text(found, isLong, this.#fields);
        this.#pass(end);
      },
      close: (name, end) => {
        if (!this.isBroken) this.#tree.close(name, this.#fields);
        this.#pass(end);
      },
      aside: (value, end) => {
        if (!this.isBroken && !this.#isLong()) this.#tree.aside(this.#textAt(value, end), this.#fields);
        this.#pass(end);
      },
      error: () => {
        this.#faults++;
      },
    });
  }

  /** Whether this is XML no more. */
  get isBroken(): boolean {
    return this.#faults > FAULTS || this.#tree.depth > DEPTH;
  }

  /** Faults so far. */
  get faults(): number {
    return this.#faults;
  }

  /** Reads only the beginning of an entry, to see what it is. */
  probe(beginning: Buffer): void {
    this.#read(beginning, 0, []);
  }

  write(bytes: Buffer): Iterable<Field> {
    return this.#blocks.write(bytes);
  }

  *end(): Iterable<Field> {
    yield* this.#blocks.end();
    const fields: Field[] = [];
    this.#tree.end(fields);
    yield* fields;
    if (this.#rest !== undefined) yield* this.#rest.end();
  }

  /** A token is done with. Behind the one that broke the document, nothing is. */
  #pass(end: number): void {
    if (this.isBroken) return;
    if (this.#long !== undefined) this.#long.end ??= end;
    this.#done = end;
  }

  #take(block: Buffer, offset: number, final: boolean, fields: Field[]): number {
    if (!this.#isText()) {
      this.#read(block, offset, fields);
      this.#goOn(block, offset, fields);
      if (this.isBroken || final) this.#leave(block, offset, fields);
      if (!this.#isText()) return this.#long === undefined ? this.#done - offset : block.length;
    }
    const done = Math.max(0, this.#done - offset);
    this.#done = 0;
    for (const field of this.#rest?.write(block.subarray(done)) ?? []) fields.push(field);
    return block.length;
  }

  #isText(): boolean {
    return this.#rest !== undefined;
  }

  #read(block: Buffer, offset: number, fields: Field[]): void {
    this.#text = block.toString('latin1');
    this.#offset = offset;
    this.#fields = fields;
    this.#cursor.load(this.#text, offset, isAscii(block));
    const from = this.#fed - offset;
    this.#fed = offset + block.length;
    this.#parser.write(this.#text.slice(from));
  }

  /** A token that fills the block is read as text as it passes by. */
  #goOn(block: Buffer, offset: number, fields: Field[]): void {
    if (this.#long === undefined) {
      if (this.#done > offset || block.length < BLOCK_BYTES || this.isBroken) return;
      const at = { offset, column: this.#cursor.seek(0), line: this.#cursor.line };
      this.#long = { text: new PlainTextReading(this.#vocabulary, at, this.#numbers), at, end: undefined };
    }
    const { text, at, end } = this.#long;
    const bytes = end === undefined ? block : block.subarray(0, Math.max(0, end - offset));
    for (const field of text.write(bytes)) fields.push(field);
    if (end === undefined) {
      if (offset + block.length - at.offset <= limits.attachedBytes) return;
      this.#rest = text;
      this.#done = offset + block.length;
      this.#tree.end(fields);
      return;
    }
    for (const field of text.end()) fields.push(field);
    this.#long = undefined;
  }

  /** What is behind the last token is text. */
  #leave(block: Buffer, offset: number, fields: Field[]): void {
    if (this.#rest !== undefined) return;
    this.#tree.end(fields);
    if (this.#long !== undefined) {
      this.#rest = this.#long.text;
      this.#done = offset + block.length;
      return;
    }
    const column = this.#cursor.seek(this.#done - offset);
    const at = { offset: this.#done, line: this.#cursor.line, column };
    this.#rest = new PlainTextReading(this.#vocabulary, at, this.#numbers);
  }

  /** The raw text of a token, where its bytes are at hand and hold nothing that saxes evened out. */
  #valueAt(value: string, end: number): XmlValue {
    const index = end - this.#offset - value.length;
    if (index >= 0 && this.#text.startsWith(value, index)) return { raw: value, isRaw: true, ...this.#placeAt(index) };
    return { raw: value, isRaw: false, ...this.#placeAt(Math.max(0, index)) };
  }

  /** The same without the white space around it; of a long text, where it began. */
  #textAt(value: string, end: number): XmlValue & { readonly isLong: boolean } {
    const start = this.#done - this.#offset;
    if (this.#isLong() || start < 0) {
      const { offset, line, column } = this.#long?.at ?? { offset: this.#offset, line: this.#cursor.line, column: 1 };
      return { raw: value, isRaw: false, offset, line, column, isLong: true };
    }
    const token = this.#text.slice(start, end - this.#offset);
    const marked = /^(?:<!\[CDATA\[|<!--|<!DOCTYPE)/.exec(token)?.[0].length ?? 0;
    const content = marked === 0 ? token : token.slice(marked, token.length - (MARK_ENDS[marked] ?? 0));
    const lead = content.length - content.trimStart().length;
    return { raw: content.trim(), isRaw: true, ...this.#placeAt(start + marked + lead), isLong: false };
  }

  /** The token that ends now is the long one. */
  #isLong(): boolean {
    return this.#long !== undefined && this.#long.end === undefined;
  }

  #placeAt(index: number): Required<Position> {
    const column = this.#cursor.seek(index);
    return { offset: this.#offset + index, line: this.#cursor.line, column };
  }
}

/** By the length of how it begins, how much the end of a CDATA section, comment or document type takes. */
const MARK_ENDS: Readonly<Record<number, number>> = { 9: 3, 4: 3 };
