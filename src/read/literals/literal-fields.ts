import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { limits } from '../../limits.ts';
import { addBlockJson } from '../block-json.ts';
import { addLeaf } from '../json-leaf.ts';
import type { JsonPath } from '../json-path.ts';
import { JsonTree } from '../json-tree.ts';
import { textFields } from '../line-fields.ts';
import { addNestedJson } from '../nested-json.ts';
import { RecordNumbers } from '../record-numbers.ts';
import { slugFields } from '../slug-fields.ts';
import { TextReading } from '../text.ts';
import type { TextPlaces } from '../text-places.ts';
import { type LiteralToken, literalTokens } from './literal-tokens.ts';

/** Deeper nesting is an attack. */
const DEPTH = 128;
const NUMBER = /^\d[\d.-]*$/;
/** Words before a key that are no part of it. */
const KEYWORDS = new Set([
  'local',
  'export',
  'assert',
  'function',
  'if',
  'then',
  'else',
  'for',
  'in',
  'import',
  'error',
]);
const JOIN = /(?:^|\.)join$/;
const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };

/** What is open: an object or list of the tree, or brackets that are part of an expression. */
interface Open {
  readonly closing: string;
  /** Of the tree. */
  readonly frames: number;
  /** In others, commas part elements, and newlines mean nothing. */
  readonly isObject: boolean;
  readonly isList: boolean;
  /** Elements so far. */
  index: number;
  /** Something of the value has come. */
  isFilled: boolean;
  /** The value that is read inside it. */
  value: JsonPath | undefined;
  /** Words and strings that may become a key, or a block's labels. */
  keys: string[];
}

/**
 * The literals of HCL, Jsonnet and JSON with templates in it: objects, lists, strings and numbers, wherever they stand. What
 * expressions mean is not worked out; each string in one is read as the value of the key before it.
 */
