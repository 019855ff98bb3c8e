import type { Field } from '../../detect/field.ts';
import { limits } from '../../limits.ts';
import { Attached, type Attaching } from '../attached.ts';
import { addLeaf } from '../json-leaf.ts';
import { JsonPaths } from '../json-path.ts';
import type { XmlElement, XmlFormat } from './xml-element.ts';
import { longTextFields } from './xml-tree.ts';

/** Longest text that says what the value beside it means. */
const NAME_CHARS = 128;
/** A file in base64 is no short one. */
const BASE64 = /^[A-Za-z0-9+/\s]{400,}={0,2}$/;

/** Any XML: the names of elements and attributes are the labels of what they hold. */
export class PlainXml implements XmlFormat {
  readonly #attaching: Attaching;
  readonly #paths = new JsonPaths();

  constructor(attaching: Attaching) {
    this.#attaching = attaching;
  }

  open(element: XmlElement, fields: Field[]): void {
    const column = element.parent?.isRow === true ? element.parent.nextColumn() : undefined;
    if (column !== undefined && column !== '') element.names = [column];
    for (const [name, leaf] of element.attributes) {
      if (this.#paths.child(this.#paths.root, name).naming) this.#name(element, leaf.value);
    }
    for (const [name, leaf] of element.attributes) {
      const isNamed = element.names.length > 0 && this.#paths.child(this.#paths.root, name).named;
      if (leaf.value !== '') this.#add(isNamed ? named(leaf, element.names) : leaf, fields);
    }
  }

  text(element: XmlElement, leaf: Field, fields: Field[]): void {
    const { parent } = element;
    if (parent?.path.key.toLowerCase() === 'table' && element.path.key.toLowerCase() === 'column') {
      parent.addColumn(leaf.value.trim());
    }
    const isNamed = element.path.named && parent !== undefined && parent.names.length > 0;
    const names = element.names.length > 0 ? element.names : isNamed ? parent.names : [];
    if (element.path.naming && parent !== undefined) this.#name(parent, leaf.value);
    if (BASE64.test(leaf.value)) this.longText(element, leaf, fields);
    else this.#add(names.length > 0 ? named(leaf, names) : leaf, fields);
  }

  longText(_element: XmlElement, leaf: Field, fields: Field[]): void {
    if (!BASE64.test(leaf.value)) return;
    const file = new Attached(leaf);
    file.add(leaf.value);
    for (const field of file.fields(this.#attaching)) fields.push(field);
  }

  close(): void {
    // Nothing waits.
  }

  end(): void {
    // Nothing waits.
  }

  /** `<property name="ssn">`, `<code>SSN</code><value>…`: only words of the vocabulary become labels. */
  #name(element: XmlElement, text: string): void {
    if (text.length > NAME_CHARS) return;
    const words = this.#attaching.vocabulary.find(text).map(({ start, end }) => text.slice(start, end));
    if (words.length > 0) element.names = words;
  }

  #add(leaf: Field, fields: Field[]): void {
    const { vocabulary } = this.#attaching;
    if (leaf.value.length <= limits.lineBytes) addLeaf(fields, leaf, vocabulary);
    else for (const field of longTextFields(leaf, vocabulary)) fields.push(field);
  }
}

function named(leaf: Field, names: readonly string[]): Field {
  return { ...leaf, labels: [...names, ...leaf.labels] };
}
