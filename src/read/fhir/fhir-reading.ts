import type { Field } from '../../detect/field.ts';
import { Attached, type Attaching } from '../attached.ts';
import { addLeaf } from '../json-leaf.ts';
import { textFields } from '../line-fields.ts';
import type { TreeReading } from '../tree-reading.ts';
import { FhirElement } from './element.ts';
import { meaningOf } from './meaning.ts';
import { type Owner, ownerOf } from './owner.ts';
import { textOfXhtml } from './xhtml.ts';

/** Leaves, and characters of them, that wait for the end of their resource: more than any person has. */
const WAITING = 1000;
const WAITING_CHARS = 256 * 1024;

/** Elements that hold words of people, whatever the resource. */
const FREE_TEXT =
  /^(?:text|div|comments?|note|description|conclusion|summary|details|title|patientInstruction|valueString|valueMarkdown|valueDate|valueDateTime|valueInteger)$/;

interface Waiting {
  readonly name: string;
  readonly leaf: Field;
  readonly element: FhirElement;
}

/**
 * HL7 FHIR (DSTU2 to R5): who owns a resource decides what its values are. Keys come in any order, so values wait until
 * their resource ends, or until there are too many: then what is known by now decides.
 */
export class FhirReading implements TreeReading {
  readonly #attaching: Attaching;
  #element: FhirElement | undefined;
  #waiting: Waiting[] = [];
  #chars = 0;
  #attached: { readonly element: FhirElement; readonly file: Attached } | undefined;

  constructor(attaching: Attaching) {
    this.#attaching = attaching;
  }

  open(name: string, record: number): void {
    this.#element = new FhirElement(name.replace(/^_/, ''), this.#element, record, this.#waiting.length);
  }

  leaf(name: string, leaf: Field, fields: Field[]): void {
    const element = this.#element;
    if (element === undefined) {
      addLeaf(fields, leaf, this.#attaching.vocabulary);
      return;
    }
    if (this.#attach(name, leaf, element)) return;
    element.tell(name, leaf.value);
    this.#waiting.push({ name, leaf, element });
    this.#chars += leaf.value.length;
    if (this.#waiting.length > WAITING || this.#chars > WAITING_CHARS) this.#flush(0, fields);
  }

  close(fields: Field[]): void {
    const element = this.#element;
    if (element === undefined) return;
    this.#detach(element, fields);
    this.#element = element.parent;
    if (element.parent === undefined) this.#flush(0, fields);
    // What is contained may be part of a definition that names itself last.
    else if (element.resourceType !== undefined && element.name !== 'contained') this.#flush(element.start, fields);
  }

  end(fields: Field[]): void {
    for (let element = this.#element; element !== undefined; element = element.parent) this.#detach(element, fields);
    this.#flush(0, fields);
    this.#element = undefined;
  }

  /** Attachment.data, and Binary.data, which was Binary.content before R4. */
  #attach(name: string, leaf: Field, element: FhirElement): boolean {
    if (name !== 'data' && (name !== 'content' || element.resourceType !== 'Binary')) return false;
    this.#attached ??= { element, file: new Attached(leaf) };
    if (this.#attached.element === element) this.#attached.file.add(leaf.value);
    return true;
  }

  #detach(element: FhirElement, fields: Field[]): void {
    const attached = this.#attached;
    if (attached?.element !== element) return;
    this.#attached = undefined;
    const owner = ownerOf(element);
    if (owner === 'definition' || owner === 'provider') return;
    if (element.name === 'photo') {
      this.#waiting.push({ name: 'url', leaf: attached.file.asPicture(element.fact('contentType')), element });
      return;
    }
    for (const field of attached.file.fields(this.#attaching)) fields.push(field);
  }

  /** The leaves from `start` on are judged by what is known by now. */
  #flush(start: number, fields: Field[]): void {
    for (const waiting of this.#waiting.splice(start)) {
      this.#chars -= waiting.leaf.value.length;
      this.#emit(waiting, fields);
    }
  }

  #emit({ name, leaf, element }: Waiting, fields: Field[]): void {
    const owner = ownerOf(element);
    const { vocabulary } = this.#attaching;
    if (owner === undefined) {
      addLeaf(fields, leaf, vocabulary);
      return;
    }
    if (owner === 'definition') return;
    const resource = element.resource();
    const told = element.isTest() ? { synthetic: true } : {};
    const meaning = meaningOf(name, element, owner);
    const base = { ...leaf, ...told, record: resource.record };
    if (meaning !== undefined) {
      const position = positionOf(name, element);
      fields.push({ ...base, labels: [meaning], tie: 'position', position });
      return;
    }
    if (owner === 'provider') return;
    this.#emitText(name, base, element, owner, fields);
  }

  /** What is no value of a fixed meaning: words of people are read as text, the rest only where it can be nothing else. */
  #emitText(name: string, base: Field, element: FhirElement, owner: Owner, fields: Field[]): void {
    const { vocabulary } = this.#attaching;
    const label = questionOf(name, element);
    if (label !== '') {
      const words = vocabulary.find(label).map((span) => label.slice(span.start, span.end));
      if (words.length > 0) fields.push({ ...base, labels: words, tie: 'key' });
    }
    if (FREE_TEXT.test(name)) {
      const bare: Field = { ...base, labels: [], tie: 'bare' };
      const text = name === 'div' ? { ...bare, span: 'fixed' as const } : bare;
      const value = name === 'div' ? textOfXhtml(base.value) : base.value;
      for (const field of textFields(value, text, vocabulary)) fields.push(field);
    } else if (owner !== 'envelope' && /\d{2}/.test(base.value) && name !== 'id' && name !== 'reference') {
      fields.push({ ...base, labels: [], tie: 'bare' });
    }
  }
}

/** What was asked: `QuestionnaireResponse.item.text`, and the name of a parameter. */
function questionOf(name: string, element: FhirElement): string {
  if (!name.startsWith('value')) return '';
  if (element.name === 'answer') return element.parent?.fact('text') ?? '';
  return element.name === 'parameter' ? element.fact('name') : '';
}

/** `Patient.name.family`. */
function positionOf(name: string, element: FhirElement): string {
  let path = name;
  for (let at: FhirElement | undefined = element; at !== undefined; at = at.parent) {
    if (at.resourceType !== undefined) return `${at.resourceType}.${path}`;
    path = `${at.name}.${path}`;
  }
  return path;
}
