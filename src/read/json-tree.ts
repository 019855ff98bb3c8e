import type { Field } from '../detect/field.ts';
import { EmbeddedSegments } from './embedded-segments.ts';
import { addLeaf } from './json-leaf.ts';
import { type JsonPath, JsonPaths } from './json-path.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import type { RecordNumbers } from './record-numbers.ts';
import type { TreeReading } from './tree-reading.ts';

/** Longest text that says what the value beside it means, how many of them, and how many texts are remembered. */
const NAME_CHARS = 128;
const NAMES = 4;
const KNOWN_NAMES = 1000;

/** An object or array that is open. */
export interface JsonFrame {
  readonly path: JsonPath;
  readonly array: boolean;
  readonly record: number;
  readonly pointer: string;
  /** Elements so far, or values that are neither object nor array. */
  count: number;
  /** What the values of this object mean, in words of the vocabulary. */
  names: readonly string[];
  /** A value that a name may still come for: `{"value": …, "type": "MRN"}`. */
  waiting?: { readonly path: JsonPath; readonly leaf: Field; readonly isString: boolean } | undefined;
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
  top: JsonFrame | undefined;

  /** `format`: of the documents, if they have one of their own. */
  constructor(vocabulary: Vocabulary, numbers: RecordNumbers, base?: Field, format?: TreeReading) {
    this.#format = format;
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

  pointer(path: JsonPath): string {
    const frame = this.top;
    if (frame === undefined) return this.#base?.pointer ?? '';
    if (frame.array) return `${frame.pointer}[${String(frame.count)}]`;
    return frame.pointer === '' ? path.firstStep : frame.pointer + path.step;
  }

  labels(path: JsonPath): readonly string[] {
    const names = this.top?.names ?? [];
    return names.length > 0 && path.named ? [...names, ...path.labels] : path.labels;
  }

  record(): number {
    return this.top?.record ?? this.#base?.record ?? this.#numbers.next();
  }

  open(path: JsonPath, array: boolean): void {
    const parent = this.top;
    const frame = { path, array, record: this.#recordOf(parent), pointer: this.pointer(path), count: 0, names: [] };
    if (parent?.array === true) parent.count++;
    this.#frames.push(frame);
    this.top = frame;
    if (!array) this.#format?.open(path.key, frame.record);
  }

  /** Adds the fields of one value; a string may hold more than itself. */
  leaf(path: JsonPath, leaf: Field, isString: boolean, fields: Field[]): void {
    const frame = this.top;
    if (frame?.array === false && path.named && frame.names.length === 0 && leaf.value.length <= NAME_CHARS) {
      if (this.#format === undefined) {
        this.#release(frame, fields);
        frame.waiting = { path, leaf, isString };
        return;
      }
    }
    this.#add(path, leaf, isString, fields);
  }

  /** Adds the value that has waited for a name. */
  #release(frame: JsonFrame, fields: Field[]): void {
    const { waiting } = frame;
    if (waiting === undefined) return;
    frame.waiting = undefined;
    const { path, leaf, isString } = waiting;
    const labels = frame.names.length > 0 ? [...frame.names, ...path.labels] : leaf.labels;
    this.#add(path, { ...leaf, labels }, isString, fields);
  }

  #add(path: JsonPath, leaf: Field, isString: boolean, fields: Field[]): void {
    if (this.#format !== undefined) this.#format.leaf(path.key, leaf, fields);
    else if (isString) addLeaf(fields, leaf, this.#vocabulary, this.#segments);
    else fields.push(leaf);
  }

  /** Nothing follows that is JSON. */
  end(fields: Field[]): void {
    for (const frame of this.#frames) this.#release(frame, fields);
    this.#format?.end(fields);
  }

  close(fields: Field[]): void {
    const frame = this.#frames.pop();
    if (frame?.waiting !== undefined) this.#release(frame, fields);
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
    let words = this.#known.get(text);
    if (words === undefined) {
      words = this.#vocabulary.find(text).map((span) => text.slice(span.start, span.end));
      if (this.#known.size < KNOWN_NAMES) this.#known.set(text, words);
    }
    if (words.length > 0) frame.names = [...frame.names, ...words].slice(0, NAMES);
  }

  /** Each document is a record, and each object or array in a list, but for lists of one person's parts. */
  #recordOf(parent: JsonFrame | undefined): number {
    if (parent?.array !== true) return this.record();
    const owner = this.#frames.at(-2);
    // A list at the top of a document, with nothing before it, is the document's content and not part of a person.
    const part = parent.path.parts && owner !== undefined && (this.depth > 2 || owner.count > 0);
    return part ? parent.record : this.#numbers.next();
  }
}
