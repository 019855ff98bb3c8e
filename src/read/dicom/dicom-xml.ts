import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import type { XmlElement, XmlFormat } from '../xml/xml-element.ts';
import { addAttribute } from './dicom-json.ts';

const NAME_PARTS: Readonly<Record<string, string>> = {
  FamilyName: 'patient last name',
  GivenName: 'patient first name',
  MiddleName: 'patient middle name',
};
/** Parts of a name that are no name. */
const AFFIXES = /^Name(?:Prefix|Suffix)$/;

/** The Native DICOM Model, PS3.19 A.1: attributes are elements with their tag. */
export class DicomXml implements XmlFormat {
  readonly #vocabulary: Vocabulary;
  #record = 0;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  open(element: XmlElement): void {
    if (element.name === 'NativeDicomModel') this.#record = element.record;
  }

  text(element: XmlElement, leaf: Field, fields: Field[]): void {
    const attribute = attributeOf(element);
    if (attribute === undefined || AFFIXES.test(element.name) || element.name === 'InlineBinary') return;
    const tag = Number.parseInt(attribute.attribute('tag'), 16);
    const base = { ...leaf, record: this.#record === 0 ? leaf.record : this.#record };
    if (Number.isNaN(tag)) return;
    const part = tag === PATIENT_NAME ? NAME_PARTS[element.name] : undefined;
    addAttribute(fields, base, tag, this.#vocabulary, part);
  }

  longText(): void {
    // Pixels, or a text that was read as such.
  }

  close(): void {
    // Nothing waits.
  }

  end(): void {
    // Nothing waits.
  }
}

const PATIENT_NAME = 0x0010_0010;

function attributeOf(element: XmlElement): XmlElement | undefined {
  let at: XmlElement | undefined = element;
  while (at !== undefined && at.name !== 'DicomAttribute') at = at.parent;
  return at;
}
