import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { limits } from '../../limits.ts';
import { addDecoded, textFields } from '../line-fields.ts';
import type { RecordNumbers } from '../record-numbers.ts';
import { NOWHERE, type Owner, type Range, type SegmentText } from '../segment-text.ts';
import { type Delimiters, delimitersAt, partsOf, STANDARD, unescaped } from './delimiters.ts';
import { type FieldRule, personFields, providerSegments } from './person-fields.ts';
import { addValue } from './values.ts';

/** Fields of a segment that may be read: more than any version defines. */
const FIELDS = 128;
/** Repetitions of one field. */
const REPETITIONS = 64;
/** MSH-11: training and debugging. A name of the sending or receiving facility that says test. */
const TEST_MODE = /^[TD]$/;
const TEST_FACILITY = /(?:^|[^A-Za-z])(?:TEST|DEMO)(?:$|[^A-Za-z])/i;
/** One criterion of a query by example: `@PID.5.1^SMITH` (v2.5.1, 5.4.1; IHE ITI-21). */
const CRITERION = /^@([A-Z][A-Z0-9]{2})\.(\d{1,3})(?:\.(\d{1,2}))?/;

/** Reads the segments of messages, one after the other. Each message, and each PID in one, opens a record. */
export class Hl7Messages {
  readonly #numbers: RecordNumbers;
  readonly #vocabulary: Vocabulary;
  #delimiters: Delimiters = STANDARD;
  #owner: Owner | undefined;
  #synthetic = false;
  /** The record has its patient: another PID opens the next. */
  #identified = false;

  constructor(numbers: RecordNumbers, vocabulary: Vocabulary) {
    this.#numbers = numbers;
    this.#vocabulary = vocabulary;
  }

  /** What stood before has no bearing on what follows. */
  leave(): void {
    this.#owner = undefined;
    this.#identified = false;
    this.#synthetic = false;
    this.#delimiters = STANDARD;
  }

