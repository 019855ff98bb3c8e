import { isMbiStructure } from '../src/detect/checks.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFakeMbi } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** Letters without S, L, O, I, B and Z, which look like digits. */
const A = '[AC-HJKMNP-RT-Y]';
const N = '[0-9]';
const AN = '[0-9AC-HJKMNP-RT-Y]';
const FIRST = '[1-9]';
/** CMS writes an S here in synthetic beneficiaries. */
const SECOND = '[AC-HJKMNP-Y]';

/** 4-3-4, as the card shows it. */
const DASHED = `${FIRST}${SECOND}${AN}${N}-${A}${AN}${N}-${A}${A}${N}${N}`;
const PLAIN = `${FIRST}${SECOND}${AN}${N}${A}${AN}${N}${A}${A}${N}${N}`;
/** What a made-up one looks like below the label: the positions with other letters, or a counted one. */
const ANY_LETTERS = '[0-9][A-Z][0-9A-Z][0-9]-?[A-Z][0-9A-Z][0-9]-?[A-Z][A-Z][0-9][0-9]';
const COUNTED = '[A-Z]{2,4}[_-]?[0-9]{5,9}';

function normalize(value: string): string {
  return value.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
}

/** Nothing but an MBI stands below `mbi`, though it be made up. */
function check(value: string, label: string): CheckResult {
  if (isMbiStructure(normalize(value))) return 'pass';
  return /\bmbi\b/.test(label) || /^medicare beneficiary (?:id|identifier|number)$/.test(label) ? 'none' : 'fail';
}

export const mbi: Detector = {
  id: 'mbi',
  identifier: 'mbi',
  safeHarbor: 'I',
  title: 'Medicare Beneficiary Identifier',
  finds:
    'Medicare Beneficiary Identifiers, with and without dashes, anywhere: their eleven positions are so particular that one in ten ' +
    'thousand random tokens has them. In lower case below a label.',
  misses:
    'Identifiers in lower case without a label, those split over several cells, and the older claim numbers, which are reported as ' +
    'hicn below their label.',
  labels: {
    strong: phrases(
      'mbi, medicare, medicare id, medicare no, medicare number, medicare beneficiary, ' +
        'medicare beneficiary id, medicare beneficiary identifier, medicare beneficiary number, bene mbi, ' +
        'bene mbi id',
    ),
    weak: phrases('bene id, beneficiary id, beneficiary identifier, member id, subscriber id'),
    not: [...DESCRIPTIONS, ...phrases('npi, provider')],
  },
  shape: `(?i:${DASHED}|${PLAIN}|${ANY_LETTERS}|${COUNTED})`,
  inline: `(?i:${DASHED}|${PLAIN})`,
  intrinsic: `\\b(?:${DASHED}|${PLAIN})\\b`,
  check,
  synthetic: (value) => isFakeMbi(normalize(value)) || !isMbiStructure(normalize(value)),
  normalize,
  direct: true,
  severity: { labelled: 'high', bare: 'high' },
  mask: '****-***-****',

  examples: () => [
    { path: 'notes.txt', text: `MBI: ${glue('3FG7', '-QT4-', 'RW58')}\n`, reason: 'a label and dashes' },
    {
      path: 'notes.txt',
      text: `Medicare number ${glue('3FG7', 'QT4', 'RW58')}\n`,
      reason: 'no dashes, as systems store it',
    },
    { path: 'notes.txt', text: `seen ${glue('3FG7', 'QT4', 'RW58')} today\n`, reason: 'no label' },
    { path: 'notes.txt', text: `mbi: ${glue('3fg7', 'qt4', 'rw58')}\n`, reason: 'lower case below a label' },
    { path: 'a.csv', text: `bene_mbi_id,sex\n${glue('7HN2', 'KC9', 'UY31')},F\n`, reason: 'a column of CMS files' },
    {
      path: 'a.json',
      text: `{"system":"x","value":"${glue('7HN2', 'KC9', 'UY31')}"}`,
      reason: 'a value in JSON without a label',
    },
    { path: 'q.log', text: `GET /p?mbi=${glue('7HN2', 'KC9', 'UY31')}&v=1\n`, reason: 'a query string' },
    {
      path: 'notes.txt',
      text: `MBI ${glue('1EG4', '-TE5-', 'MK73')}\n`,
      reason: 'the card CMS prints',
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `mbi=${glue('1S00', 'E00', 'AA00')}\n`,
      reason: 'S in position 2: CMS synthetic',
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `mbi=${glue('4SQ6', 'G73', 'MC21')}\n`,
      reason: 'S in position 2, no zeros',
      outcome: 'synthetic',
    },
    {
      path: 'a.csv',
      text: `mbi,sex\n${glue('3BG7', 'QT4', 'RW58')},F\n${glue('0FG7', 'QT4', 'RW58')},M\n`,
      reason: 'impossible ones: a letter that is not used, and a first digit',
      outcome: 'synthetic',
    },
    {
      path: 'a.sql',
      text: `INSERT INTO beneficiaries (id, mbi) VALUES (1, '${glue('BEN', '_000', '017')}');\n`,
      reason: 'a counted one below the label',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'notes.txt', text: `seen ${glue('0FG7', 'QT4', 'RW58')} today\n`, reason: 'position 1 is 1 to 9' },
    { path: 'notes.txt', text: `seen ${glue('3BG7', 'QT4', 'RW58')} today\n`, reason: 'a letter that is not used' },
    {
      path: 'a.csv',
      text: `medicare,sex\n${glue('AB', '123', '458')},F\n`,
      reason: 'some other number, below a label that says less',
    },
    { path: 'notes.txt', text: `MBI: ${glue('3FGH', 'QT4', 'RW58')}\n`, reason: 'a letter in position 4' },
    { path: 'notes.txt', text: `MBI: ${glue('3FG7', 'QT4', 'RW5')}\n`, reason: 'ten characters' },
    { path: 'notes.txt', text: `x ${glue('3FG7', 'QT4', 'RW58')}A\n`, reason: 'part of a longer token' },
    {
      path: 'notes.txt',
      text: `sha256:${glue('3FG7', 'QT4', 'RW58').padStart(40, 'A1')}\n`,
      reason: 'inside a digest',
    },
    { path: 'notes.txt', text: `seen ${glue('3fg7', 'qt4', 'rw58')} today\n`, reason: 'lower case without a label' },
    { path: 'notes.txt', text: `MBI ${glue('3FG', '-7QT', '4-RW', '58')}\n`, reason: 'dashes at the wrong places' },
    { path: 'notes.txt', text: `key ${glue('3FG7', 'QT4', 'RW58')}_x\n`, reason: 'part of a name in code' },
    { path: 'notes.txt', text: 'MBI: C A AN N A AN N A A N N\n', reason: 'the description of the format' },
    { path: 'notes.txt', text: 'mbi: {{mbi}}\n', reason: 'a template placeholder' },
  ],
  references: [
    'CMS, Understanding the Medicare Beneficiary Identifier (MBI) Format',
    'CMSgov/beneficiary-fhir-data, RFC 0005 and dev/design-sample-data-sets.md (S in position 2)',
    '45 CFR 164.514(b)(2)(i)(I)',
  ],
};
