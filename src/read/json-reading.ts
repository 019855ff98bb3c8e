import type { Field } from '../detect/field.ts';
import { limits } from '../limits.ts';
import { BLOCK_BYTES, Blocks } from './blocks.ts';
import { behindMark } from './charset.ts';
import { JsonBlock } from './json-block.ts';
import type { JsonFormat } from './json-format.ts';
import type { JsonPath } from './json-path.ts';
import {
  BROKEN,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  closingQuote,
  COLON,
  COMMA,
  MORE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  runEnd,
  scalarEnd,
} from './json-scan.ts';
import { JsonTree } from './json-tree.ts';
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
  /** Names in it may hold numbers. */
  readonly isDefinition?: boolean;
  /** Of the text that the document is a part of. */
  readonly numbers?: RecordNumbers;
}

/**
 * One reading of a document or of several. A token is read when all of it is in the block; else it is read again with
 * the next one, so nothing is kept of it before it is whole.
 */
export class JsonReading implements Reading {
  readonly #vocabulary: Vocabulary;
  /** Of documents inside strings; 0 of one that stands by itself. */
  readonly #depth: number;
  readonly #formatOf: JsonFormat | undefined;
  readonly #isDefinition: boolean;
  readonly #numbers: RecordNumbers;
  readonly #tree: JsonTree;
  readonly #blocks: Blocks;
  readonly #block: JsonBlock;
  /** Values that only a lenient reader takes: words, numbers with dashes or leading zeros. */
  loose = 0;
  /** Set once the bytes are no JSON any more: reads the rest. */
  #rest: PlainTextReading | undefined;
  /** The leaf whose string is longer than a line, while it is read in runs. */
  #long: { readonly leaf: Field; readonly path: JsonPath } | undefined;
  #final = false;
  /** The place up to which the blocks are read. */
  #reached = { offset: 0, line: 1, column: 1 };

