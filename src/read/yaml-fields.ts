import type { Field } from '../detect/field.ts';
import { limits } from '../limits.ts';
import { addBlockJson } from './block-json.ts';
import { jsonFormats } from './json-format.ts';
import { markCut } from './cut-text.ts';
import { addLeaf } from './json-leaf.ts';
import type { JsonPath } from './json-path.ts';
import { JsonTree } from './json-tree.ts';
import { addDecoded, textFields } from './line-fields.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import { addNestedJson } from './nested-json.ts';
import { RecordNumbers } from './record-numbers.ts';
import { slugFields } from './slug-fields.ts';
import { TextReading } from './text.ts';
import type { TextPlaces } from './text-places.ts';
import type { YamlAlias, YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence } from './yaml-document.ts';

/** Mappings below keys of their own that are alike: entries of a list whose keys are names. So many show it. */
const ALIKE_ENTRIES = 2;

/** The fields of the documents of one YAML text. */
export class YamlFields {
  readonly #places: TextPlaces;
  readonly #bytes: Buffer;
  readonly #vocabulary: Vocabulary;
  readonly #fields: Field[];
  readonly #isDefinition: boolean;
  readonly #numbers = new RecordNumbers();
  readonly #text: TextReading;
  #tree: JsonTree;
  /** Character index up to which the text is read: comments stand between. */
  #done = 0;
  #hash = -1;

  /** `isDefinition`: its keys are names that people look for, and may hold numbers. */
  constructor(places: TextPlaces, bytes: Buffer, vocabulary: Vocabulary, fields: Field[], isDefinition = false) {
    this.#isDefinition = isDefinition;
    this.#places = places;
    this.#bytes = bytes;
    this.#vocabulary = vocabulary;
    this.#fields = fields;
    this.#text = new TextReading(vocabulary, this.#numbers);
    this.#tree = this.#newTree();
  }

  read(documents: readonly (YamlNode | undefined)[]): void {
    for (const document of documents) {
      this.#tree = this.#newTree();
      if (document !== undefined) this.#node(document, this.#tree.path());
      this.#tree.end(this.#fields);
    }
    this.#comments(this.#places.text.length);
  }

  #newTree(): JsonTree {
    const format = jsonFormats(this.#vocabulary)(this.#places.text, this.#numbers);
    return new JsonTree(this.#vocabulary, this.#numbers, { format, isDefinition: this.#isDefinition });
  }

  #node(node: YamlNode, path: JsonPath): void {
    switch (node.kind) {
      case 'scalar':
        this.#scalar(node, path);
        return;
      case 'alias':
        this.#alias(node, path);
        return;
      case 'mapping':
        this.#mapping(node, path);
        return;
      case 'sequence':
        this.#sequence(node, path);
    }
  }

