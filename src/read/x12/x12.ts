import type { Field } from '../../detect/field.ts';
import type { EntryHead, Reader } from '../reader.ts';
import { RecordNumbers } from '../record-numbers.ts';
import { SegmentReading, type Segments } from '../segment-reading.ts';
import type { SegmentText } from '../segment-text.ts';
import { type Delimiters, delimitersAt, groupDelimitersAt } from './delimiters.ts';
import { Interchange } from './interchange.ts';

/**
 * X12 health care transactions (270, 271, 275, 276, 277, 278, 834, 835, 837), versions 4010 and 5010, with any delimiters
 * and any number of interchanges. In other text they are read by read/embedded-segments.ts.
 */
export const x12: Reader = {
  id: 'x12',
  markers: [
    'NM1\\*(?:IL|QC|03|74|70)\\*1\\*',
    'NM1[|^!#+@>](?:IL|QC|03|74|70)[|^!#+@>]1[|^!#+@>]',
    'DMG[*|^!#+@>]D8[*|^!#+@>][12][0-9]{7}',
    'CLP\\*[^*\\r\\n]{1,40}\\*[0-9]{1,2}\\*',
    // `ISA*00*` and two blanks in base64.
    'SVNBKjAwKiAg',
  ],
  recognizes: (head) => declaredBy(head) !== undefined,
  open: (head, vocabulary) => {
    const numbers = new RecordNumbers();
    const delimiters = declaredBy(head) ?? { element: '*', component: ':', segment: '~' };
    const segments = new X12Segments(new Interchange(numbers, delimiters, vocabulary));
    return new SegmentReading(segments, startOf(head), vocabulary, numbers);
  },
};

const LEADING = /^(?:\xef\xbb\xbf)?[\s\x00\x0b]*/;
const LEADING_BYTES = 256;
const PROBE_BYTES = 1024;

function startOf({ bytes }: EntryHead): number {
  return LEADING.exec(bytes.toString('latin1', 0, LEADING_BYTES))?.[0].length ?? 0;
}

function declaredBy(head: EntryHead): Delimiters | undefined {
  const text = head.bytes.toString('latin1', 0, PROBE_BYTES);
  return delimitersAt(text, startOf(head)) ?? groupDelimitersAt(text, startOf(head));
}

class X12Segments implements Segments {
  readonly #interchange: Interchange;
  #endings: readonly string[];

  constructor(interchange: Interchange) {
    this.#interchange = interchange;
    this.#endings = [interchange.delimiters.segment];
  }

  endings(text: string, at: number): readonly string[] {
    const { segment } = delimitersAt(text, at) ?? this.#interchange.delimiters;
    if (segment !== this.#endings[0]) this.#endings = [segment];
    return this.#endings;
  }

  read(source: SegmentText, start: number, end: number, fields: Field[]): boolean {
    return this.#interchange.read(source, start, end, fields);
  }
}
