import type { Field } from '../detect/field.ts';
import type { EntryHead, Reader } from './reader.ts';
import { RecordNumbers } from './record-numbers.ts';
import { SegmentReading, type Segments } from './segment-reading.ts';
import { addPlaced, type Owner, type SegmentText } from './segment-text.ts';

/** CMS, the eleven places of a Medicare Beneficiary Identifier; made-up ones have any letters. */
const MBI = '[1-9][A-Z][A-Z0-9][0-9][A-Z][A-Z0-9][0-9][A-Z]{2}[0-9]{2}';
/** The Health Insurance Claim Number that it replaced; blank since 2020. */
const HICN = '(?:[0-9]{9}[A-Z]| {9,11})';
const ISO_DAY = '[12][0-9]{3}-[0-9]{2}-[0-9]{2}';

/**
 * Claim and claim line feed of CMS (CCLF 1 to 9, A and B; CCLF Information Packet): lines of one length without delimiters,
 * in which a beneficiary's identifier has a fixed place. Other fixed-width files are recognized by that alone.
 */
export const cclf: Reader = {
  id: 'cclf',
  markers: [
    `(?:^|\\n)${MBI}${HICN}`,
    `(?:^|\\n)[-0-9][0-9]{12}[0-9A-Z]{0,10}${MBI}${HICN}`,
    `(?:^|\\n)[HM](?:${MBI}|[0-9]{9}[A-Z][0-9A-Z ]){2}${ISO_DAY}`,
  ],
  recognizes: (head) => layoutOf(head) !== undefined,
  open: (head, vocabulary) => {
    const numbers = new RecordNumbers();
    const layout = layoutOf(head) ?? { kind: 'claim', identifier: 0 };
    return new SegmentReading(new CclfLines(layout, numbers), startOf(head), vocabulary, numbers);
  },
};

interface Layout {
  /** Demographics (8), cross references (9), or any other, of which only the identifier's place is known. */
  readonly kind: 'beneficiary' | 'reference' | 'claim';
  /** Where the identifier begins in each line. */
  readonly identifier: number;
}

/** Lines that are looked at, and how many of them must show the layout: nine of ten. */
const PROBE_LINES = 100;
const FEWEST_LINES = 2;
const SHARE = 0.9;
/** A shorter line is a list of identifiers, and no file of this kind. */
const FEWEST_CHARS = 30;
/** Farthest place of the identifier. */
const MOST_BEFORE = 40;
const BENEFICIARY_CHARS = 160;

const IDENTIFIER = new RegExp(`^${MBI}`);
const IDENTIFIERS = new RegExp(MBI, 'g');
const DAY = new RegExp(`^${ISO_DAY}$`);
const REFERENCE = new RegExp(`^[HM](?:${MBI}|[0-9]{9}[A-Z][0-9A-Z ]){2}${ISO_DAY}`);

function startOf({ bytes }: EntryHead): number {
  return /^(?:\xef\xbb\xbf)?[\r\n]*/.exec(bytes.toString('latin1', 0, 16))?.[0].length ?? 0;
}

function layoutOf(head: EntryHead): Layout | undefined {
  const start = startOf(head);
  const text = head.bytes.toString('latin1', start, start + PROBE_LINES * 600);
  const lines = text.split(/\r?\n/);
  // The last line may be cut.
  if (!head.whole || start + text.length < head.bytes.length) lines.pop();
  const probes = lines.filter((line) => line !== '').slice(0, PROBE_LINES);
  const enough = Math.ceil(probes.length * SHARE);
  if (probes.length === 0) return undefined;
  const isShown = (test: (line: string) => boolean): boolean => probes.filter(test).length >= enough;
  if (isShown((line) => REFERENCE.test(line))) return { kind: 'reference', identifier: 1 };
  if (isShown((line) => line.length >= BENEFICIARY_CHARS && IDENTIFIER.test(line) && DAY.test(line.slice(32, 42)))) {
    return { kind: 'beneficiary', identifier: 0 };
  }
  if (
    probes.length < FEWEST_LINES ||
    !isShown(({ length }) => length >= FEWEST_CHARS && length === probes[0]?.length)
  ) {
    return undefined;
  }
  for (const found of (probes[0] ?? '').slice(0, MOST_BEFORE + 11).matchAll(IDENTIFIERS)) {
    const at = found.index;
    if (isShown((line) => IDENTIFIER.test(line.slice(at, at + 11)))) return { kind: 'claim', identifier: at };
  }
  return undefined;
}

