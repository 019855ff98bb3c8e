import type { Field } from '../../detect/field.ts';
import { Attached, type Attaching } from '../attached.ts';
import { textFields } from '../line-fields.ts';
import { Narrative } from '../xml/narrative.ts';
import type { XmlElement, XmlFormat } from '../xml/xml-element.ts';
import { longTextFields } from '../xml/xml-tree.ts';
import { type Role, roleOf } from './role.ts';
import { valueLabel } from './value-label.ts';

/** HL7's own OID for examples. */
const EXAMPLE_OID = /^2\.16\.840\.1\.113883\.19\./;
/** Shorter words of an element are a code's or a number's. */
const FEWEST_CHARS = 3;

/** Somebody that the document is about, or that took part. */
interface Actor {
  readonly role: Role;
  readonly element: XmlElement;
  readonly record: number;
  readonly around: Actor | undefined;
  test: boolean;
}

/** HL7 version 3 and CDA R2: whose role a value is in decides what it is. `nullFlavor` says that there is none. */
export class CdaXml implements XmlFormat {
  readonly #attaching: Attaching;
  #actor: Actor | undefined;
  /** Record of the last patient: a document is about one. */
  #record = 0;
  #test = false;
  #narrative: { readonly text: Narrative; readonly element: XmlElement; place: Field | undefined } | undefined;

  constructor(attaching: Attaching) {
    this.#attaching = attaching;
  }

  open(element: XmlElement, fields: Field[]): void {
    if (this.#narrative !== undefined) {
      this.#narrative.text.tag(element.name, false);
      return;
    }
    if (element.name === 'text' && element.attribute('representation') !== 'B64') {
      this.#narrative = { text: new Narrative(), element, place: undefined };
      return;
    }
    const role = roleOf(element);
    if (role !== undefined) this.#begin(role, element);
    if (element.attribute('nullFlavor') !== '') return;
    for (const name of ['extension', 'value']) {
      const leaf = element.attributes.get(name);
      if (leaf !== undefined) this.#value(name, element, leaf, fields);
    }
  }

  #begin(role: Role, element: XmlElement): void {
    const around = this.#actor;
    const isSame = around?.role === 'patient' && role === 'patient';
    const record = isSame ? around.record : this.#attaching.numbers.next();
    this.#actor = { role, element, record, around, test: this.#test };
    if (role === 'patient') {
      this.#record = record;
      if (!isSame) this.#actor.test = this.#test = false;
    }
  }

  #value(name: string, element: XmlElement, leaf: Field, fields: Field[]): void {
    const actor = this.#actor;
    if (element.name === 'id' && EXAMPLE_OID.test(element.attribute('root')) && actor !== undefined) {
      actor.test = true;
      if (actor.role === 'patient') this.#test = true;
    }
    const label = valueLabel(name, element, actor);
    if (label === undefined) return;
    const scheme = element.name === 'telecom' ? (/^[a-z]{2,8}:/i.exec(leaf.value)?.[0] ?? '') : '';
    this.#push(fields, actor, label, element, scheme === '' ? leaf : behind(leaf, scheme.length));
  }

  text(element: XmlElement, leaf: Field, fields: Field[]): void {
    if (this.#narrative !== undefined) {
      this.#narrative.place ??= leaf;
      this.#narrative.text.add(leaf.value);
      if (this.#narrative.text.isFull) this.#tell(fields);
      return;
    }
    if (element.attribute('representation') === 'B64') {
      this.longText(element, leaf, fields);
      return;
    }
    const actor = this.#actor;
    if (actor?.role === 'provider') return;
    const label = valueLabel('', element, actor);
    if (label !== undefined) this.#push(fields, actor, label, element, leaf);
    else if (leaf.value.length >= FEWEST_CHARS) {
      for (const field of longTextFields(this.#plain(leaf), this.#attaching.vocabulary)) fields.push(field);
    }
  }

  longText(element: XmlElement, leaf: Field, fields: Field[]): void {
    if (element.attribute('representation') !== 'B64') return;
    const file = new Attached(leaf);
    file.add(leaf.value);
    for (const field of file.fields(this.#attaching)) fields.push(field);
  }

  close(element: XmlElement, fields: Field[]): void {
    const narrative = this.#narrative;
    if (narrative !== undefined) {
      if (element !== narrative.element) {
        narrative.text.tag(element.name, true);
        return;
      }
      this.#tell(fields);
      this.#narrative = undefined;
    }
    if (this.#actor?.element === element) this.#actor = this.#actor.around;
  }

  end(fields: Field[]): void {
    this.#tell(fields);
    this.#narrative = undefined;
    this.#actor = undefined;
  }

  #push(fields: Field[], actor: Actor | undefined, label: string, element: XmlElement, leaf: Field): void {
    const record = actor?.record ?? (this.#record === 0 ? leaf.record : this.#record);
    const told = (actor?.test ?? this.#test) ? { synthetic: true } : {};
    fields.push({ ...leaf, ...told, labels: [label], tie: 'position', record, position: positionOf(element, actor) });
  }

  /** What was gathered of the narrative: text about the patient. */
  #tell(fields: Field[]): void {
    const narrative = this.#narrative;
    if (narrative?.place === undefined || this.#actor?.role === 'provider') return;
    const base: Field = { ...this.#plain(narrative.place), span: 'fixed' };
    narrative.place = undefined;
    for (const field of textFields(narrative.text.take(), base, this.#attaching.vocabulary)) fields.push(field);
  }

  #plain(leaf: Field): Field {
    const told = this.#test ? { synthetic: true } : {};
    return { ...leaf, ...told, labels: [], tie: 'bare', record: this.#record === 0 ? leaf.record : this.#record };
  }
}

/** The value without its first characters. */
function behind(leaf: Field, chars: number): Field {
  const shift = leaf.span === 'fixed' ? 0 : chars;
  return { ...leaf, value: leaf.value.slice(chars), offset: leaf.offset + shift, column: leaf.column + shift };
}

/** `patientRole/patient/name/given`. */
function positionOf(element: XmlElement, actor: Actor | undefined): string {
  let path = element.name;
  for (let at = element.parent; at !== undefined && actor !== undefined; at = at.parent) {
    if (element === actor.element) break;
    path = `${at.name}/${path}`;
    if (at === actor.element) break;
  }
  return path;
}
