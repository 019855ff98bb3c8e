import type { Field } from '../detect/field.ts';
import { EmbeddedSegments } from './embedded-segments.ts';
import { type Emit, JoinedText } from './joined-text.ts';
import { addLeaf } from './json-leaf.ts';
import { type JsonPath, JsonPaths } from './json-path.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import type { RecordNumbers } from './record-numbers.ts';
import type { TreeReading } from './tree-reading.ts';

/** Longest text that says what the value beside it means, how many of them, and how many texts are remembered. */
const NAME_CHARS = 128;
const NAMES = 4;
const KNOWN_NAMES = 1000;

const NO_NAMES = { names: [], above: [], array: false } as const satisfies Pick<JsonFrame, 'names' | 'above' | 'array'>;

/** An object or array that is open. */
export interface JsonFrame {
  readonly path: JsonPath;
  readonly array: boolean;
  /** An object whose values have nothing to do with each other: each is a record. */
  readonly keyed: boolean;
  readonly record: number;
  readonly pointer: string;
  /** Elements so far, or values that are neither object nor array. */
  count: number;
  /** What the values of this object mean, in words of the vocabulary. */
  names: readonly string[];
  /** What all of it means, as the key beside it says: `SSN` in `{"name": "SSN", "value": {…}}`. */
  readonly above: readonly string[];
  /** The string before, in a list. */
  previous: string;
  /** A value whose name may follow: `{"value": …, "name": "SSN"}`. */
  held: { readonly path: JsonPath; readonly leaf: Field; readonly emit: Emit } | undefined;
  /** A text that its parts are put together to. */
  readonly joined: JoinedText | undefined;
}

interface OpenOptions {
  /** The array is a delimiter and a list of parts. */
  readonly joins?: boolean;
  readonly keyed?: boolean;
}

export interface JsonTreeOptions {
  /** The string that the document stands in, if it does. */
  readonly base?: Field | undefined;
  /** Of the documents, if they have one of their own. */
  readonly format?: TreeReading | undefined;
  /** Names in it may hold numbers. */
  readonly isDefinition?: boolean;
}

/** Where the reading is in the tree of a document: keys, pointers, records. */
export class JsonTree {
  readonly #vocabulary: Vocabulary;
  readonly #numbers: RecordNumbers;
  readonly #segments: EmbeddedSegments;
  /** The string that the document stands in, if it does. */
  readonly #base: Field | undefined;
  readonly #paths: JsonPaths;
  readonly #frames: JsonFrame[] = [];
  readonly #known = new Map<string, readonly string[]>();
  readonly #format: TreeReading | undefined;
  readonly #isDefinition: boolean;
  readonly #add: Emit = (leaf, fields) => {
    addLeaf(fields, leaf, this.#vocabulary, { segments: this.#segments, isDefinition: this.#isDefinition });
  };
  top: JsonFrame | undefined;

  constructor(vocabulary: Vocabulary, numbers: RecordNumbers, { base, format, isDefinition }: JsonTreeOptions = {}) {
    this.#format = format;
    this.#isDefinition = isDefinition === true;
    this.#vocabulary = vocabulary;
    this.#numbers = numbers;
    this.#segments = new EmbeddedSegments(numbers, vocabulary);
    this.#base = base;
    this.#paths = new JsonPaths(base?.labels);
  }

  /** The fields are the format's business. */
  get hasFormat(): boolean {
    return this.#format !== undefined;
  }

  get depth(): number {
    return this.#frames.length;
  }

  /** Of the value that comes next; `key` in an object only. */
  path(key?: string): JsonPath {
    const path = this.top?.path ?? this.#paths.root;
    return key === undefined ? path : this.#paths.child(path, key);
  }

  /** Of a key inside the value that has this path. */
  below(path: JsonPath, key: string): JsonPath {
    return this.#paths.child(path, key);
  }

  pointer(path: JsonPath): string {
    const frame = this.top;
    if (frame === undefined) return this.#base?.pointer ?? '';
    if (frame.array) return `${frame.pointer}[${String(frame.count)}]`;
    return frame.pointer === '' ? path.firstStep : frame.pointer + path.step;
  }

  labels(path: JsonPath): readonly string[] {
    const { names, above, array } = this.top ?? NO_NAMES;
    if (names.length > 0 && path.named) return [...names, ...path.labels];
    if (above.length === 0) return path.labels;
    // What means the whole means each element, and the result of a function; a key inside says more.
    if (array || path.step === '') return [...above, ...path.labels];
    return [path.key, ...above, ...path.labels.slice(1)];
  }

  record(): number {
    return this.top?.record ?? this.#base?.record ?? this.#numbers.next();
  }

