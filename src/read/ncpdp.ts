import type { Field } from '../detect/field.ts';
import type { EntryHead, Reader } from './reader.ts';
import { RecordNumbers } from './record-numbers.ts';
import { SegmentReading, type Segments } from './segment-reading.ts';
import { addPlaced, type Owner, type SegmentText } from './segment-text.ts';

/** NCPDP Telecommunication Standard D.0 and 5.1, and its batches: claims of pharmacies, in fields behind separators. */
export const ncpdp: Reader = {
  id: 'ncpdp',
  markers: ['\\x1e\\x1cAM(?:01|04|07|29)\\x1c'],
  recognizes: (head) => SEGMENT.test(head.bytes.toString('latin1', 0, PROBE_BYTES)),
  open: (_head: EntryHead, vocabulary) => {
    const numbers = new RecordNumbers();
    return new SegmentReading(new PharmacyFields(numbers), 0, vocabulary, numbers);
  },
};

const PROBE_BYTES = 4096;
/** A segment separator, a field separator, and the identification of the segment. */
const SEGMENT = /\x1e\x1cAM\d\d(?:\x1c|\x1e|$)/;

/** Field, group and segment separators, and the frames of batches. */
const ENDINGS: readonly string[] = ['\x1c', '\x1d', '\x1e', '\x02', '\x03', '\r', '\n'];

/** Field identifiers of the data dictionary: what is called what, and whose it is. */
const MEANINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['CY', ['patient id', 'patient']],
  ['C4', ['birth date', 'patient']],
  ['CA', ['first name', 'patient']],
  ['CB', ['last name', 'patient']],
  ['CM', ['address', 'patient']],
  ['CP', ['zip code', 'patient']],
  ['CQ', ['phone', 'patient']],
  ['HN', ['email', 'patient']],
  ['C2', ['cardholder id', 'subscriber']],
  ['CC', ['first name', 'subscriber']],
  ['CD', ['last name', 'subscriber']],
  ['C1', ['group number', 'subscriber']],
  ['N5', ['medicaid number', 'subscriber']],
  ['2A', ['member id', 'subscriber']],
  ['D2', ['prescription number', 'patient']],
  ['DZ', ['claim number', 'patient']],
  ['DY', ['accident date', 'patient']],
]);

/** Each transmission, which its header or its patient segment opens, is a record. */
class PharmacyFields implements Segments {
  readonly #numbers: RecordNumbers;
  #owner: Owner | undefined;
  /** The record has its patient: another patient segment opens the next. */
  #hasPatient = false;
  /** CX: 01 says that CY is a social security number. */
  #qualifier = '';

  constructor(numbers: RecordNumbers) {
    this.#numbers = numbers;
  }

  endings(): readonly string[] {
    return ENDINGS;
  }

  read(source: SegmentText, start: number, end: number, fields: Field[]): boolean {
    const { text } = source;
    const id = text.slice(start, start + 2);
    const value = text.slice(start + 2, end);
    if (id === 'AM') {
      if (value === '01' || value === '29') this.#patient();
      return true;
    }
    // A header, or what stands between transmissions.
    if (end - start > HEADER_CHARS && HEADER.test(text.slice(start, end))) {
      this.#owner = undefined;
      this.#hasPatient = false;
    }
    if (id === 'CX') this.#qualifier = value;
    const labels = id === 'CY' && this.#qualifier === '01' ? SSN : MEANINGS.get(id);
    if (labels === undefined) return /^[0-9A-Z]{2}/.test(id);
    this.#owner ??= { record: this.#numbers.next(), synthetic: false };
    addPlaced(fields, source, [start + 2, end], { position: id, labels }, this.#owner);
    return true;
  }

  #patient(): void {
    if (this.#hasPatient) this.#owner = undefined;
    this.#hasPatient = true;
    this.#qualifier = '';
  }
}

const SSN: readonly string[] = ['ssn', 'patient'];
const HEADER_CHARS = 20;
/** Bank identification number, version, transaction. */
const HEADER = /\d{6}(?:D0|51)[A-Z][0-9]/;
