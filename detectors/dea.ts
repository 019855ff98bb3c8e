import { isDea } from '../src/detect/check-digits.ts';
import type { Detector } from '../src/detect/detector.ts';
import { isSequential } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** Kind of registrant. */
const KIND = '[ABCDEFGHJKLMPRSTUX]';
/** First letter of the family name, or 9 for a business. */
const INITIAL = '[A-Z9]';
/** Of an intern, behind the number of the hospital. */
const SUFFIX = '(?:-[0-9A-Z]{1,7})?';

export const dea: Detector = {
  id: 'dea',
  identifier: 'license',
  safeHarbor: 'K',
  title: 'DEA registration number',
  finds:
    'Two letters and seven digits with the check digit of the Drug Enforcement Administration below its label, beside identifiers of ' +
    'a person: who prescribed. It is of a provider, so it is never more than context (info).',
  misses: 'Numbers without a label: one in thirty digests holds a run of the same form and check digit.',
  labels: {
    strong: [],
    weak: phrases(
      'dea, dea number, dea no, dea num, dea #, dea id, dea registration, dea registration number, prescriber dea, provider dea, physician dea',
    ),
    not: [...DESCRIPTIONS, ...phrases('schedule, class, code')],
  },
  shape: `(?i:${KIND}${INITIAL}[0-9]{7}${SUFFIX})`,
  check: (value) => (isDea(value) ? 'pass' : 'fail'),
  synthetic: (value) => /^(?:AB|XX|FA)/i.test(value) && isSequential(value.slice(2, 8)),
  direct: false,
  severity: { labelled: 'info' },
  mask: '[dea]',

  examples: () => [
    {
      path: 'a.csv',
      text: `mrn,dea\n${glue('73', '02', '95')},${glue('BR', '417', '0938')}\n`,
      reason: 'a column beside a patient',
    },
    {
      path: 'a.csv',
      text: `ssn,prescriber_dea\n${glue('524-', '41-', '7312')},${glue('MK', '310', '9952')}\n`,
      reason: 'the prescriber in the label',
    },
    {
      path: 'a.json',
      text: `{"mrn":"${glue('73', '02', '95')}","deaNumber":"${glue('B9', '417', '0938')}"}`,
      reason: 'a business',
    },
    {
      path: 'notes.txt',
      text: `MRN: ${glue('73', '02', '95', '8')} DEA: ${glue('BR', '417', '0938')}\n`,
      reason: 'a line of a prescription',
    },
    {
      path: 'a.csv',
      text: `mrn,dea_no\n${glue('73', '02', '95')},${glue('BR', '417', '0938', '-', 'K12')}\n`,
      reason: 'an intern of a hospital',
    },
    {
      path: 'a.csv',
      text: `mrn,dea\n${glue('73', '02', '95')},${glue('AB', '123', '4563')}\n`,
      reason: 'digits in order',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'notes.txt', text: `DEA: ${glue('BR', '417', '0938')}\n`, reason: 'a prescriber alone' },
    {
      path: 'a.csv',
      text: `mrn,dea\n${glue('73', '02', '95')},${glue('BR', '417', '0932')}\n`,
      reason: 'a wrong check digit',
    },
    {
      path: 'a.csv',
      text: `mrn,dea\n${glue('73', '02', '95')},${glue('IR', '417', '0938')}\n`,
      reason: 'no kind of registrant',
    },
    { path: 'a.csv', text: `mrn,dea\n${glue('73', '02', '95')},${glue('BR', '417', '093')}\n`, reason: 'six digits' },
    {
      path: 'a.csv',
      text: `mrn,etag\n${glue('73', '02', '95')},${glue('BR', '417', '0938')}\n`,
      reason: 'another label',
    },
    { path: 'notes.txt', text: `sha256 ${glue('br', '417', '0938').padStart(64, 'e0')}\n`, reason: 'inside a digest' },
    { path: 'a.csv', text: 'mrn,dea\n,\n', reason: 'no value' },
    {
      path: 'a.csv',
      text: `mrn,dea_schedule\n${glue('73', '02', '95')},${glue('BR', '417', '0938')}\n`,
      reason: 'the schedule of a drug',
    },
  ],
  references: [
    '21 CFR 1301.13 and 1301.22',
    'DEA Diversion Control Division, registration numbers',
    '45 CFR 164.514(b)(2)(i)(K)',
  ],
};
