import type { Field } from '../detect/field.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import { limits } from '../limits.ts';
import { addBlockJson } from './block-json.ts';
import { addLeaf } from './json-leaf.ts';
import type { JsonPath } from './json-path.ts';
import type { JsonTree } from './json-tree.ts';
import { textFields } from './line-fields.ts';
import { addNestedJson } from './nested-json.ts';
import type { Position } from './reader.ts';
import { RecordNumbers } from './record-numbers.ts';
import { TextReading } from './text.ts';
import { TextPlaces } from './text-places.ts';

/**
 * A text of some language that is held whole, and the fields that are read of it: its values, lines that stand in it as
 * they are, and what is no value.
 */
export class HeldText {
  readonly vocabulary: Vocabulary;
  /** Its keys are names that people look for, and may hold numbers. */
  readonly isDefinition: boolean;
  readonly places: TextPlaces;
  readonly fields: Field[] = [];
  readonly numbers: RecordNumbers = new RecordNumbers();
  readonly #bytes: Buffer;
  readonly #text: TextReading;

  constructor(bytes: Buffer, vocabulary: Vocabulary, isDefinition: boolean) {
    this.places = new TextPlaces(bytes);
    this.#bytes = bytes;
    this.vocabulary = vocabulary;
    this.isDefinition = isDefinition;
    this.#text = new TextReading(vocabulary, this.numbers);
  }

  /** The value of a path in the tree, which begins at the character index. */
  leaf(value: string, tree: JsonTree, path: JsonPath, index: number, span: Field['span']): Field {
    const labels = tree.labels(path);
    const record = tree.record();
    return { value, labels, tie: 'key', record, ...this.places.at(index), pointer: tree.pointer(path), span };
  }

  /** False, and nothing added, where the value holds no document. */
  addNested(leaf: Field): boolean {
    return addNestedJson(this.fields, leaf, this.vocabulary, this.numbers, this.isDefinition);
  }

  addLeaf(leaf: Field): void {
    addLeaf(this.fields, leaf, this.vocabulary, { isDefinition: this.isDefinition });
  }

  /** A document over lines of its own. False, and nothing added, where the lines are none. `base`: what they are in. */
  addDocument(start: number, end: number, base: Pick<Field, 'labels' | 'pointer'>): boolean {
    const { from, bytes } = this.#between(start, end);
    return addBlockJson(this.fields, bytes, from, base, this);
  }

  /** Lines as they stand: a script, a note. They know their own records. */
  addLines(start: number, end: number, pointer: string | undefined): void {
    const { from, bytes } = this.#between(start, end);
    for (const field of this.#text.read(bytes, from)) {
      this.fields.push(pointer === undefined || pointer === '' ? field : { ...field, pointer });
    }
  }

  /** Text that is no value: a comment, a key. */
  addAside(start: number, end: number, record: number): void {
    const { text, span } = this.places;
    for (let at = start; at < end; at += limits.lineBytes) {
      const run = text.slice(at, Math.min(end, at + limits.lineBytes));
      const base: Field = { value: '', labels: [], tie: 'bare', record, ...this.places.at(at), span };
      for (const field of textFields(run, base, this.vocabulary)) this.fields.push(field);
    }
  }

  #between(start: number, end: number): { readonly from: Position; readonly bytes: Buffer } {
    const from = this.places.at(start);
    return { from, bytes: this.#bytes.subarray(from.offset, this.places.at(end).offset) };
  }
}
