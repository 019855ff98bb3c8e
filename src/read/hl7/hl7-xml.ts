import type { Field } from '../../detect/field.ts';
import type { Attaching } from '../attached.ts';
import { PlacedText, type Owner } from '../segment-text.ts';
import { PlainXml } from '../xml/plain-xml.ts';
import type { XmlElement, XmlFormat } from '../xml/xml-element.ts';
import { STANDARD } from './delimiters.ts';
import { isTestFacility, isTestMode } from './message.ts';
import { personFields, providerSegments } from './person-fields.ts';
import { addValue } from './values.ts';

const SEGMENT = /^[A-Z][A-Z0-9]{2}$/;
/** `PID.5`, `XPN.1`: where a part stands in what holds it. */
const PART = /^[A-Z][A-Z0-9]{1,2}\.(\d{1,3})$/;
/** Components and subcomponents that are kept. */
const PARTS = 32;

/** A field while it is open. */
interface OpenField {
  readonly element: XmlElement;
  readonly segment: string;
  readonly number: number;
  /** Of its first text. */
  place: Field | undefined;
  /** By component, then by subcomponent. */
  readonly components: ((string | undefined)[] | undefined)[];
}

/** HL7 v2 in XML (urn:hl7-org:v2xml): the fields of a segment are put together and read as those of the other encoding. */
export class Hl7Xml implements XmlFormat {
  readonly #attaching: Attaching;
  readonly #plain: PlainXml;
  #owner: Owner | undefined;
  #synthetic = false;
  /** The record has its patient: another PID opens the next. */
  #identified = false;
  #open: OpenField | undefined;

  constructor(attaching: Attaching) {
    this.#attaching = attaching;
    this.#plain = new PlainXml(attaching);
  }

  open(element: XmlElement, fields: Field[]): void {
    const { name, parent } = element;
    if (SEGMENT.test(name)) this.#segment(name);
    const segment = parent?.name ?? '';
    const number = Number(PART.exec(name)?.[1] ?? 0);
    if (this.#open === undefined && SEGMENT.test(segment) && name === `${segment}.${String(number)}`) {
      this.#open = { element, segment, number, place: undefined, components: [] };
    }
    if (this.#open === undefined) this.#plain.open(element, fields);
  }

  text(element: XmlElement, leaf: Field, fields: Field[]): void {
    const open = this.#open;
    if (open === undefined) {
      this.#plain.text(element, leaf, fields);
    } else if (personFields.get(open.segment)?.has(open.number) === true || open.segment === 'MSH') {
      const [component, subcomponent] = partsOf(element, open.element);
      const parts = (open.components[component - 1] ??= []);
      parts[subcomponent - 1] = leaf.value.replace(/[\s^~&|\\]+/g, ' ').trim();
      open.place ??= leaf;
    } else if (!providerSegments.has(open.segment)) {
      this.#plain.text(element, leaf, fields);
    }
  }

  longText(element: XmlElement, leaf: Field, fields: Field[]): void {
    this.#plain.longText(element, leaf, fields);
  }

  close(element: XmlElement, fields: Field[]): void {
    const open = this.#open;
    if (open?.element !== element) return;
    this.#open = undefined;
    const text = Array.from(open.components, (parts) => Array.from(parts ?? [], (part) => part ?? '').join('&')).join(
      '^',
    );
    if (open.segment === 'MSH') {
      this.#synthetic ||= open.number === 11 ? isTestMode(open.components[0]?.[0] ?? '') : false;
      if (open.number === 4 || open.number === 6) this.#synthetic ||= isTestFacility(text);
    }
    const rule = personFields.get(open.segment)?.get(open.number);
    if (rule === undefined || open.place === undefined) return;
    this.#owner ??= { record: this.#attaching.numbers.next(), synthetic: this.#synthetic };
    addValue(fields, {
      source: new PlacedText(text, { ...open.place, span: 'fixed' }),
      range: [0, text.length],
      delimiters: STANDARD,
      rule,
      position: `${open.segment}-${String(open.number)}`,
      owner: this.#owner,
    });
  }

  end(): void {
    this.#open = undefined;
  }

  #segment(name: string): void {
    if (name === 'MSH' || (name === 'PID' && this.#identified)) {
      this.#owner = undefined;
      this.#identified = false;
    }
    if (name === 'MSH') this.#synthetic = false;
    if (name === 'PID') this.#identified = true;
  }
}

/** Component and subcomponent of an element below a field, from 1. */
function partsOf(element: XmlElement, field: XmlElement): readonly [number, number] {
  const steps: number[] = [];
  for (let at: XmlElement | undefined = element; at !== undefined && at !== field; at = at.parent) {
    steps.unshift(Math.min(PARTS, Number(PART.exec(at.name)?.[1] ?? 1)) || 1);
  }
  return [steps[0] ?? 1, steps[1] ?? 1];
}