  constructor(
    vocabulary: Vocabulary,
    { formatOf, beginning, nesting, isDefinition = false, numbers }: JsonOptions = {},
  ) {
    this.#isDefinition = isDefinition;
    this.#vocabulary = vocabulary;
    this.#depth = nesting?.depth ?? 0;
    this.#numbers = nesting?.numbers ?? numbers ?? new RecordNumbers();
    this.#formatOf = formatOf;
    const format = beginning === undefined ? undefined : formatOf?.(beginning, this.#numbers);
    this.#tree = new JsonTree(vocabulary, this.#numbers, { base: nesting?.base, format, isDefinition });
    this.#block = new JsonBlock(this.#tree, vocabulary, nesting?.base);
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
      this.#rest = new PlainTextReading(this.#vocabulary, this.#reached, this.#numbers);
    }
    for (const field of this.#rest.write(block.subarray(done))) fields.push(field);
    return block.length;
  }

  /** Reads a block; `broken`: what follows the bytes that are done is no JSON. */
  readBlock(block: Buffer, offset: number, final: boolean, fields: Field[]): { done: number; broken: boolean } {
    this.#block.load(block, offset, fields);
    this.#final = final;
    let at = offset === 0 ? behindMark(this.#block.text) : 0;
    let next = at;
    while (next >= 0 && at < this.#block.text.length) {
      next = this.#step(at);
      if (next >= 0) at = next;
    }
    this.#reached = this.#block.leave(at);
    const endless = next === MORE && (final || (at === 0 && block.length === BLOCK_BYTES));
    const broken = next === BROKEN || endless;
    if (broken || final) this.#tree.end(fields);
    return { done: at, broken };
  }

  /** Reads one token, or a key with its value; returns where it ends, MORE or BROKEN. */
  #step(from: number): number {
    if (this.#long !== undefined) return this.#run(from, this.#long);
    const at = this.#block.tokenStart(from);
    const { text, hasComments } = this.#block;
    if (hasComments) this.#block.begin(this.#tree.path(), -1);
    if (at < 0 || at === text.length || hasComments) return at;
    const frame = this.#tree.top;
    const code = text.charCodeAt(at);
    if (code === COMMA) return at + 1;
    if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      if (frame?.array !== (code === CLOSE_ARRAY)) return BROKEN;
      this.#tree.close(this.#block.fields);
      return at + 1;
    }
    if (frame?.array !== false) return this.#value(at, this.#tree.path(), -1);
    if (code !== QUOTE) return BROKEN;
    const keyEnd = closingQuote(text, at + 1);
    if (keyEnd < 0) return text.length - at > limits.lineBytes ? BROKEN : MORE;
    const colon = this.#block.gap(keyEnd + 1);
    if (colon < 0 || colon === text.length) return MORE;
    if (text.charCodeAt(colon) !== COLON) return BROKEN;
    const value = this.#block.gap(colon + 1);
    if (value < 0 || value === text.length) return MORE;
    return this.#value(value, this.#tree.path(this.#block.decode(at + 1, keyEnd).text), at + 1);
  }

  #value(at: number, path: JsonPath, keyStart: number): number {
    const { text } = this.#block;
    const code = text.charCodeAt(at);
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (this.#tree.depth >= DEPTH) return BROKEN;
      this.#block.begin(path, keyStart);
      this.#tree.open(path, code === OPEN_ARRAY);
      return at + 1;
    }
    const frame = this.#tree.top;
    if (frame === undefined) return BROKEN;
    if (code === QUOTE) return this.#string(at, path, keyStart);
    const end = scalarEnd(text, at);
    if (end === BROKEN || (end === MORE && !this.#final)) return end;
    const value = text.slice(at, end < 0 ? text.length : end);
    this.#block.begin(path, keyStart);
    if (!CONSTANT.test(value)) {
      if (!NUMBER.test(value)) this.loose++;
      this.#tree.leaf(path, this.#block.leaf(at, value, 'bytes', path), false, this.#block.fields);
    }
    frame.count++;
    return at + value.length;
  }

  #string(at: number, path: JsonPath, keyStart: number): number {
    const end = closingQuote(this.#block.text, at + 1);
    if (end < 0 && this.#block.text.length - at < limits.lineBytes + RUN_REACH) return MORE;
    this.#block.begin(path, keyStart);
    if (end < 0) {
      this.#long = { leaf: this.#block.leaf(at + 1, '', 'bytes', path), path };
    } else {
      const { text, span } = this.#block.decode(at + 1, end);
      this.#tree.name(path, text);
      if (text !== '') this.#emit(this.#block.leaf(at + 1, text, span, path), path);
      else this.#tree.empty();
    }
    if (this.#tree.top !== undefined) this.#tree.top.count++;
    return end < 0 ? at + 1 : end + 1;
  }

  /** One run of a string that is longer than a line. */
  #run(at: number, { leaf, path }: { readonly leaf: Field; readonly path: JsonPath }): number {
    const closed = closingQuote(this.#block.text, at);
    if (closed < 0 && this.#block.text.length - at < limits.lineBytes + RUN_REACH) return MORE;
    const end = closed < 0 ? runEnd(this.#block.text, at) : closed;
    const { text, span } = this.#block.decode(at, end);
    if (text !== '') this.#emit({ ...leaf, ...this.#block.place(at, span), value: text }, path);
    if (closed >= 0) this.#long = undefined;
    return closed < 0 ? end : end + 1;
  }

  #emit(leaf: Field, path: JsonPath): void {
    const first = leaf.value.charCodeAt(0);
    if ((first === OPEN_OBJECT || first === OPEN_ARRAY) && this.#depth < NESTED_DEPTH && leaf.value.length > 2) {
      const fields: Field[] = [];
      const nested = new JsonReading(this.#vocabulary, {
        ...(this.#formatOf === undefined ? {} : { formatOf: this.#formatOf }),
        beginning: leaf.value,
        isDefinition: this.#isDefinition,
        nesting: { base: leaf, numbers: this.#numbers, depth: this.#depth + 1 },
      });
      if (!nested.readBlock(Buffer.from(leaf.value), 0, true, fields).broken) {
        for (const field of fields) this.#block.fields.push(field);
        return;
      }
    }
    this.#tree.leaf(path, leaf, true, this.#block.fields);
  }
}