  /** True where a segment begins: three letters or digits, and the delimiter of this message. */
  beginsAt(text: string, at: number): boolean {
    return (
      /^[A-Z][A-Z0-9]{2}$/.test(text.slice(at, at + 3)) &&
      (text.charAt(at + 3) === this.#delimiters.field || delimitersAt(text, at) !== undefined)
    );
  }

  /** Adds the fields of the segment from `start` to `end`. */
  read(source: SegmentText, start: number, end: number, fields: Field[]): void {
    const { text } = source;
    const name = text.slice(start, start + 3);
    const declared = delimitersAt(text, start);
    if (declared !== undefined) this.#delimiters = declared;
    const parts = fieldsOf(text, start, end, this.#delimiters.field);
    if (declared !== undefined) {
      this.#open(name, text, parts);
      return;
    }
    if (name === 'PID' && this.#identified) this.#owner = undefined;
    if (name === 'PID') this.#identified = true;
    this.#owner ??= { record: this.#numbers.next(), synthetic: this.#synthetic };
    // Places are asked for in rising order: the whole segment first.
    if (!providerSegments.has(name)) this.#bare(source, [start, end], this.#owner, fields);
    const rules = personFields.get(name);
    if (rules !== undefined) this.#person(source, name, parts, rules, fields);
    else if (name === 'OBX') this.#observation(source, parts, fields);
    else if (name === 'NTE') this.#text(source, parts[3], [], fields);
    else if (name === 'QPD' || name === 'ERQ' || name === 'SPR') this.#query(source, parts, fields);
  }

  /** MSH-1 is the delimiter itself, so the part behind it is MSH-2. */
  #open(name: string, text: string, parts: readonly Range[]): void {
    const at = (field: number): string => text.slice(...(parts[field - 1] ?? NOWHERE));
    this.#owner = undefined;
    this.#identified = false;
    if (name !== 'MSH') return;
    const mode = partsOf(text, ...(parts[10] ?? NOWHERE), this.#delimiters.component)[0] ?? NOWHERE;
    this.#synthetic = isTestMode(text.slice(...mode)) || isTestFacility(at(4)) || isTestFacility(at(6));
  }

  #person(
    source: SegmentText,
    name: string,
    parts: readonly Range[],
    rules: ReadonlyMap<number, FieldRule>,
    fields: Field[],
  ): void {
    for (const [number, range] of parts.entries()) {
      const rule = rules.get(number);
      if (rule !== undefined) this.#value(source, `${name}-${String(number)}`, range, rule, fields);
    }
  }

  #value(source: SegmentText, position: string, range: Range, rule: FieldRule, fields: Field[]): void {
    const owner = this.#owner;
    if (range[0] === range[1] || owner === undefined) return;
    const delimiters = this.#delimiters;
    const repetitions = partsOf(source.text, range[0], range[1], delimiters.repetition);
    for (const repetition of repetitions.slice(0, REPETITIONS)) {
      addValue(fields, { source, range: repetition, delimiters, rule, position, owner });
    }
  }

  /** The value of an observation is called what OBX-3 says. */
  #observation(source: SegmentText, parts: readonly Range[], fields: Field[]): void {
    const [code = '', words = ''] = partsOf(source.text, ...(parts[3] ?? NOWHERE), this.#delimiters.component).map(
      (range) => source.decode(source.text.slice(...range)),
    );
    this.#text(
      source,
      parts[5],
      [words, code].filter((label) => label !== ''),
      fields,
    );
  }

  /** A free text, with what is encoded in its components. */
  #text(source: SegmentText, range: Range | undefined, labels: readonly string[], fields: Field[]): void {
    const owner = this.#owner;
    if (range === undefined || range[0] === range[1] || owner === undefined) return;
    const end = Math.min(range[1], range[0] + limits.lineBytes);
    const raw = source.text.slice(range[0], end);
    const value = source.decode(unescaped(raw, this.#delimiters));
    const pinned = source.pin(range[0], end);
    const span = value === pinned.value ? pinned.span : 'fixed';
    const field: Field = {
      ...pinned,
      value,
      span,
      labels,
      tie: labels.length === 0 ? 'bare' : 'key',
      record: owner.record,
      ...(owner.synthetic ? { synthetic: true } : {}),
    };
    if (labels.length > 0) fields.push(field);
    const inner = [...textFields(value, field, this.#vocabulary)];
    for (const component of value.split(this.#delimiters.component)) {
      addDecoded(inner, { ...field, value: component, span: 'fixed' }, this.#vocabulary);
    }
    for (const one of inner) fields.push(owner.synthetic ? { ...one, synthetic: true } : one);
  }

  #query(source: SegmentText, parts: readonly Range[], fields: Field[]): void {
    const { text } = source;
    const { repetition, component } = this.#delimiters;
    const owner = this.#owner;
    if (owner === undefined) return;
    for (const part of parts.slice(2)) {
      for (const [start, end] of partsOf(text, ...part, repetition).slice(0, REPETITIONS)) {
        const [, segment = '', field = ''] = CRITERION.exec(text.slice(start, start + 16)) ?? [];
        const rule = personFields.get(segment)?.get(Number(field));
        const value = text.indexOf(component, start) + 1;
        if (rule === undefined || value === 0 || value > end) continue;
        const position = `${segment}-${field}`;
        const whole: FieldRule = { ...rule, type: rule.type === 'XPN' ? 'ST' : rule.type };
        const label = whole.type === 'ST' && rule.type === 'XPN' ? partOfName(text.slice(start, end)) : rule.label;
        addValue(fields, {
          source,
          range: [value, end],
          delimiters: this.#delimiters,
          rule: { ...whole, label },
          position,
          owner,
        });
      }
    }
  }

  /** Shapes that need no label, wherever in the segment. */
  #bare(source: SegmentText, [start, end]: Range, owner: Owner, fields: Field[]): void {
    for (let from = start; from < end; from += limits.lineBytes) {
      fields.push({
        ...source.pin(from, Math.min(end, from + limits.lineBytes)),
        labels: [],
        tie: 'bare',
        record: owner.record,
        ...(owner.synthetic ? { synthetic: true } : {}),
      });
    }
  }
}

/** MSH-11, first component. */
export function isTestMode(mode: string): boolean {
  return TEST_MODE.test(mode);
}

/** MSH-4 or MSH-6. */
export function isTestFacility(facility: string): boolean {
  return TEST_FACILITY.test(facility);
}

/** A segment's fields; the first is its name. */
function fieldsOf(text: string, start: number, end: number, delimiter: string): readonly Range[] {
  return partsOf(text, start, end, delimiter).slice(0, FIELDS);
}

function partOfName(criterion: string): string {
  const component = CRITERION.exec(criterion)?.[3];
  return component === undefined || component === '1' ? 'last name' : component === '2' ? 'first name' : 'middle name';
}
