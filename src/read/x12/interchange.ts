import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { limits } from '../../limits.ts';
import { textFields } from '../line-fields.ts';
import type { RecordNumbers } from '../record-numbers.ts';
import { addPlaced, labelsOf, NOWHERE, type Owner, type Range, type SegmentText } from '../segment-text.ts';
import { type Delimiters, delimitersAt } from './delimiters.ts';
import { channels, dates, nameIdentifiers, personLevels, persons, references } from './entities.ts';

/** Elements of a segment: more than any has. */
const ELEMENTS = 64;
/** Segments that tell of the party whose loop it is. */
const PARTY = /^(?:NM1|N[1-4]|REF|PER|PRV)$/;
/** Segments of free text. */
const NOTE = /^(?:NTE|MSG|K3|PWK)$/;
const DAY = /^\d{8}(?:\d{4}(?:\d{2})?)?$/;
const DAYS = /^\d{8}-\d{8}$/;

/**
 * Reads the segments of health care transactions, one after the other. Who a loop is about decides: each person of a
 * hierarchical level (HL), member (INS) or claim (CLP) has a record.
 */
export class Interchange {
  readonly #numbers: RecordNumbers;
  readonly #vocabulary: Vocabulary;
  #delimiters: Delimiters;
  #synthetic = false;
  /** The record that is open; 0 when none is. */
  #record = 0;
  /** Whose loop it is; undefined in those of providers, payers and senders. */
  #whose: string | undefined;
  /** Entity codes named in the record: one that comes again is another person. */
  readonly #named = new Set<string>();

  // The segment that is read.
  #source: SegmentText | undefined;
  #elements: readonly Range[] = [];
  #fields: Field[] = [];

  constructor(numbers: RecordNumbers, delimiters: Delimiters, vocabulary: Vocabulary) {
    this.#numbers = numbers;
    this.#vocabulary = vocabulary;
    this.#delimiters = delimiters;
  }

  get delimiters(): Delimiters {
    return this.#delimiters;
  }

