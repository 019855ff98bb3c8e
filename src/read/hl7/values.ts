import type { Field } from '../../detect/field.ts';
import { addPlaced, labelsOf, NOWHERE, type Owner, type Range, type SegmentText } from '../segment-text.ts';
import { type Delimiters, partsOf, unescaped } from './delimiters.ts';
import { identifierLabel } from './identifier-types.ts';
import type { FieldRule } from './person-fields.ts';

/** Two quotes delete what was there; in a source string they are escaped. */
const DELETED = /^\\?"\\?"$/;

/** One repetition of a field, and what holds for it. */
export interface Repetition {
  readonly source: SegmentText;
  readonly range: Range;
  readonly delimiters: Delimiters;
  readonly rule: FieldRule;
  /** `PID-5`. */
  readonly position: string;
  readonly owner: Owner;
}

/** Adds what a repetition holds, by its data type. */
export function addValue(fields: Field[], repetition: Repetition): void {
  const [start, end] = repetition.range;
  if (start === end) return;
  const components = new Components(fields, repetition);
  switch (repetition.rule.type) {
    case 'CX':
      components.identifier();
      return;
    case 'XCN':
      components.identifier();
      components.name(2);
      return;
    case 'XPN':
      components.name(1);
      return;
    case 'XAD':
      components.address();
      return;
    case 'XTN':
      components.telephone();
      return;
    case 'TS':
    case 'ST':
      components.put(components.range(1), repetition.rule.label);
  }
}

/** The components of one repetition. */
class Components {
  readonly #fields: Field[];
  readonly #repetition: Repetition;
  readonly #ranges: readonly Range[];

  constructor(fields: Field[], repetition: Repetition) {
    this.#fields = fields;
    this.#repetition = repetition;
    const { source, range, delimiters } = repetition;
    this.#ranges = partsOf(source.text, range[0], range[1], delimiters.component);
  }

  /** From 1. */
  range(number: number): Range {
    return this.#ranges[number - 1] ?? NOWHERE;
  }

  #text(number: number): string {
    return this.#decoded(this.range(number));
  }

  #decoded([start, end]: Range): string {
    const value = unescaped(this.#repetition.source.text.slice(start, end), this.#repetition.delimiters).trim();
    return DELETED.test(value) ? '' : value;
  }

  /** Adds a range under a label; `spelled` where the value is put together of parts. */
  put(range: Range, label: string, spelled: string = this.#decoded(range)): void {
    const { source, rule, position, owner } = this.#repetition;
    if (spelled === '') return;
    addPlaced(this.#fields, source, range, { position, labels: labelsOf(label, rule.whose) }, owner, spelled);
  }

  identifier(): void {
    const range = this.range(1);
    const label = identifierLabel(this.#text(1), this.#text(5), this.#text(4), this.#repetition.rule.label);
    if (label !== undefined) this.put(range, label);
  }

  /** Family, given and middle name from component `first` on, as one value where there is a given one. */
  name(first: number): void {
    const { rule } = this.#repetition;
    const label = rule.type === 'XCN' ? 'name' : rule.label;
    const family = this.#subcomponents(this.range(first))[0] ?? '';
    const given = this.#text(first + 1);
    const middle = this.#text(first + 2);
    if (family !== '' && given !== '') {
      const last = middle === '' ? first + 1 : first + 2;
      const range: Range = [this.range(first)[0], this.range(last)[1]];
      this.put(range, label, [family, given, ...(middle === '' ? [] : [middle])].join('^'));
    } else if (family !== '') {
      const [start] = this.range(first);
      const range: Range = [start, start + family.length];
      this.put(range, /[\s,]/.test(family) || label !== 'name' ? label : 'last name', family);
    } else if (given !== '') {
      this.put(this.range(first + 1), 'first name');
    }
  }

  /** Street to ZIP as one value, and a ZIP code by itself: streets abroad, or without a number, have no shape. */
  address(): void {
    const [street = '', name = '', house = ''] = this.#subcomponents(this.range(1));
    const line = street !== '' ? street : [house, name].filter((part) => part !== '').join(' ');
    const rest = [2, 3, 4, 5].map((number) => this.#text(number));
    const parts = line === '' ? rest : [line, ...rest];
    while (parts.at(-1) === '') parts.pop();
    const range: Range = [this.range(1)[0], this.#lastOf(5)];
    if (parts.length > 0) this.put(range, this.#repetition.rule.label, parts.join('^'));
    if (/^\d{5}(?:-?\d{4})?$/.test(rest[3] ?? '')) this.put(this.range(5), 'zip code');
  }

  /** Where the last component up to `number` ends, without the empty ones behind it. */
  #lastOf(number: number): number {
    let last = Math.min(number, this.#ranges.length);
    while (last > 1 && this.#text(last) === '') last--;
    return this.range(last)[1];
  }

  /** v2.5.1, 2A.89: a number as one text, or area code and number by themselves; an e-mail address in the fourth. */
  telephone(): void {
    const use = this.#text(2);
    const equipment = this.#text(3);
    const isFax = equipment === 'FX' || use === 'FX';
    const label = isFax ? 'fax' : this.#repetition.rule.label;
    const first = this.range(1);
    const whole = this.#text(1);
    if (whole.includes('@')) {
      this.put(first, 'email');
    } else if (/\d{4}/.test(whole)) {
      // Behind the number, B is a beeper and C a comment.
      const number = /^[+\d().\s-]+(?:[xX]\s?\d{1,6})?/.exec(whole)?.[0] ?? whole;
      this.put([first[0], Math.min(first[1], first[0] + number.length)], label, number.trim());
    }
    if (this.#text(4).includes('@')) this.put(this.range(4), 'email');
    const [area, local] = [this.#text(6), this.#text(7)];
    if (local !== '' && !/\d{4}/.test(whole)) {
      const country = this.#text(5).replace(/\D/g, '');
      const abroad = country !== '' && !/^0{0,2}1$/.test(country) ? `+${country} ` : '';
      const digits = local.replace(/\D/g, '').length === 7 ? local.replace(/\D/g, '') : local;
      const from = area === '' ? this.range(7) : ([this.range(6)[0], this.range(7)[1]] as const);
      this.put(from, label, abroad === '' ? `${area}${digits}` : `${abroad}${area} ${digits}`);
    }
    if (whole === '' && local === '') this.put(this.range(12), label);
  }

  #subcomponents([start, end]: Range): readonly string[] {
    const { source, delimiters } = this.#repetition;
    return partsOf(source.text, start, end, delimiters.subcomponent).map((part) => this.#decoded(part));
  }
}
