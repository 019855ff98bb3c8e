import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { addLeaf } from '../json-leaf.ts';
import { textFields } from '../line-fields.ts';
import type { TreeReading } from '../tree-reading.ts';
import { meaningOfTag, tagName } from './tags.ts';

/** An attribute has its tag as its key, eight digits; its value is below `Value`, of a name by its script. */
const TAG = /^[0-9A-Fa-f]{8}$/;

interface Part {
  readonly name: string;
  readonly record: number;
  /** Of the attribute that it is in, if it is. */
  readonly tag: number | undefined;
}

/** The DICOM JSON model, PS3.18 annex F. */
export class DicomJson implements TreeReading {
  readonly #vocabulary: Vocabulary;
  readonly #open: Part[] = [];

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  open(name: string, record: number): void {
    const around = this.#open.at(-1);
    const isAttribute = TAG.test(name);
    // What is in an attribute is of the same person, though it is in a list.
    const own = around?.tag === undefined && !isAttribute ? record : (around?.record ?? record);
    this.#open.push({ name, record: own, tag: isAttribute ? Number.parseInt(name, 16) : around?.tag });
  }

  leaf(name: string, leaf: Field, fields: Field[]): void {
    const part = this.#open.at(-1);
    if (part?.tag === undefined) {
      addLeaf(fields, leaf, this.#vocabulary);
      return;
    }
    if (name === 'vr' || name === 'InlineBinary' || name === 'BulkDataURI') return;
    addAttribute(fields, { ...leaf, record: part.record }, part.tag, this.#vocabulary);
  }

  close(): void {
    this.#open.pop();
  }

  end(): void {
    this.#open.length = 0;
  }
}

/** Adds the fields of one value of an attribute. `label` says of which part of a name. */
export function addAttribute(fields: Field[], leaf: Field, tag: number, vocabulary: Vocabulary, label?: string): void {
  const meaning = meaningOfTag(tag);
  if (meaning === undefined) return;
  if (meaning.kind === 'text') {
    for (const field of textFields(leaf.value, { ...leaf, labels: [], tie: 'bare' }, vocabulary)) fields.push(field);
    return;
  }
  const value = leaf.value.replace(/\^+$/, '');
  fields.push({ ...leaf, value, labels: [label ?? meaning.label], tie: 'position', position: tagName(tag) });
}