  #sequence({ elements, tag }: YamlSequence, path: JsonPath): void {
    this.#tree.open(path, true, { joins: path.joins || tag === '!Join' });
    for (const element of elements) {
      if (element !== undefined) this.#node(element, this.#tree.path());
      else this.#counted();
    }
    this.#tree.close(this.#fields);
  }

  #mapping(node: YamlMapping, path: JsonPath): void {
    const isList = isKeyedList(node);
    this.#tree.open(path, isList && !this.#isDefinition, { keyed: isList });
    for (const entry of node.entries) this.#entry(entry);
    this.#tree.close(this.#fields);
  }

  #entry({ key, value }: YamlEntry): void {
    // A key that is a mapping or list itself has no name.
    if (key.kind !== 'scalar') this.#node(key, this.#tree.path());
    const path = this.#tree.path(key.kind === 'scalar' ? key.text : '');
    if (key.kind === 'scalar') {
      this.#comments(key.start);
      this.#done = key.end;
      if (path.telling) this.#aside(key.start, key.end);
    }
    if (value !== undefined) this.#node(value, path);
    else this.#counted();
  }

  #counted(): void {
    if (this.#tree.top !== undefined) this.#tree.top.count++;
  }

  #scalar(node: YamlScalar, path: JsonPath): void {
    this.#comments(node.start);
    this.#done = Math.max(this.#done, node.end);
    this.#tree.name(path, node.text);
    const { text } = this.#places;
    const inner = node.style === 'quoted' ? node.start + 1 : node.start;
    const isAsWritten = text.startsWith(node.text, inner);
    const leaf = this.#leaf(
      node.text,
      path,
      isAsWritten ? inner : node.start,
      isAsWritten ? this.#places.span : 'fixed',
    );
    if (node.text === '') this.#tree.empty();
    else if (node.tag === '!Ref' || node.tag === '!GetAtt') this.#tree.reference();
    else if (node.value !== null && typeof node.value !== 'boolean') this.#tell(leaf, path, node);
    this.#counted();
  }

  #alias(node: YamlAlias, path: JsonPath): void {
    const value = node.target?.text ?? '';
    if (value !== '' && value.length <= limits.lineBytes) {
      addLeaf(this.#fields, this.#leaf(value, path, node.start, 'fixed'), this.#vocabulary);
    }
    this.#counted();
  }

  #leaf(value: string, path: JsonPath, index: number, span: Field['span']): Field {
    const labels = this.#tree.labels(path);
    const record = this.#tree.record();
    return { value, labels, tie: 'key', record, ...this.#places.at(index), pointer: this.#tree.pointer(path), span };
  }

  #tell(leaf: Field, path: JsonPath, node: YamlScalar): void {
    if (this.#tree.hasFormat && leaf.value.length <= limits.lineBytes) {
      this.#tree.leaf(path, leaf, true, this.#fields);
      return;
    }
    const emit = (one: Field): void => {
      this.#emit(one, node);
    };
    const told = this.#tree.told(path, leaf, this.#fields, emit);
    if (told !== undefined) emit(told);
  }

  #emit(leaf: Field, node: YamlScalar): void {
    const isBlock = node.style === 'block' && node.text === leaf.value;
    if (isBlock && this.#blockJson(leaf, node)) return;
    if (addNestedJson(this.#fields, leaf, this.#vocabulary, this.#numbers, this.#isDefinition)) return;
    if (isBlock && leaf.value.trimEnd().includes('\n')) {
      this.#block(leaf, node);
      return;
    }
    if (leaf.value.length <= limits.lineBytes) {
      addLeaf(this.#fields, leaf, this.#vocabulary);
      const first = this.#fields.length;
      if (this.#isDefinition) for (const field of slugFields(leaf, this.#vocabulary)) this.#fields.push(field);
      markCut(this.#fields, first, leaf);
      return;
    }
    for (let start = 0; start < leaf.value.length; start += limits.lineBytes) {
      const run = leaf.value.slice(start, start + limits.lineBytes);
      for (const field of textFields(run, { ...leaf, span: 'fixed' }, this.#vocabulary)) this.#fields.push(field);
    }
  }

  /** A block scalar is a text of several lines, as it stands in the source: the lines know their own records. */
  #block(leaf: Field, node: YamlScalar): void {
    if (leaf.value.length <= limits.lineBytes) {
      // In a definition, what no key gives a meaning is in its lines, with their own places.
      if (!this.#isDefinition || this.#vocabulary.find(leaf.labels.join(' : ')).length > 0) this.#fields.push(leaf);
      addDecoded(this.#fields, leaf, this.#vocabulary);
    }
    const first = this.#places.text.indexOf('\n', node.start) + 1;
    if (first <= 0 || first >= node.end) return;
    this.#lines(first, node.end, leaf.pointer);
  }

  #blockJson(leaf: Field, node: YamlScalar): boolean {
    const first = this.#places.text.indexOf('\n', node.start) + 1;
    if (first <= 0 || first >= node.end || !/^\s*[[{]/.test(leaf.value)) return false;
    const from = this.#places.at(first);
    const bytes = this.#bytes.subarray(from.offset, this.#places.at(node.end).offset);
    const parts = { vocabulary: this.#vocabulary, numbers: this.#numbers, isDefinition: this.#isDefinition };
    return addBlockJson(this.#fields, bytes, from, leaf, parts);
  }

  #lines(start: number, end: number, pointer: string | undefined): void {
    const from = this.#places.at(start);
    const to = this.#places.at(end).offset;
    for (const field of this.#text.read(this.#bytes.subarray(from.offset, to), from)) {
      this.#fields.push(pointer === undefined || pointer === '' ? field : { ...field, pointer });
    }
  }

  /** What is between the values, down to `end`: comments are text. */
  #comments(end: number): void {
    const start = this.#done;
    this.#done = Math.max(this.#done, end);
    const { text } = this.#places;
    for (let at = this.#hashFrom(start); at < end; at = this.#hashFrom(at)) {
      const newline = text.indexOf('\n', at);
      const lineEnd = newline < 0 || newline > end ? end : newline;
      this.#aside(at, lineEnd);
      at = lineEnd;
    }
  }

  /** The next `#`; searched once for each, however far it is. */
  #hashFrom(index: number): number {
    if (this.#hash < index) {
      const hash = this.#places.text.indexOf('#', index);
      this.#hash = hash < 0 ? this.#places.text.length : hash;
    }
    return this.#hash;
  }

  /** Text that is no value. */
  #aside(start: number, end: number): void {
    const place = this.#places.at(start);
    const record = this.#tree.record();
    const base: Field = { value: '', labels: [], tie: 'bare', record, ...place, span: this.#places.span };
    for (let at = start; at < end; at += limits.lineBytes) {
      const run = this.#places.text.slice(at, Math.min(end, at + limits.lineBytes));
      for (const field of textFields(run, { ...base, ...this.#places.at(at) }, this.#vocabulary)) {
        this.#fields.push(field);
      }
    }
  }
}

/** `jane: {ssn, dob}` and `john: {ssn, dob}` side by side, as fixtures have them: each is a record. */
function isKeyedList({ entries }: YamlMapping): boolean {
  if (entries.length < ALIKE_ENTRIES) return false;
  let first: ReadonlySet<string> | undefined;
  for (const { value } of entries) {
    if (value?.kind !== 'mapping') return false;
    const keys = value.entries.map(({ key }) => (key.kind === 'scalar' ? key.text : ''));
    first ??= new Set(keys);
    const known = first;
    if (2 * keys.filter((key) => known.has(key)).length <= Math.max(keys.length, first.size)) return false;
  }
  return true;
}
