/**
 * Invented patients for tests and the demo. The same seed gives the same patient; every value has the structure of a real
 * one and no mark of an example, and is made at run time, so that no file of this project holds an identifier.
 */
export interface Patient {
  readonly given: string;
  readonly family: string;
  /** `Given Family`. */
  readonly name: string;
  readonly sex: 'F' | 'M';
  /** `YYYY-MM-DD`. */
  readonly dob: string;
  /** With dashes. */
  readonly ssn: string;
  /** Eight digits. */
  readonly mrn: string;
  /** Eleven characters without dashes. */
  readonly mbi: string;
  /** Three letters and nine digits. */
  readonly memberId: string;
  /** Nine digits. */
  readonly account: string;
  /** `617-482-3391`. */
  readonly phone: string;
  readonly email: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  /** Street, city, state and ZIP on one line. */
  readonly address: string;
}

const GIVEN_F = ['Marlene', 'Siobhan', 'Ana', 'Keiko', 'Priya', 'Ottilie', 'Renata', 'Halima', 'Greta', 'Noor'];
const GIVEN_M = ['Teodoro', 'Anselm', 'Kofi', 'Rasmus', 'Dmitri', 'Emeka', 'Lorenzo', 'Haruki', 'Piers', 'Tomas'];
const FAMILY_START = ['Oka', 'Wren', 'Tal', 'Brun', 'Mor', 'Kest', 'Hal', 'Vand', 'Sor', 'Lind', 'Quill', 'Dray'];
const FAMILY_END = ['for', 'wick', 'bot', 'gaard', 'eno', 'erling', 'berg', 'ley', 'ensen', 'mann', 'ero', 'ton'];
const STREETS = ['Larkspur', 'Old Mill', 'Juniper', 'Kestrel', 'Copper Hill', 'Wexford', 'Sorrel', 'Tamarack'];
const SUFFIXES = ['Ave', 'Road', 'Ln', 'Drive', 'Ct', 'Street'];
/** City, state, first digits of its ZIP codes. */
const PLACES = [
  ['Dayton', 'OH', '454'],
  ['Worcester', 'MA', '016'],
  ['Boise', 'ID', '837'],
  ['Macon', 'GA', '312'],
  ['Duluth', 'MN', '558'],
] as const;
const AREA_CODES = ['617', '937', '508', '208', '478', '218'];
const MAIL_HOSTS = ['kelpmail', 'quillpost', 'farnet', 'brightbox'];
/** CMS: the letters of an MBI. */
const MBI_LETTERS = 'ACDEFGHJKMNPQRTUVWXY';

/** Mulberry32: 32 bits of state, good enough to invent with. */
function randomOf(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function patient(seed: number): Patient {
  const random = randomOf(seed);
  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  const oneOf = (choices: readonly string[]): string => choices[between(0, choices.length - 1)] ?? '';
  const digit = (): number => between(0, 9);
  const letter = (): string => MBI_LETTERS.charAt(between(0, MBI_LETTERS.length - 1));
  const letterOrDigit = (): string | number => (random() < 0.5 ? letter() : digit());

  const sex = random() < 0.5 ? 'F' : 'M';
  const given = oneOf(sex === 'F' ? GIVEN_F : GIVEN_M);
  const family = oneOf(FAMILY_START) + oneOf(FAMILY_END);
  const place = PLACES[between(0, PLACES.length - 1)] ?? PLACES[0];
  const street = `${between(101, 9899)} ${oneOf(STREETS)} ${oneOf(SUFFIXES)}`;
  const zip = `${place[2]}${padded(between(2, 98), 2)}`;
  return {
    given,
    family,
    name: `${given} ${family}`,
    sex,
    dob: [between(1931, 2019), padded(between(1, 12), 2), padded(between(2, 28), 2)].join('-'),
    // Areas around those of the published fakes are left out, and so are 666 and 9xx.
    ssn: [between(301, 659), padded(between(24, 98), 2), padded(between(1207, 9876), 4)].join('-'),
    mrn: unlikeExample(8, between),
    mbi: [
      between(1, 9),
      letter(),
      letterOrDigit(),
      between(1, 9),
      letter(),
      letterOrDigit(),
      between(1, 9),
      letter(),
      letter(),
      between(1, 9),
      digit(),
    ].join(''),
    memberId: `${letter()}${letter()}${letter()}${unlikeExample(9, between)}`,
    account: unlikeExample(9, between),
    phone: [oneOf(AREA_CODES), between(621, 898), padded(between(1203, 9876), 4)].join('-'),
    email: `${given}.${family}${between(2, 97)}@${oneOf(MAIL_HOSTS)}.net`.toLowerCase(),
    street,
    city: place[0],
    state: place[1],
    zip,
    address: `${street}, ${place[0]}, ${place[1]} ${zip}`,
  };
}

/** The patients of the seeds from `first` on. */
export function patients(count: number, first: number = 1): readonly Patient[] {
  return Array.from({ length: count }, (_, index) => patient(first + index));
}

function padded(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

/** Digits that are no row of equal or counting ones, and begin like no year, so that they are neither filler nor date. */
function unlikeExample(length: number, between: (least: number, most: number) => number): string {
  let digits = `${between(3, 9)}${between(0, 9)}`;
  while (digits.length < length) {
    const next = between(0, 9);
    const last = Number(digits.at(-1));
    if (Math.abs(next - last) > 1) digits += String(next);
  }
  return digits;
}
