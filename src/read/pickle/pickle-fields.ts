import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { decodeLatin1 } from '../charset.ts';
import { type JsonPath } from '../json-path.ts';
import { JsonTree } from '../json-tree.ts';
import { textFields } from '../line-fields.ts';
import { addNestedJson } from '../nested-json.ts';
import { RecordNumbers } from '../record-numbers.ts';
import { textRuns } from '../text-runs.ts';
import { dayOf } from './literal.ts';
import { MARK, type StackEntry } from './pickle-machine.ts';
import type { PickleNode, PickleText, PickleValue } from './pickle-value.ts';

/** Deeper nesting is an attack: what is deeper is read as if it stood alone. */
const DEPTH = 100;
/** A dict that is not whole yet is read when it has so many entries: a smaller one is one record, and waits. */
const MANY_ENTRIES = 4096;
/** Dicts below keys of their own that are alike: `{mrn: {ssn, dob}, …}`. So many show it. */
const ALIKE_ENTRIES = 2;
const UNNAMED: readonly string[] = [];
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f]/;

/** Makes fields of the values of a pickle. */
export class PickleFields {
  readonly numbers: RecordNumbers = new RecordNumbers();
  readonly #vocabulary: Vocabulary;
  readonly #tree: JsonTree;
  readonly #deep: PickleNode[] = [];
  #fields: Field[] = [];

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#tree = new JsonTree(vocabulary, this.numbers);
  }

  /** Where the fields go that are made from now on. */
  into(fields: Field[]): void {
    this.#fields = fields;
  }

  /** A pickle ends: all that is on its stack, mostly one value. */
  finish(stack: readonly StackEntry[]): void {
    for (const entry of stack) if (entry !== MARK) this.#value(entry, this.#tree.path(), 0);
    this.#readDeep();
  }

  /**
   * Reads what is put together so far of a pickle that goes on, so that it need not be held: what is complete, and of
   * the containers that are being filled what is in them. `all`: also of small ones.
   */
  spill(stack: readonly StackEntry[], all: boolean): void {
    let opened = 0;
    for (const [index, entry] of stack.entries()) {
      if (entry === MARK || entry.kind !== 'node' || entry.shape === 'global') continue;
      const next = stack[index + 1];
      const path = this.#pathOn(stack[index - 1]);
      if ((next !== undefined && next !== MARK) || opened >= DEPTH) {
        this.#node(entry, path, opened);
        continue;
      }
      this.#tree.open(path, entry.shape === 'list');
      opened++;
      if (this.#tree.top !== undefined) this.#tree.top.count = entry.past;
      if (all || entry.shape === 'list' || entry.pairs.length >= MANY_ENTRIES) this.#content(entry, opened);
    }
    for (; opened > 0; opened--) this.#tree.close(this.#fields);
    this.#readDeep();
  }

  /** Texts in a run of bytes, or in a string that is longer than a line. `record`: of all its pieces; `isFixed`: the bytes
   * are not those of the entry. */
  longText(bytes: Buffer, offset: number, record: number, isFixed = false): void {
    for (const run of textRuns(bytes)) {
      const { text, span } = decodeLatin1(run.text);
      const place = { offset: isFixed ? offset : offset + run.start, line: 1, column: 1 };
      const inner = isFixed || run.isWide ? 'fixed' : span;
      const base: Field = { value: text, labels: UNNAMED, tie: 'bare', record, ...place, span: inner };
      for (const field of textFields(text, base, this.#vocabulary)) this.#fields.push(field);
    }
  }

  /** The key before a value whose dict is open. */
  #pathOn(before: StackEntry | undefined): JsonPath {
    const isKey = before !== undefined && before !== MARK && before.kind === 'string' && this.#tree.top?.array !== true;
    return this.#tree.path(isKey ? before.text : undefined);
  }

  #readDeep(): void {
    for (let node = this.#deep.pop(); node !== undefined; node = this.#deep.pop()) {
      this.#node(node, this.#tree.path(), 0);
    }
  }

  #value(value: PickleValue, path: JsonPath, depth: number): void {
    if (value.kind === 'node') this.#node(value, path, depth);
    else if (value.kind !== 'nothing') this.#leaf(value, path);
    else if (this.#tree.top !== undefined) this.#tree.top.count++;
  }

  #node(node: PickleNode, path: JsonPath, depth: number): void {
    if (node.shape === 'global') return;
    const day = dayOf(node);
    if (depth > DEPTH) {
      this.#deep.push(node);
    } else if (day !== undefined) {
      node.take();
      this.#leaf(day, path);
    } else if (node.shape === 'object') {
      this.#object(node, path, depth);
    } else {
      this.#tree.open(path, node.shape === 'list' || isKeyedList(node.pairs));
      this.#content(node, depth);
      this.#tree.close(this.#fields);
    }
  }

  /** The open container's. */
  #content(node: PickleNode, depth: number): void {
    const { pairs, elements } = node.take();
    for (let index = 0; index + 1 < pairs.length; index += 2) this.#pair(pairs[index], pairs[index + 1], depth);
    for (const element of elements) this.#value(element, this.#tree.path(), depth + 1);
  }

  /** What an object is made of has the object's name, as a Decimal has; its attributes have theirs. */
  #object(node: PickleNode, path: JsonPath, depth: number): void {
    const isRow = this.#tree.top?.array === true && node.elements.length > 1;
    const hasPairs = node.pairs.length > 0;
    if (hasPairs || isRow) this.#tree.open(path, isRow && !hasPairs);
    if (hasPairs || isRow) this.#content(node, depth);
    else for (const element of node.take().elements) this.#value(element, path, depth + 1);
    if (hasPairs || isRow) this.#tree.close(this.#fields);
  }

  #pair(key: PickleValue | undefined, value: PickleValue | undefined, depth: number): void {
    if (key === undefined || value === undefined) return;
    const isText = key.kind !== 'node' && key.kind !== 'nothing';
    const path = this.#tree.path(isText ? key.text : '');
    if (!isText) this.#value(key, path, depth + 1);
    else if (path.telling) this.#bare(key);
    this.#value(value, path, depth + 1);
  }

  /** A key may itself be an identifier. */
  #bare({ text, offset, span }: PickleText): void {
    const record = this.#tree.record();
    const base: Field = { value: text, labels: UNNAMED, tie: 'bare', record, offset, line: 1, column: 1, span };
    for (const field of textFields(text, base, this.#vocabulary)) this.#fields.push(field);
  }

  #leaf(value: PickleText, path: JsonPath): void {
    const { kind, offset } = value;
    if (kind === 'bytes' && CONTROL.test(value.text)) {
      this.longText(Buffer.from(value.text, 'latin1'), offset, this.#tree.record(), value.span === 'fixed');
    } else if (value.text !== '') {
      const { text, span } = kind === 'bytes' && value.span !== 'fixed' ? decodeLatin1(value.text) : value;
      if (kind !== 'number') this.#tree.name(path, text);
      const labels = this.#tree.labels(path);
      const record = this.#tree.record();
      const pointer = this.#tree.pointer(path);
      const leaf: Field = { value: text, labels, tie: 'key', record, offset, line: 1, column: 1, pointer, span };
      if (kind === 'number' || !addNestedJson(this.#fields, leaf, this.#vocabulary, this.numbers)) {
        this.#tree.leaf(path, leaf, kind !== 'number', this.#fields);
      }
    }
    if (this.#tree.top !== undefined) this.#tree.top.count++;
  }
}

/** Whether each entry is a record: dicts with mostly the same keys. */
function isKeyedList(pairs: readonly PickleValue[]): boolean {
  if (pairs.length < 2 * ALIKE_ENTRIES) return false;
  let known: ReadonlySet<string> | undefined;
  for (let index = 1; index < pairs.length; index += 2) {
    const value = pairs[index];
    if (value?.kind !== 'node' || value.pairs.length === 0) return false;
    const keys: string[] = [];
    for (let at = 0; at < value.pairs.length; at += 2) {
      const key = value.pairs[at];
      keys.push(key === undefined || key.kind === 'node' || key.kind === 'nothing' ? '' : key.text);
    }
    known ??= new Set(keys);
    const first = known;
    if (2 * keys.filter((key) => first.has(key)).length <= Math.max(keys.length, first.size)) return false;
  }
  return true;
}
