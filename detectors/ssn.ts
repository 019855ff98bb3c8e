import { digitsOf, isSsnStructure } from '../src/detect/checks.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFakeSsn } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** 001 to 899 without 666. */
const AREA = '(?:00[1-9]|0[1-9][0-9]|[1-578][0-9]{2}|6(?:[0-57-9][0-9]|6[0-57-9]))';
/** 01 to 99. */
const GROUP = '(?:0[1-9]|[1-9][0-9])';
/** 0001 to 9999. */
const SERIAL = '(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})';

/** ASCII hyphen, the dashes that word processors make of it, and the minus sign. */
const DASH = '[-\u2010-\u2015\u2212]';
const SPACE = '[ \u00a0]';

/** Three, two and four digits with the same separator twice, or none. */
const SEPARATED = [DASH, SPACE, '\\.', '']
  .map((separator) => `[0-9]{3}${separator}[0-9]{2}${separator}[0-9]{4}`)
  .join('|');
/** A spreadsheet takes the leading zeros away. */
const ZEROS_LOST = '[0-9]{7,8}';

function hasStructure(digits: string): boolean {
  return isSsnStructure(Number(digits.slice(0, 3)), Number(digits.slice(3, 5)), Number(digits.slice(5)));
}

function check(value: string, _label: string, placed = false): CheckResult {
  const digits = digitsOf(value).padStart(9, '0');
  if (isFakeSsn(digits)) return 'none';
  // What stands at a format's own place and cannot be one is made up; from 900 on it is a taxpayer number.
  if (placed && digits < '9') return 'none';
  // Nine digits of any kind pass in 89 of 100 cases, so passing is no evidence.
  return hasStructure(digits) ? 'none' : 'fail';
}

function isMadeUp(value: string): boolean {
  const digits = digitsOf(value).padStart(9, '0');
  return isFakeSsn(digits) || !hasStructure(digits);
}

