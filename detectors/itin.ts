import { digitsOf } from '../src/detect/checks.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFakeSsn, isRepeated, isSequential } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** 50 to 65, 70 to 88, 90 to 92, 94 to 99. */
const GROUP = '(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])';
/** The same separator twice, or none. */
const WRITTEN = ['[-\u2010-\u2015\u2212]', '[ \u00a0]', '\\.', '']
  .map((separator) => `9[0-9]{2}${separator}${GROUP}${separator}[0-9]{4}`)
  .join('|');

function isFake(digits: string): boolean {
  return isFakeSsn(digits) || isRepeated(digits.slice(3)) || isSequential(digits.slice(3));
}

/** What an SSN's own list of fakes knows is an SSN. */
function check(value: string, label: string): CheckResult {
  return isFakeSsn(digitsOf(value)) && !/itin|tax/.test(label) ? 'fail' : 'none';
}

export const itin: Detector = {
  id: 'itin',
  identifier: 'ssn',
  safeHarbor: 'G',
  title: 'Individual taxpayer identification number',
  finds:
    'Taxpayer numbers that the IRS gives to people without a Social Security number: 9, two digits, and a group of 50 to 65, 70 to 88, ' +
    '90 to 92 or 94 to 99, below a label that names one, or below the label of an SSN, where they usually stand. They count as the ' +
    'identifier ssn: a person has one or the other.',
  misses:
    'Numbers without a label, with or without dashes, and groups that the IRS has not given yet. Numbers of adoptions (ATIN, group 93) ' +
    'and of preparers (PTIN) are not looked for.',
  labels: {
    strong: phrases(
      'itin, itin number, individual taxpayer identification number, individual taxpayer id, patient itin, patient tax id, ssn itin, ' +
        'ssn, social security, social security number, social security no, soc sec, soc sec no',
    ),
    weak: phrases(
      'tin, tax id, tax id number, taxpayer id, taxpayer identification number, taxpayer number, ssan, national id',
    ),
    not: [...DESCRIPTIONS, ...phrases('masked, encrypted, token, last, last4, ein, employer')],
  },
  shape: `(?:${WRITTEN})`,
  check,
  synthetic: (value) => isFake(digitsOf(value)),
  normalize: digitsOf,
  direct: true,
  severity: { labelled: 'high' },
  mask: '***-**-****',

  examples: () => [
    { path: 'notes.txt', text: `ITIN: ${glue('931-', '71-', '7312')}\n`, reason: 'a label and dashes' },
    { path: 'notes.txt', text: `SSN: ${glue('912-', '84-', '6604')}\n`, reason: 'in the place of an SSN' },
    { path: 'a.json', text: `{"itin":"${glue('931', '71', '7312')}"}`, reason: 'nine digits below a key' },
    { path: 'a.csv', text: `id,ssn\n1,${glue('945', '52', '6604')}\n`, reason: 'a column of SSNs' },
    {
      path: 'a.csv',
      text: `mrn,tax_id\n${glue('73', '02', '95')},${glue('931-', '98-', '7312')}\n`,
      reason: 'a plain label beside another identifier',
    },
    {
      path: 'notes.txt',
      text: `Individual taxpayer identification number ${glue('931 ', '60 ', '7312')}\n`,
      reason: 'spaces as separators',
    },
    {
      path: 'notes.txt',
      text: `ITIN: ${glue('999-', '88-', '8888')}\n`,
      reason: 'digits of a form',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'notes.txt', text: `ITIN: ${glue('931-', '66-', '7312')}\n`, reason: 'a group that is not given: 66' },
    { path: 'notes.txt', text: `ITIN: ${glue('931-', '89-', '7312')}\n`, reason: 'a group that is not given: 89' },
    { path: 'notes.txt', text: `ITIN: ${glue('931-', '93-', '7312')}\n`, reason: 'an adoption number: 93' },
    { path: 'notes.txt', text: `ITIN: ${glue('931-', '12-', '7312')}\n`, reason: 'a group below 50' },
    { path: 'notes.txt', text: `order ${glue('931-', '71-', '7312')}\n`, reason: 'no label' },
    { path: 'notes.txt', text: `tax id ${glue('931-', '71-', '7312')}\n`, reason: 'a plain label alone' },
    { path: 'notes.txt', text: `EIN: ${glue('93-', '171', '7312')}\n`, reason: 'an employer number' },
    { path: 'notes.txt', text: `itin ${glue('931-', '71.', '7312')}\n`, reason: 'two different separators' },
    { path: 'notes.txt', text: 'ITIN: {{itin}}\nitin: ${ITIN}\n', reason: 'template placeholders' },
    { path: 'a.json', text: `{"itin_format":"${glue('931-', '71-', '7312')}"}`, reason: 'a label that means a format' },
  ],
  references: [
    'IRS, Individual taxpayer identification number (ITIN); Publication 1915',
    'Internal Revenue Manual 3.21.263, ITIN ranges of the fourth and fifth digits',
    '45 CFR 164.514(b)(2)(i)(G)',
  ],
};
