import { digitsOf, isSsnStructure } from '../src/detect/checks.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFakeSsn, isRepeated, isSequential } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** Beneficiary identification code: wage earner, wife, child, divorced, mother, parent, disabled, Medicare only, widow. */
const BIC = '[A-FJKMTW][0-9A-Z]?';
/** The wage earner's Social Security number. */
const CLAIM = '[0-9]{3}-?[0-9]{2}-?[0-9]{4}';
/** Prefix of the Railroad Retirement Board: annuitant, pensioner, widow, parent, child. */
const RRB = '(?:A|MA|WA|WD|WCA|WCD|CA|PA|PD|JA|H|MH|WH|WHA|WCH|PH)';

const WRITTEN = `(?i:${CLAIM}[- ]?${BIC}|${RRB}[- ]?(?:${CLAIM}|[0-9]{6}))`;

function claimDigits(value: string): string {
  return digitsOf(/^[0-9-]+/.exec(value)?.[0] ?? value.replace(/^[a-z]+/i, ''));
}

function isFake(value: string): boolean {
  const digits = claimDigits(value);
  return digits.length === 9
    ? isFakeSsn(digits) || /^9/.test(digits) || /^0{3}|000000$/.test(digits)
    : isRepeated(digits) || isSequential(digits);
}

function check(value: string): CheckResult {
  const digits = claimDigits(value);
  if (digits.length !== 9 || isFake(value)) return 'none';
  const structure = isSsnStructure(Number(digits.slice(0, 3)), Number(digits.slice(3, 5)), Number(digits.slice(5)));
  return structure ? 'none' : 'fail';
}

export const hicn: Detector = {
  id: 'hicn',
  identifier: 'member-id',
  safeHarbor: 'I',
  title: 'Medicare health insurance claim number',
  finds:
    "Medicare numbers of the time before 2020, below a label that names one: the wage earner's Social Security number with the code of " +
    'the beneficiary behind it (A, B1, C2, D, W6, ...), and those of the Railroad Retirement Board with their letters in front.',
  misses:
    'Numbers without a label, and those of which the code of the beneficiary was cut off: below these labels they are reported as ' +
    'member-id, below the label of an SSN as ssn.',
  labels: {
    strong: phrases(
      'hicn, hicn num, hicn number, hic no, hic num, hic number, hicno, hicno #, health insurance claim number, bene hicn, bene hicn num, ' +
        'bene hic num, bene eqtbl bic hicn num, medicare claim number, medicare hic, medicare id, medicare no, medicare number, patient hicn, ' +
        'equitable hicn, prior hicn, current hicn',
    ),
    weak: phrases('hic, claim account number, bene id, beneficiary id, railroad id, rrb number, rrb claim number'),
    whole: phrases('hic'),
    not: [...DESCRIPTIONS, ...phrases('npi, provider')],
  },
  shape: WRITTEN,
  check,
  synthetic: isFake,
  direct: true,
  severity: { labelled: 'high' },
  mask: '***-**-****-*',

  examples: () => [
    { path: 'notes.txt', text: `HICN: ${glue('52', '44', '17', '312', 'A')}\n`, reason: 'the wage earner' },
    {
      path: 'notes.txt',
      text: `HIC No: ${glue('524-', '41-', '7312-', 'B1')}\n`,
      reason: 'dashes and a code of two characters',
    },
    {
      path: 'notes.txt',
      text: `Medicare claim number ${glue('WA', '524', '41', '7312')}\n`,
      reason: 'a railroad widow with nine digits',
    },
    {
      path: 'notes.txt',
      text: `hicn ${glue('A', '52', '44', '17')}\n`,
      reason: 'a railroad annuitant with six digits',
    },
    {
      path: 'a.csv',
      text: `bene_hicn_num,sex\n${glue('318', '62', '4075', 'C2')},1\n`,
      reason: 'a column of CMS files',
    },
    { path: 'a.json', text: `{"hicn":"${glue('318', '62', '4075', 'D')}"}`, reason: 'a key' },
    {
      path: 'notes.txt',
      text: `HICN: ${glue('123', '45', '6789', 'A')}\n`,
      reason: 'digits in order',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'notes.txt', text: `seen ${glue('52', '44', '17', '312', 'A')} today\n`, reason: 'no label' },
    { path: 'notes.txt', text: `HICN: ${glue('524', '41', '7312')}\n`, reason: 'no code: reported as member-id' },
    { path: 'notes.txt', text: `HICN: ${glue('666', '41', '7312', 'A')}\n`, reason: 'area 666' },
    { path: 'notes.txt', text: `HICN: ${glue('524', '41', '7312', 'Q')}\n`, reason: 'a letter that is no code' },
    {
      path: 'notes.txt',
      text: `HICN: ${glue('524', '41', '7312', 'ABC')}\n`,
      reason: 'three letters behind the digits',
    },
    {
      path: 'notes.txt',
      text: `hicn ${glue('3FG7', 'QT4', 'RW58')}\n`,
      reason: 'the newer identifier: reported as mbi',
    },
    { path: 'notes.txt', text: 'hic sunt leones\n', reason: 'a Latin word' },
    { path: 'notes.txt', text: 'hicn: {{hicn}} ${HICN} XXXXXXXXXA\n', reason: 'template placeholders' },
    {
      path: 'a.sql',
      text: 'CREATE TABLE b (hicn VARCHAR(12), bene_hicn_num CHAR(11));\n',
      reason: 'a table definition',
    },
  ],
  references: [
    'SSA POMS GN 01050.005 (beneficiary identification codes)',
    'SSA POMS RS 01601.210 (claim numbers of the Railroad Retirement Board)',
    'CMS, New Medicare Card: HICN to MBI transition',
    '45 CFR 164.514(b)(2)(i)(I)',
  ],
};
