import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { decodeLatin1 } from '../charset.ts';
import { JsonPaths } from '../json-path.ts';
import { textFields } from '../line-fields.ts';
import type { Position } from '../reader.ts';
import type { RecordNumbers } from '../record-numbers.ts';
import { limits } from '../../limits.ts';
import { XmlElement, type XmlFormat } from './xml-element.ts';
import { withoutEntities } from './xml-parser.ts';

/** A value as it stands in the entry, one character for each byte. */
export interface XmlValue extends Required<Position> {
  readonly raw: string;
  /** Byte for byte. */
  readonly isRaw: boolean;
}

/** Attributes of one element; more are an attack. */
const ATTRIBUTES = 256;
/** An element of such a name is somebody else than what is around it. */
const OTHERS =
  /^(?:prescriber|pharmacy|physician|practitioner|provider|author|custodian|facility|organization|payer|supervisor|sender|receiver)$/i;

/** Where the reading is in the tree of a document: elements, pointers, records. */
export class XmlTree {
  readonly #vocabulary: Vocabulary;
  readonly #numbers: RecordNumbers;
  readonly #format: XmlFormat;
  readonly #paths = new JsonPaths();
  #top: XmlElement | undefined;
  /** Of the tag that is read. */
  #attributes: { readonly name: string; readonly value: XmlValue }[] = [];

  constructor(vocabulary: Vocabulary, numbers: RecordNumbers, format: XmlFormat) {
    this.#vocabulary = vocabulary;
    this.#numbers = numbers;
    this.#format = format;
  }

  get depth(): number {
    return this.#top?.depth ?? 0;
  }

  attribute(name: string, value: XmlValue): void {
    if (this.#attributes.length < ATTRIBUTES) this.#attributes.push({ name, value });
  }

  open(name: string, fields: Field[]): void {
    const parent = this.#top;
    const path = this.#paths.child(parent?.path ?? this.#paths.root, localName(name));
    const before = parent?.count(path.key) ?? 0;
    const step = parent === undefined ? path.firstStep : parent.pointer + path.step;
    const pointer = before === 0 ? step : `${step}[${String(before)}]`;
    const named = this.#attributes.some((attribute) => /^(?:name|key|code|field|column)$/i.test(attribute.name));
    const record = this.#recordOf(path.key, before > 0 && !path.parts && !named);
    const attributes = new Map<string, Field>();
    const element = new XmlElement(path, parent, { pointer, record, attributes });
    for (const { name: written, value } of this.#attributes.splice(0)) {
      if (/^xmlns(?::|$)|:schemaLocation$/.test(written)) continue;
      const inner = this.#paths.child(path, localName(written));
      const leaf = leafOf(value, inner.labels, record, pointer + inner.step);
      if (leaf.value.length <= limits.lineBytes) attributes.set(inner.key, leaf);
      else this.#addText(leaf, fields);
    }
    this.#top = element;
    this.#format.open(element, fields);
  }

  /** Each document is a record, and so is each element that comes again. */
  #recordOf(name: string, again: boolean): number {
    const parent = this.#top;
    if (parent === undefined || OTHERS.test(name)) return this.#numbers.next();
    return again && !parent.isRow ? this.#numbers.next() : parent.record;
  }

  text(value: XmlValue, isLong: boolean, fields: Field[]): void {
    const element = this.#top;
    if (value.raw === '' || value.raw.trim() === '') return;
    if (element === undefined) {
      if (!isLong) this.aside(value, fields);
      return;
    }
    const leaf = leafOf(value, element.path.labels, element.record, element.pointer);
    if (isLong) this.#format.longText(element, leaf, fields);
    else this.#format.text(element, leaf, fields);
  }

  close(name: string, fields: Field[]): void {
    const element = this.#top;
    if (
      element === undefined ||
      element.name !== this.#paths.child(element.parent?.path ?? this.#paths.root, localName(name)).key
    )
      return;
    this.#top = element.parent;
    this.#format.close(element, fields);
  }

  /** Text that is no value of the document. */
  aside(value: XmlValue, fields: Field[]): void {
    if (value.raw === '') return;
    const record = this.#top?.record ?? this.#numbers.next();
    this.#addText({ ...leafOf(value, [], record, this.#top?.pointer ?? ''), tie: 'bare' }, fields);
  }

  #addText(leaf: Field, fields: Field[]): void {
    for (const field of longTextFields(leaf, this.#vocabulary)) fields.push(field);
  }

  /** Nothing follows that is XML. */
  end(fields: Field[]): void {
    for (; this.#top !== undefined; this.#top = this.#top.parent) this.#format.close(this.#top, fields);
    this.#format.end(fields);
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function leafOf(value: XmlValue, labels: readonly string[], record: number, pointer: string): Field {
  const { raw, isRaw, offset, line, column } = value;
  const { text, span } = decodeLatin1(raw);
  const isPlain = isRaw && !text.includes('&');
  const plain = isPlain ? text : withoutEntities(text);
  return { value: plain, labels, tie: 'key', record, offset, line, column, pointer, span: isPlain ? span : 'fixed' };
}

/** Fields of a text of any length, none of them longer than a line may be. */
export function* longTextFields(leaf: Field, vocabulary: Vocabulary): Iterable<Field> {
  for (let start = 0; start < leaf.value.length; start += limits.lineBytes) {
    const part = leaf.value.slice(start, start + limits.lineBytes);
    const base: Field = start === 0 ? leaf : { ...leaf, span: 'fixed' };
    yield* textFields(part, base, vocabulary);
  }
}
