import type { Field } from '../detect/field.ts';
import { limits } from '../limits.ts';
import type { HeldText } from './held-text.ts';
import { jsonFormats } from './json-format.ts';
import type { JsonPath } from './json-path.ts';
import { JsonTree } from './json-tree.ts';
import { addDecoded, textFields } from './line-fields.ts';
import type { YamlAlias, YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence } from './yaml-document.ts';

/** Mappings below keys of their own that are alike: entries of a list whose keys are names. So many show it. */
const ALIKE_ENTRIES = 2;

/** The fields of the documents of one YAML text. */
export class YamlFields {
  readonly #text: HeldText;
  #tree: JsonTree;
  /** Character index up to which the text is read: comments stand between. */
  #done = 0;
  #hash = -1;

  constructor(text: HeldText) {
    this.#text = text;
    this.#tree = this.#newTree(undefined);
  }

  read(documents: readonly (YamlNode | undefined)[]): readonly Field[] {
    for (const document of documents) {
      this.#tree = this.#newTree(document);
      if (document !== undefined) this.#node(document, this.#tree.path());
      this.#tree.end(this.#text.fields);
    }
    this.#comments(this.#text.places.text.length);
    return this.#text.fields;
  }

  #newTree(document: YamlNode | undefined): JsonTree {
    const { vocabulary, numbers, places, isDefinition } = this.#text;
    const format = document && jsonFormats(vocabulary)(places.text.slice(document.start, document.end), numbers);
    return new JsonTree(vocabulary, numbers, { format, isDefinition });
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
    this.#tree.close(this.#text.fields);
  }

  #mapping(node: YamlMapping, path: JsonPath): void {
    const isList = isKeyedList(node);
    this.#tree.open(path, isList && !this.#text.isDefinition, { keyed: isList });
    for (const entry of node.entries) this.#entry(entry);
    this.#tree.close(this.#text.fields);
  }

  #entry({ key, value }: YamlEntry): void {
    // A key that is a mapping or list itself has no name.
    if (key.kind !== 'scalar') this.#node(key, this.#tree.path());
    const path = this.#tree.path(key.kind === 'scalar' ? key.text : '');
    if (key.kind === 'scalar') {
      this.#comments(key.start);
      this.#done = key.end;
      if (path.telling) this.#text.addAside(key.start, key.end, this.#tree.record());
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
    const { text, span } = this.#text.places;
    const inner = node.style === 'quoted' ? node.start + 1 : node.start;
    const isAsWritten = text.startsWith(node.text, inner);
    const [start, own] = isAsWritten ? ([inner, span] as const) : ([node.start, 'fixed'] as const);
    const leaf = this.#text.leaf(node.text, this.#tree, path, start, own);
    if (node.text === '') this.#tree.empty();
    else if (node.tag === '!Ref' || node.tag === '!GetAtt') this.#tree.reference();
    else if (node.value !== null && typeof node.value !== 'boolean') this.#tell(leaf, path, node);
    this.#counted();
  }

  #alias(node: YamlAlias, path: JsonPath): void {
    const value = node.target?.text ?? '';
    if (value !== '' && value.length <= limits.lineBytes) {
      this.#text.addLeaf(this.#text.leaf(value, this.#tree, path, node.start, 'fixed'));
    }
    this.#counted();
  }

  #tell(leaf: Field, path: JsonPath, node: YamlScalar): void {
    if (this.#tree.hasFormat && leaf.value.length <= limits.lineBytes) {
      this.#tree.leaf(path, leaf, true, this.#text.fields);
      return;
    }
    const emit = (one: Field): void => {
      this.#emit(one, node);
    };
    const told = this.#tree.told(path, leaf, this.#text.fields, emit);
    if (told !== undefined) emit(told);
  }

  #emit(leaf: Field, node: YamlScalar): void {
    const isBlock = node.style === 'block' && node.text === leaf.value;
    if (isBlock && this.#blockJson(leaf, node)) return;
    if (this.#text.addNested(leaf)) return;
    if (isBlock && leaf.value.trimEnd().includes('\n')) {
      this.#block(leaf, node);
      return;
    }
    if (leaf.value.length <= limits.lineBytes) {
      this.#text.addLeaf(leaf);
      return;
    }
    const { vocabulary, fields } = this.#text;
    for (let start = 0; start < leaf.value.length; start += limits.lineBytes) {
      const run = leaf.value.slice(start, start + limits.lineBytes);
      for (const field of textFields(run, { ...leaf, span: 'fixed' }, vocabulary)) fields.push(field);
    }
  }

  /** A block scalar is a text of several lines, as it stands in the source: the lines know their own records. */
  #block(leaf: Field, node: YamlScalar): void {
    const { vocabulary, fields, isDefinition, places } = this.#text;
    if (leaf.value.length <= limits.lineBytes) {
      // In a definition, what no key gives a meaning is in its lines, with their own places.
      if (!isDefinition || vocabulary.find(leaf.labels.join(' : ')).length > 0) fields.push(leaf);
      addDecoded(fields, leaf, vocabulary);
    }
    const first = places.text.indexOf('\n', node.start) + 1;
    if (first <= 0 || first >= node.end) return;
    this.#text.addLines(first, node.end, leaf.pointer);
  }

  #blockJson(leaf: Field, node: YamlScalar): boolean {
    const first = this.#text.places.text.indexOf('\n', node.start) + 1;
    if (first <= 0 || first >= node.end || !/^\s*[[{]/.test(leaf.value)) return false;
    return this.#text.addDocument(first, node.end, leaf);
  }

  /** What is between the values, down to `end`: comments are text. */
  #comments(end: number): void {
    const start = this.#done;
    this.#done = Math.max(this.#done, end);
    const { text } = this.#text.places;
    for (let at = this.#hashFrom(start); at < end; at = this.#hashFrom(at)) {
      const newline = text.indexOf('\n', at);
      const lineEnd = newline < 0 || newline > end ? end : newline;
      this.#text.addAside(at, lineEnd, this.#tree.record());
      at = lineEnd;
    }
  }

  /** The next `#`; searched once for each, however far it is. */
  #hashFrom(index: number): number {
    if (this.#hash < index) {
      const hash = this.#text.places.text.indexOf('#', index);
      this.#hash = hash < 0 ? this.#text.places.text.length : hash;
    }
    return this.#hash;
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