const ENDINGS: readonly string[] = ['\n', '\r'];
const LABELS = {
  mbi: ['mbi', 'beneficiary'],
  hicn: ['hicn', 'beneficiary'],
  claim: ['claim number', 'beneficiary'],
  zip: ['zip code', 'beneficiary'],
  born: ['birth date', 'beneficiary'],
  died: ['death date', 'beneficiary'],
  served: ['service date', 'beneficiary'],
  name: ['name', 'beneficiary'],
  first: ['first name', 'beneficiary'],
  last: ['last name', 'beneficiary'],
  address: ['address', 'beneficiary'],
} as const;

/** Each line is a beneficiary's. */
class CclfLines implements Segments {
  readonly #layout: Layout;
  readonly #numbers: RecordNumbers;

  constructor(layout: Layout, numbers: RecordNumbers) {
    this.#layout = layout;
    this.#numbers = numbers;
  }

  endings(): readonly string[] {
    return ENDINGS;
  }

  read(source: SegmentText, start: number, end: number, fields: Field[]): boolean {
    const line = new CclfLine(source, start, end, { record: this.#numbers.next(), synthetic: false }, fields);
    if (this.#layout.kind === 'reference') return line.reference();
    if (!IDENTIFIER.test(source.text.slice(start + this.#layout.identifier, end))) return false;
    if (this.#layout.kind === 'beneficiary') line.beneficiary();
    else line.claim(this.#layout.identifier);
    return true;
  }
}

class CclfLine {
  readonly #source: SegmentText;
  readonly #start: number;
  readonly #end: number;
  readonly #owner: Owner;
  readonly #fields: Field[];

  constructor(source: SegmentText, start: number, end: number, owner: Owner, fields: Field[]) {
    this.#source = source;
    this.#start = start;
    this.#end = end;
    this.#owner = owner;
    this.#fields = fields;
  }

  /** CCLF8, by the packet's positions, here from 0. */
  beneficiary(): void {
    this.#put(0, 11, 'mbi', 'BENE_MBI_ID');
    this.#put(11, 22, 'hicn', 'BENE_HIC_NUM');
    this.#put(27, 32, 'zip', 'BENE_ZIP_CD');
    this.#put(32, 42, 'born', 'BENE_DOB');
    this.#put(51, 61, 'died', 'BENE_DEATH_DT');
    const [first, middle, last] = [this.#text(81, 111), this.#text(111, 126), this.#text(126, 166)];
    if (first !== '' && last !== '') {
      const parts = middle === '' ? [last, first] : [last, first, middle];
      this.#put(81, 166, 'name', 'BENE_LAST_NAME', parts.join('^'));
    } else {
      this.#put(81, 111, 'first', 'BENE_1ST_NAME');
      this.#put(126, 166, 'last', 'BENE_LAST_NAME');
    }
    this.#put(188, 233, 'address', 'BENE_LINE_1_ADR');
    this.#put(233, 278, 'address', 'BENE_LINE_2_ADR');
    const [city, state, zip] = [this.#text(438, 538), this.#text(538, 540), this.#text(540, 545)];
    if (city !== '' && /^\d{5}$/.test(zip)) {
      this.#put(438, 545, 'address', 'BENE_CITY', `${city}, ${state} ${zip}`);
    }
  }

  /** CCLF9: the current and the former identifier. */
  reference(): boolean {
    if (!REFERENCE.test(this.#source.text.slice(this.#start, this.#end))) return false;
    for (const [from, position] of [
      [1, 'CRNT_NUM'],
      [12, 'PRVS_NUM'],
    ] as const) {
      this.#put(from, from + 11, IDENTIFIER.test(this.#text(from, from + 11)) ? 'mbi' : 'hicn', position);
    }
    return true;
  }

  /** The claim's number before the identifier, the former one and days behind it. */
  claim(at: number): void {
    if (at >= 13 && /^-?\d{9,13}$/.test(this.#text(0, 13))) this.#put(0, 13, 'claim', 'CUR_CLM_UNIQ_ID');
    this.#put(at, at + 11, 'mbi', 'BENE_MBI_ID');
    if (/^\d{9}[A-Z]/.test(this.#text(at + 11, at + 22))) this.#put(at + 11, at + 22, 'hicn', 'BENE_HIC_NUM');
    for (const [from, position] of [
      [at + 24, 'CLM_FROM_DT'],
      [at + 34, 'CLM_THRU_DT'],
    ] as const) {
      if (DAY.test(this.#text(from, from + 10))) this.#put(from, from + 10, 'served', position);
    }
  }

  #text(from: number, to: number): string {
    return this.#source.text.slice(this.#start + from, Math.min(this.#start + to, this.#end)).trim();
  }

  #put(from: number, to: number, label: keyof typeof LABELS, position: string, spelled?: string): void {
    if (this.#start + from >= this.#end) return;
    const range = [this.#start + from, Math.min(this.#start + to, this.#end)] as const;
    addPlaced(this.#fields, this.#source, range, { position, labels: LABELS[label] }, this.#owner, spelled);
  }
}
