import type { Field } from '../../detect/field.ts';
import { limits } from '../../limits.ts';
import type { HeldText } from '../held-text.ts';
import type { JsonPath } from '../json-path.ts';
import { JsonTree } from '../json-tree.ts';
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
  readonly #text: HeldText;
  readonly #tree: JsonTree;
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

  constructor(text: HeldText) {
    this.#text = text;
    this.#tree = new JsonTree(text.vocabulary, text.numbers, { isDefinition: text.isDefinition });
  }

  read(): readonly Field[] {
    this.#tree.open(this.#tree.path(), false, { keyed: true });
    for (const token of literalTokens(this.#text.places.text)) {
      this.#take(token);
      if (token.kind !== 'newline') this.#call = token.kind === 'word' ? token.text : '';
    }
    this.#tree.end(this.#text.fields);
    return this.#text.fields;
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
        this.#text.addAside(token.start, token.end, this.#tree.record());
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
      for (let frame = 0; frame < frames; frame++) this.#tree.close(this.#text.fields);
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
    if (NUMBER.test(word)) this.#leaf(word, start, this.#text.places.span);
    else this.#tree.reference();
  }

  #string(token: Extract<LiteralToken, { kind: 'string' }>): void {
    const { text, inner, end, start } = token;
    const top = this.#top;
    if (top.isObject && top.value === undefined) {
      top.keys.push(text);
      this.#text.addAside(start, end, this.#tree.record());
      return;
    }
    top.isFilled = true;
    const { places } = this.#text;
    const isAsWritten = places.text.startsWith(text, inner);
    if (text === '') this.#tree.empty();
    else this.#leaf(text, inner, isAsWritten ? places.span : 'fixed');
  }

  #leaf(value: string, index: number, span: Field['span']): void {
    const path = this.#top.value ?? this.#tree.path();
    for (let start = 0; start < value.length; start += limits.lineBytes) {
      const run = value.slice(start, start + limits.lineBytes);
      const leaf = this.#text.leaf(run, this.#tree, path, index, run === value ? span : 'fixed');
      this.#tree.name(path, run);
      const told = this.#tree.told(path, leaf, this.#text.fields, this.#emit);
      if (told !== undefined) this.#emit(told);
    }
  }

  readonly #emit = (leaf: Field): void => {
    if (!this.#text.addNested(leaf)) this.#text.addLeaf(leaf);
  };

  /** Lines as they stand: a document, or a script. */
  #block(start: number, end: number): void {
    this.#top.isFilled = true;
    const path = this.#top.value ?? this.#tree.path();
    const base = { labels: this.#tree.labels(path), pointer: this.#tree.pointer(path) };
    if (!this.#text.addDocument(start, end, base)) this.#text.addLines(start, end, base.pointer);
  }
}