  /** Adds the fields of the segment from `start` to `end`, without its terminator. False when it is none. */
  read(source: SegmentText, start: number, end: number, fields: Field[]): boolean {
    const { text } = source;
    const declared = delimitersAt(text, start);
    if (declared !== undefined) this.#delimiters = declared;
    const name = /^[A-Z][A-Z0-9]{1,2}/.exec(text.slice(start, start + 3))?.[0] ?? '';
    if (name === '' || text.charAt(start + name.length) !== this.#delimiters.element) return false;
    this.#source = source;
    this.#elements = elementsOf(text, start, end, this.#delimiters.element);
    this.#fields = fields;
    // Nothing in the loops of providers and payers is a person's, also what looks like it.
    if (this.#whose !== undefined || !PARTY.test(name)) this.#bare(name, start, end);
    this.#segment(name);
    return true;
  }

  #segment(name: string): void {
    switch (name) {
      case 'ISA':
        this.#close();
        this.#synthetic = this.#text(15) === 'T';
        return;
      case 'GS':
      case 'ST':
      case 'SE':
        this.#close();
        return;
      case 'HL':
        if (personLevels.has(this.#text(3))) this.#person('patient');
        else if (/^(?:19|20|21)$/.test(this.#text(3))) this.#close();
        return;
      case 'INS':
        this.#person('subscriber');
        if (this.#text(11) === 'D8') this.#put(12, 'INS12', 'death date');
        return;
      case 'CLP':
        this.#person('patient');
        this.#put(1, 'CLP01', 'patient control number');
        this.#put(7, 'CLP07', 'claim number');
        return;
      case 'CLM':
        this.#whose = 'patient';
        this.#put(1, 'CLM01', 'patient control number');
        return;
      case 'NM1':
        this.#name();
        return;
      case 'N1':
        this.#party();
        return;
      default:
        if (this.#whose !== undefined) this.#detail(name);
    }
  }

  /** What is told of the person whose loop it is. */
  #detail(name: string): void {
    switch (name) {
      case 'LX':
      case 'SBR':
      case 'PRV':
        return;
      case 'N3':
        this.#put(1, 'N301', 'address');
        this.#put(2, 'N302', 'address line 2');
        return;
      case 'N4':
        this.#place();
        return;
      case 'DMG':
        this.#put(2, 'DMG02', 'birth date');
        return;
      case 'PAT':
        if (this.#text(5) === 'D8') this.#put(6, 'PAT06', 'death date');
        return;
      case 'PER':
        this.#contact();
        return;
      case 'REF':
        this.#reference();
        return;
      case 'DTP':
        this.#date(3, 'DTP03');
        return;
      case 'DTM':
        this.#date(2, 'DTM02');
        return;
      default:
    }
  }

  #close(): void {
    this.#record = 0;
    this.#whose = undefined;
    this.#named.clear();
  }

  #person(whose: string): void {
    this.#close();
    this.#record = this.#numbers.next();
    this.#whose = whose;
  }

  /** NM1: the entity, one or many, last, first and middle name, suffix, and an identifier with its kind. */
  #name(): void {
    const entity = this.#text(1);
    const whose = persons.get(entity);
    if (whose === undefined || this.#text(2) === '2') {
      this.#whose = undefined;
      if (this.#text(8) === 'XX') this.#put(9, 'NM109', 'npi', this.#numbers.next());
      return;
    }
    if (this.#record === 0 || this.#named.has(entity)) this.#person(whose);
    this.#whose = whose;
    this.#named.add(entity);
    const [last, first, middle] = [this.#text(3), this.#text(4), this.#text(5)];
    if (last !== '' && first !== '') {
      const end = middle === '' ? 4 : 5;
      const range: Range = [this.#range(3)[0], this.#range(end)[1]];
      const parts = middle === '' ? [last, first] : [last, first, middle];
      this.#add(range, 'NM103', labelsOf('name', whose), this.#record, parts.join('^'));
    } else {
      this.#put(3, 'NM103', /[\s,]/.test(last) ? 'name' : 'last name');
      this.#put(4, 'NM104', 'first name');
    }
    this.#put(9, 'NM109', nameIdentifiers.get(this.#text(8)) ?? 'member id');
  }

  /** N1: the entity, its whole name, and an identifier. */
  #party(): void {
    const whose = persons.get(this.#text(1));
    this.#whose = whose;
    if (whose === undefined) return;
    if (this.#record === 0) this.#person(whose);
    this.#put(2, 'N102', 'name');
    const kind = nameIdentifiers.get(this.#text(3));
    if (kind !== undefined) this.#put(4, 'N104', kind);
  }

  /** N4: city, state and ZIP code as one line, and the code by itself. */
  #place(): void {
    const [city, state, zip] = [this.#text(1), this.#text(2), this.#text(3)];
    const digits = /^\d{5}(?:\d{4})?$/.test(zip);
    const code = digits && zip.length > 5 ? `${zip.slice(0, 5)}-${zip.slice(5)}` : zip;
    const range: Range = [this.#range(1)[0], this.#range(3)[1]];
    if (city !== '' && state !== '' && digits) {
      this.#add(range, 'N401', labelsOf('address', this.#whose), this.#record, `${city}, ${state} ${code}`);
    } else if (digits) {
      this.#put(3, 'N403', 'zip code');
    }
  }

  /** PER: function, name, then up to three pairs of channel and number. */
  #contact(): void {
    this.#put(2, 'PER02', 'name');
    for (const element of [3, 5, 7]) {
      const kind = channels.get(this.#text(element));
      if (kind !== undefined) this.#put(element + 1, `PER${String(element + 1).padStart(2, '0')}`, kind);
    }
  }

  #reference(): void {
    const kind = references.get(this.#text(1));
    if (kind !== undefined) this.#put(2, 'REF02', kind);
  }

  /** A day, or the first and the last of several. */
  #date(element: number, position: string): void {
    const kind = dates.get(this.#text(1));
    if (kind === undefined) return;
    const value = this.#text(element);
    if (DAY.test(value)) this.#put(element, position, kind);
    if (!DAYS.test(value)) return;
    const [start] = this.#range(element);
    this.#add([start, start + 8], position, labelsOf(kind, this.#whose), this.#record);
    this.#add([start + 9, start + 17], position, labelsOf(kind, this.#whose), this.#record);
  }

  #range(element: number): Range {
    return this.#elements[element] ?? NOWHERE;
  }

  #text(element: number): string {
    return this.#source?.text.slice(...this.#range(element)).trim() ?? '';
  }

  #put(element: number, position: string, kind: string, record: number = this.#record): void {
    this.#add(this.#range(element), position, labelsOf(kind, this.#whose), record);
  }

  #add(range: Range, position: string, labels: readonly string[], record: number, spelled?: string): void {
    if (this.#source === undefined || range[0] === range[1]) return;
    if (record === 0) record = this.#record = this.#numbers.next();
    const owner: Owner = { record, synthetic: this.#synthetic };
    addPlaced(this.#fields, this.#source, range, { position, labels }, owner, spelled);
  }

  /** Shapes that need no label, wherever in the segment. */
  #bare(name: string, start: number, end: number): void {
    if (this.#source === undefined) return;
    const record = this.#record === 0 ? this.#numbers.next() : this.#record;
    for (let from = start; from < end; from += limits.lineBytes) {
      const field: Field = {
        ...this.#source.pin(from, Math.min(end, from + limits.lineBytes)),
        labels: [],
        tie: 'bare',
        record,
      };
      if (!NOTE.test(name)) this.#fields.push(this.#marked(field));
      else for (const inner of textFields(field.value, field, this.#vocabulary)) this.#fields.push(this.#marked(inner));
    }
  }

  /** The field, with the interchange's own word that it is a test. */
  #marked(field: Field): Field {
    return this.#synthetic ? { ...field, synthetic: true } : field;
  }
}

/** The elements of a segment; the first is its name. */
function elementsOf(text: string, start: number, end: number, separator: string): readonly Range[] {
  const elements: Range[] = [];
  for (let from = start; elements.length < ELEMENTS;) {
    const next = text.indexOf(separator, from);
    if (next < 0 || next >= end) {
      elements.push([from, end]);
      break;
    }
    elements.push([from, next]);
    from = next + separator.length;
  }
  return elements;
}