export class LiteralFields {
  readonly #places: TextPlaces;
  readonly #bytes: Buffer;
  readonly #vocabulary: Vocabulary;
  readonly #fields: Field[];
  readonly #numbers = new RecordNumbers();
  readonly #tree: JsonTree;
  readonly #text: TextReading;
  readonly #opened: Open[] = [];
  #top: Open = {
    closing: '',
    frames: 1,
    isObject: true,
    isList: false,
    index: 0,
    isFilled: false,
    value: undefined,
    keys: [],
  };
  #call = '';

  constructor(places: TextPlaces, bytes: Buffer, vocabulary: Vocabulary, fields: Field[]) {
    this.#places = places;
    this.#bytes = bytes;
    this.#vocabulary = vocabulary;
    this.#fields = fields;
    this.#tree = new JsonTree(vocabulary, this.#numbers, { isDefinition: true });
    this.#text = new TextReading(vocabulary, this.#numbers);
  }

  read(): void {
    this.#tree.open(this.#tree.path(), false, { keyed: true });
    for (const token of literalTokens(this.#places.text)) {
      this.#take(token);
      if (token.kind !== 'newline') this.#call = token.kind === 'word' ? token.text : '';
    }
    this.#tree.end(this.#fields);
  }

  #take(token: LiteralToken): void {
    switch (token.kind) {
      case 'string':
        this.#string(token);
        return;
      case 'word':
        this.#word(token.text, token.start);
        return;
      case 'block':
        this.#block(token.start, token.end);
        return;
      case 'comment':
        this.#aside(token.start, token.end);
        return;
      case 'newline':
        if (this.#top.isObject && (this.#top.isFilled || this.#top.value === undefined)) this.#endValue();
        return;
      case 'mark':
        this.#mark(token.text);
    }
  }

  #mark(mark: string): void {
    const top = this.#top;
    if (mark === '{' || mark === '[' || mark === '(') this.#open(mark);
    else if (mark === '}' || mark === ']' || mark === ')') this.#close(mark);
    else if (mark === ',' || mark === ';') this.#endValue();
    else if ((mark === '=' || mark === ':') && top.isObject && top.value === undefined) {
      top.value = this.#tree.path(top.keys.splice(0).at(-1) ?? '');
      top.isFilled = false;
    }
  }

  #endValue(): void {
    const top = this.#top;
    top.keys = [];
    if (top.isObject) top.value = undefined;
    if (!top.isList || this.#tree.top === undefined) return;
    this.#tree.top.count = ++top.index;
  }

  #open(mark: string): void {
    const top = this.#top;
    if (this.#opened.length >= DEPTH) return;
    top.isFilled = true;
    const isCall = mark === '(' && JOIN.test(this.#call);
    const isList = mark === '[' || isCall;
    const keys = top.value === undefined && top.isObject ? top.keys.splice(0) : [];
    const path = top.value ?? this.#tree.path();
    // A root object is the document itself.
    const isRoot = mark === '{' && this.#opened.length === 0 && keys.length === 0 && top.value === undefined;
    const frames = isRoot || (mark === '(' && !isCall) ? 0 : Math.max(1, keys.length);
    // `resource "type" "name" {`: a block's labels are keys above what is in it.
    for (const key of keys) if (frames > 0) this.#tree.open(this.#tree.path(key), false);
    if (keys.length === 0 && frames > 0) this.#tree.open(path, isList, { joins: isCall });
    this.#opened.push(top);
    const value = isList ? this.#tree.path() : mark === '(' ? path : undefined;
    const closing = CLOSING[mark] ?? '';
    this.#top = { closing, frames, isObject: mark === '{', isList, index: 0, isFilled: false, value, keys: [] };
  }

  /** One that closes nothing is passed over; one that closes more than the last opened closes all of that. */
  #close(mark: string): void {
    if (this.#top.closing !== mark && !this.#opened.some(({ closing }) => closing === mark)) return;
    for (let isClosed = false; !isClosed && this.#opened.length > 0;) {
      const { closing, frames } = this.#top;
      for (let frame = 0; frame < frames; frame++) this.#tree.close(this.#fields);
      this.#top = this.#opened.pop() ?? this.#top;
      isClosed = closing === mark;
    }
  }

  #word(word: string, start: number): void {
    const top = this.#top;
    if (top.isObject && top.value === undefined) {
      if (!KEYWORDS.has(word)) top.keys.push(word);
      return;
    }
    top.isFilled = true;
    if (NUMBER.test(word)) this.#leaf(word, start, this.#places.span);
    else this.#tree.reference();
  }

  #string(token: Extract<LiteralToken, { kind: 'string' }>): void {
    const { text, inner, end, start } = token;
    const top = this.#top;
    if (top.isObject && top.value === undefined) {
      top.keys.push(text);
      this.#aside(start, end);
      return;
    }
    top.isFilled = true;
    const isAsWritten = this.#places.text.startsWith(text, inner);
    if (text === '') this.#tree.empty();
    else this.#leaf(text, inner, isAsWritten ? this.#places.span : 'fixed');
  }

  #leaf(value: string, index: number, span: Field['span']): void {
    const path = this.#top.value ?? this.#tree.path();
    for (let start = 0; start < value.length; start += limits.lineBytes) {
      const run = value.slice(start, start + limits.lineBytes);
      const leaf = this.#field(run, path, index, run === value ? span : 'fixed');
      this.#tree.name(path, run);
      const told = this.#tree.told(path, leaf, this.#fields, this.#emit);
      if (told !== undefined) this.#emit(told);
    }
  }

  readonly #emit = (leaf: Field): void => {
    if (addNestedJson(this.#fields, leaf, this.#vocabulary, this.#numbers, true)) return;
    addLeaf(this.#fields, leaf, this.#vocabulary);
    for (const field of slugFields(leaf, this.#vocabulary)) this.#fields.push(field);
  };

  #field(value: string, path: JsonPath, index: number, span: Field['span']): Field {
    return {
      value,
      labels: this.#tree.labels(path),
      tie: 'key',
      record: this.#tree.record(),
      ...this.#places.at(index),
      pointer: this.#tree.pointer(path),
      span,
    };
  }

  /** Lines as they stand: a document, or a script. */
  #block(start: number, end: number): void {
    this.#top.isFilled = true;
    const leaf = this.#field('', this.#top.value ?? this.#tree.path(), start, 'fixed');
    const from = this.#places.at(start);
    const bytes = this.#bytes.subarray(from.offset, this.#places.at(end).offset);
    const parts = { vocabulary: this.#vocabulary, numbers: this.#numbers, isDefinition: true };
    if (addBlockJson(this.#fields, bytes, from, leaf, parts)) return;
    for (const field of this.#text.read(bytes, from)) {
      this.#fields.push({ ...field, pointer: leaf.pointer ?? '' });
    }
  }

  /** Text that is no value. */
  #aside(start: number, end: number): void {
    for (let at = start; at < end; at += limits.lineBytes) {
      const run = this.#places.text.slice(at, Math.min(end, at + limits.lineBytes));
      const base: Field = {
        value: '',
        labels: [],
        tie: 'bare',
        record: this.#tree.record(),
        ...this.#places.at(at),
        span: this.#places.span,
      };
      for (const field of textFields(run, base, this.#vocabulary)) this.#fields.push(field);
    }
  }
}
