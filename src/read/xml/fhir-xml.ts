import type { Field } from '../../detect/field.ts';
import type { Attaching } from '../attached.ts';
import { FhirReading } from '../fhir/fhir-reading.ts';
import { Narrative } from './narrative.ts';
import type { XmlElement, XmlFormat } from './xml-element.ts';

/** HL7 FHIR R4 2.6.1.1: a value is the attribute `value` of its element, and a resource is an element with a capital. */
export class FhirXml implements XmlFormat {
  readonly #attaching: Attaching;
  readonly #fhir: FhirReading;
  /** The narrative, and the element that it is in. */
  #narrative: { readonly text: Narrative; readonly div: XmlElement; place: Field | undefined } | undefined;

  constructor(attaching: Attaching) {
    this.#attaching = attaching;
    this.#fhir = new FhirReading(attaching);
  }

  open(element: XmlElement, fields: Field[]): void {
    if (this.#narrative !== undefined) {
      this.#narrative.text.tag(element.name, false);
      return;
    }
    if (element.name === 'div') {
      this.#narrative = { text: new Narrative(), div: element, place: undefined };
      return;
    }
    const value = element.attributes.get('value');
    if (value !== undefined && value.value !== '') this.#fhir.leaf(element.name, value, fields);
    const isResource = /^[A-Z]/.test(element.name);
    this.#fhir.open(element.name, isResource ? this.#attaching.numbers.next() : element.record);
    if (isResource) this.#fhir.leaf('resourceType', this.#typeOf(element), fields);
    const url = element.attributes.get('url');
    if (url !== undefined) this.#fhir.leaf('url', url, fields);
  }

  #typeOf(element: XmlElement): Field {
    const { name: value, record, pointer } = element;
    return { value, labels: [], tie: 'key', record, offset: 0, line: 1, column: 1, pointer, span: 'fixed' };
  }

  text(_element: XmlElement, leaf: Field, fields: Field[]): void {
    const narrative = this.#narrative;
    if (narrative === undefined) {
      this.#fhir.leaf('text', leaf, fields);
      return;
    }
    narrative.place ??= leaf;
    narrative.text.add(leaf.value);
    if (narrative.text.isFull) this.#tell(fields);
  }

  longText(): void {
    // Values are attributes.
  }

  close(element: XmlElement, fields: Field[]): void {
    if (this.#narrative === undefined) {
      this.#fhir.close(fields);
    } else if (element === this.#narrative.div) {
      this.#tell(fields);
      this.#narrative = undefined;
    } else {
      this.#narrative.text.tag(element.name, true);
    }
  }

  end(fields: Field[]): void {
    this.#fhir.end(fields);
  }

  #tell(fields: Field[]): void {
    if (this.#narrative?.place === undefined) return;
    const { text, place } = this.#narrative;
    this.#fhir.leaf('div', { ...place, value: text.take(), span: 'fixed' }, fields);
    this.#narrative.place = undefined;
  }
}