  open(path: JsonPath, array: boolean, { joins = path.joins, keyed = false }: OpenOptions = {}): void {
    const parent = this.top;
    const record = this.#recordOf(parent);
    const pointer = this.pointer(path);
    const above = this.#aboveIn(path);
    const joined = array
      ? (parent?.joined ?? (joins ? new JoinedText(this.#whole(path, record)) : undefined))
      : undefined;
    const frame: JsonFrame = {
      path,
      array,
      keyed,
      record,
      pointer,
      count: 0,
      names: [],
      above,
      previous: '',
      held: undefined,
      joined,
    };
    if (!array) parent?.joined?.addReference();
    if (parent?.array === true) parent.count++;
    this.#frames.push(frame);
    this.top = frame;
    if (!array) this.#format?.open(path.key, frame.record);
  }

  /** Names of a value mean what is in it, through lists. */
  #aboveIn(path: JsonPath): readonly string[] {
    const parent = this.top;
    if (parent === undefined) return NO_NAMES.names;
    if (path.named && parent.names.length > 0) return parent.names;
    return parent.array || path.step === '' ? this.#behindOption(parent) : NO_NAMES.names;
  }

  #whole(path: JsonPath, record: number): Field {
    const place = { offset: 0, line: 1, column: 1, span: 'fixed' } as const;
    return { value: '', labels: this.labels(path), tie: 'key', record, pointer: this.pointer(path), ...place };
  }

  /** Adds the fields of one value; a string may hold more than itself. */
  leaf(path: JsonPath, leaf: Field, isString: boolean, fields: Field[]): void {
    if (this.#format !== undefined) {
      this.#format.leaf(path.key, leaf, fields);
      return;
    }
    const told = this.told(path, leaf, fields, this.#add);
    if (told === undefined) return;
    if (isString) this.#add(told, fields);
    else fields.push(told);
  }

  /**
   * The value with the labels that its neighbours give it; undefined where they are still to come, or where it is part of
   * a longer text. `emit` is called for it later, at the latest when what it is in ends.
   */
  told(path: JsonPath, leaf: Field, fields: Field[], emit: Emit): Field | undefined {
    const frame = this.top;
    if (frame === undefined) return leaf;
    const within = path.step === '' ? this.#frames.at(-2)?.joined : undefined;
    if (frame.joined?.add(leaf) === true || within?.fill(leaf) === true) {
      const joined = frame.joined ?? within;
      if (joined !== undefined) joined.emit ??= emit;
      return undefined;
    }
    if (frame.array) {
      const option = this.#behindOption(frame);
      frame.previous = leaf.value.length <= NAME_CHARS ? leaf.value : '';
      return option.length > frame.above.length ? { ...leaf, labels: [...option, ...leaf.labels] } : leaf;
    }
    if (!path.named || frame.names.length > 0) return leaf;
    const before = frame.held;
    frame.held = { path, leaf, emit };
    if (before !== undefined) before.emit(before.leaf, fields);
    return undefined;
  }

  /** An empty string, which is no value. */
  empty(): void {
    this.top?.joined?.addEmpty();
  }

  /** The name of something else, which is no text itself. */
  reference(): void {
    this.top?.joined?.addReference();
  }

  /** What an element of a list means: what the list does, and the option before it. */
  #behindOption({ array, path, previous, above }: JsonFrame): readonly string[] {
    if (!array || previous === '') return above;
    const isOption = /^--?[A-Za-z]/.test(previous);
    if (!isOption && !path.command) return above;
    return [...this.#wordsOf(previous), ...above];
  }

  /** Nothing follows that is JSON. */
  end(fields: Field[]): void {
    for (let index = this.#frames.length - 1; index >= 0; index--) this.#release(index, fields);
    this.#format?.end(fields);
  }

  /** What was held of an open object or array. */
  #release(index: number, fields: Field[]): void {
    const frame = this.#frames[index];
    if (frame?.held !== undefined) {
      const { path, leaf, emit } = frame.held;
      frame.held = undefined;
      emit(frame.names.length > 0 ? { ...leaf, labels: [...frame.names, ...path.labels] } : leaf, fields);
    }
    const joined = frame?.joined;
    if (joined?.emit === undefined || this.#frames[index - 1]?.joined === joined) return;
    for (const field of joined.fields()) joined.emit(field, fields);
  }

  close(fields: Field[]): void {
    this.#release(this.#frames.length - 1, fields);
    const frame = this.#frames.pop();
    if (frame?.array === false) this.#format?.close(fields);
    this.top = this.#frames.at(-1);
    if (this.top === undefined || frame?.path.kind !== true || frame.names.length === 0) return;
    this.top.names = [...this.top.names, ...frame.names].slice(0, NAMES);
  }

  /**
   * A string that may say what the values beside it mean: `{"system": "…/us-ssn", "value": …}`. Only words of the
   * vocabulary become labels: a label is shown in reports, and a text may hold anything.
   */
  name(path: JsonPath, text: string): void {
    const frame = this.top;
    if (frame === undefined || text.length > NAME_CHARS) return;
    if (!frame.path.kind && (frame.array || !path.naming)) return;
    const words = this.#wordsOf(text);
    if (words.length > 0) frame.names = [...frame.names, ...words].slice(0, NAMES);
  }

  /** Words of the vocabulary in a text. */
  #wordsOf(text: string): readonly string[] {
    let words = this.#known.get(text);
    if (words === undefined) {
      words = this.#vocabulary.find(text).map((span) => text.slice(span.start, span.end));
      if (this.#known.size < KNOWN_NAMES) this.#known.set(text, words);
    }
    return words;
  }

  /** Each document is a record, and each object or array in a list, but for lists of one person's parts. */
  #recordOf(parent: JsonFrame | undefined): number {
    if (parent?.keyed === true) return this.#numbers.next();
    if (parent?.array !== true) return this.record();
    const owner = this.#frames.at(-2);
    // A list at the top of a document, with nothing before it, is the document's content and not part of a person.
    const part = parent.path.parts && owner !== undefined && (this.depth > 2 || owner.count > 0);
    return part ? parent.record : this.#numbers.next();
  }
}