export const ssn: Detector = {
  id: 'ssn',
  identifier: 'ssn',
  safeHarbor: 'G',
  title: 'Social Security number',
  finds:
    'US Social Security numbers below a label or column that names them, with dashes, spaces, dots or nothing between the parts, ' +
    'also when a spreadsheet took the leading zeros; and numbers written with dashes anywhere. Areas 773 to 899, assigned since ' +
    '2011, are included.',
  misses:
    'Nine digits without a separator and without a label (nine of ten random numbers have that structure), numbers of which only the ' +
    'last four digits are written, and taxpayer numbers (9xx), which are reported as itin.',
  labels: {
    strong: phrases(
      'ssn, social security, social security number, social security no, social sec, social sec no, ' +
        'soc sec, soc sec no, soc sec num, ss number, ss num, ss no, ss #, ssno, ssnum',
    ),
    weak: phrases('ssan, tin, tax id, taxpayer id, taxpayer identification number, social, ss, national id'),
    not: [...DESCRIPTIONS, ...phrases('masked, encrypted, token, last, last4, ein, employer')],
  },
  shape: `(?:${SEPARATED}|${ZEROS_LOST})`,
  inline: `(?:${SEPARATED})`,
  intrinsic: `\\b${AREA}${DASH}${GROUP}${DASH}${SERIAL}\\b`,
  check,
  synthetic: isMadeUp,
  normalize: (value) => digitsOf(value).padStart(9, '0'),
  direct: true,
  severity: { labelled: 'high', bare: 'medium' },
  mask: '***-**-****',

  examples: () => [
    { path: 'notes.txt', text: `SSN: ${glue('524-', '41-', '7312')}\n`, reason: 'a label and dashes' },
    {
      path: 'notes.txt',
      text: `social security no. ${glue('524', '41', '7312')}\n`,
      reason: 'nine digits behind a label',
    },
    { path: 'notes.txt', text: `Soc Sec: ${glue('318', ' 62 ', '4075')} on file\n`, reason: 'spaces as separators' },
    { path: 'notes.txt', text: `ssn ${glue('318', '.62.', '4075')}\n`, reason: 'dots as separators' },
    {
      path: 'notes.txt',
      text: `SSN: ${glue('318', '\u2013', '62', '\u2013', '4075')}\n`,
      reason: 'en dashes of a word processor',
    },
    { path: 'notes.txt', text: `SSN is ${glue('318-', '62-', '4075')}.\n`, reason: 'the end of a sentence' },
    { path: 'q.log', text: `GET /p?ssn=${glue('318%2D', '62%2D', '4075')}&v=1\n`, reason: 'percent-encoded dashes' },
    { path: 'notes.txt', text: `SSN: ${glue('318\u00a0', '62\u00a0', '4075')}\n`, reason: 'no-break spaces' },
    {
      path: 'app.env',
      text: `PATIENT_SSN=${glue('318-', '62-', '4075')}\n`,
      reason: 'part of an environment variable name',
    },
    { path: 'notes.txt', text: `id ${glue('318-', '62-', '4075')} seen\n`, reason: 'dashes without a label' },
    {
      path: 'a.csv',
      text: `id,ssn\n1,${glue('318', '62', '4075')}\n2,${glue('524', '41', '7312')}\n`,
      reason: 'a column',
    },
    {
      path: 'a.csv',
      text: `id,ssn\n1,${glue('32', '62', '4075')}\n2,${glue('524', '41', '7312')}\n`,
      reason: 'a leading zero lost',
    },
    { path: 'a.json', text: `{"ssn": ${glue('318', '62', '4075')}}\n`, reason: 'a JSON number' },
    {
      path: 'a.json',
      text: `{"patient":{"socialSecurityNumber":"${glue('318-', '62-', '4075')}"}}`,
      reason: 'a camelCase key',
    },
    {
      path: 'notes.txt',
      text: `SSN: ${glue('812-', '35-', '6604')}\n`,
      reason: 'area 773 to 899, assigned since 2011',
    },
    {
      path: 'notes.txt',
      text: `SSN: ${glue('078-', '05-', '1120')}\n`,
      reason: 'the wallet card of 1938',
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `SSN: ${glue('219-', '09-', '9999')}\n`,
      reason: "SSA's pamphlet",
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `SSN: ${glue('987-', '65-', '4321')}\n`,
      reason: 'given to advertisers',
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `ssn: ${glue('999-', '71-', '3382')}\n`,
      reason: "Synthea's area 999",
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `ssn: ${glue('123-', '45-', '6789')}\n`,
      reason: 'digits in order',
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `ssn: ${glue('444-', '22-', '2222')}\n`,
      reason: 'the C-CDA examples',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'notes.txt', text: `SSN: ${glue('000-', '41-', '7312')}\n`, reason: 'area 000' },
    { path: 'notes.txt', text: `SSN: ${glue('666-', '41-', '7312')}\n`, reason: 'area 666' },
    { path: 'notes.txt', text: `SSN: ${glue('931-', '71-', '7312')}\n`, reason: 'area 9xx is an ITIN' },
    { path: 'notes.txt', text: `SSN: ${glue('524-', '00-', '7312')}\n`, reason: 'group 00' },
    { path: 'notes.txt', text: `SSN: ${glue('524-', '41-', '0000')}\n`, reason: 'serial 0000' },
    { path: 'notes.txt', text: `SSN: ${glue('524-', '41.', '7312')}\n`, reason: 'two different separators' },
    { path: 'notes.txt', text: `build ${glue('524', '41', '7312')}\n`, reason: 'nine digits without a label' },
    { path: 'icon.svg', text: `<path d="M0.${glue('304', '26', '2935')} 12"/>\n`, reason: 'a decimal of an SVG path' },
    { path: 'notes.txt', text: `ssn weight 0.${glue('304', '26', '2935')}\n`, reason: 'a decimal behind a label' },
    { path: 'notes.txt', text: `ref ${glue('7524-', '41-', '7312')}\n`, reason: 'a digit before the first part' },
    { path: 'notes.txt', text: `ref ${glue('524-', '41-', '7312', '9')}\n`, reason: 'a digit behind the last part' },
    { path: 'notes.txt', text: `lib-${glue('524-', '41-', '7312')}-x86\n`, reason: 'part of a longer dashed name' },
    { path: 'notes.txt', text: `id ${glue('0b524', '417-', '524-', '41-', '7312')}\n`, reason: 'the slice of a UUID' },
    { path: 'notes.txt', text: `ssn: XXX-XX-${glue('73', '12')}\n`, reason: 'only the last four digits' },
    { path: 'notes.txt', text: 'SSN: {{ssn}}\nssn: ${SSN}\nssn: <SSN>\nssn: %s\n', reason: 'template placeholders' },
    { path: 'notes.txt', text: `ssn_regex = ${glue('524', '41', '7312')}\n`, reason: 'a label that means a pattern' },
    { path: 'notes.txt', text: `assn ${glue('524', '41', '7312')}\n`, reason: 'ssn inside a longer word' },
    { path: 'notes.txt', text: `zip ${glue('52441', '-', '7312')}\n`, reason: 'a ZIP+4' },
    {
      path: 'notes.txt',
      text: `order ${glue('524', '41', '7312')} rma ${glue('318', '62', '4075')}\n`,
      reason: 'orders and returns',
    },
    { path: 'notes.txt', text: `aba routing ${glue('021', '00', '0021')}\n`, reason: 'a bank routing number' },
    { path: 'a.csv', text: `id,ssn_last4\n1,${glue('73', '12')}\n`, reason: 'a column of last four digits' },
    { path: 'notes.txt', text: `date ${glue('2024', '-05-', '1120')}\n`, reason: 'a date-like run' },
  ],
  references: [
    'SSA POMS RM 10201.035, Invalid Social Security Numbers',
    'SSA, Social Security Number Randomization (25 June 2011)',
    'SSA, Social Security Cards Issued by Woolworth (the wallet card)',
    '45 CFR 164.514(b)(2)(i)(G)',
  ],
};
