import { isNpi } from '../src/detect/check-digits.ts';
import type { Detector } from '../src/detect/detector.ts';
import { isFillerNumber } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** Printed in CMS's own description of the check digit, and in most examples since. */
const PUBLISHED = glue('12345', '67893');

export const npi: Detector = {
  id: 'npi',
  identifier: 'license',
  safeHarbor: 'K',
  title: 'National Provider Identifier',
  finds:
    'Ten digits with the check digit of the National Provider Identifier below its label, beside identifiers of a person: who treated ' +
    'them. Providers are in a public register, so it is never more than context (info).',
  misses: 'Numbers without a label: one in ten timestamps has the same check digit.',
  labels: {
    strong: [],
    weak: phrases(
      'npi, npi number, npi no, npi num, npi #, national provider identifier, national provider id, provider npi, rendering npi, billing npi, ' +
        'attending npi, referring npi, prescriber npi, at npi, op npi, ot npi, rfr physn npi, prf physn npi, org npi num',
    ),
    not: [...DESCRIPTIONS],
  },
  shape: '[12][0-9]{9}',
  check: (value) => (isNpi(value) ? 'pass' : 'fail'),
  synthetic: (value) => value === PUBLISHED || isFillerNumber(value),
  direct: false,
  severity: { labelled: 'info' },
  mask: '[npi]',

  examples: () => [
    {
      path: 'a.csv',
      text: `mrn,npi\n${glue('73', '02', '95')},${glue('19', '4170', '9382')}\n`,
      reason: 'a column beside a patient',
    },
    {
      path: 'a.csv',
      text: `ssn,provider_npi\n${glue('524-', '41-', '7312')},${glue('12', '7310', '9953')}\n`,
      reason: 'the provider in the label',
    },
    {
      path: 'a.json',
      text: `{"mrn":"${glue('73', '02', '95')}","npi":"${glue('19', '4170', '9382')}"}`,
      reason: 'a key beside a patient',
    },
    {
      path: 'a.json',
      text: `{"mrn":"${glue('73', '02', '95')}","renderingNpi":${glue('19', '4170', '9382')}}`,
      reason: 'a JSON number',
    },
    {
      path: 'notes.txt',
      text: `MRN: ${glue('73', '02', '95', '8')} NPI: ${glue('19', '4170', '9382')}\n`,
      reason: 'a line of a form',
    },
    {
      path: 'a.csv',
      text: `mrn,npi\n${glue('73', '02', '95')},${glue('12345', '67893')}\n`,
      reason: "CMS's example",
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'notes.txt', text: `NPI: ${glue('19', '4170', '9382')}\n`, reason: 'a provider alone' },
    {
      path: 'a.csv',
      text: `mrn,npi\n${glue('73', '02', '95')},${glue('19', '4170', '9381')}\n`,
      reason: 'a wrong check digit',
    },
    {
      path: 'a.csv',
      text: `mrn,npi\n${glue('73', '02', '95')},${glue('39', '4170', '9382')}\n`,
      reason: 'it begins with 1 or 2',
    },
    { path: 'a.csv', text: `mrn,npi\n${glue('73', '02', '95')},${glue('19', '4170', '938')}\n`, reason: 'nine digits' },
    {
      path: 'a.csv',
      text: `mrn,created\n${glue('73', '02', '95')},${glue('17', '0000', '0003')}\n`,
      reason: 'a timestamp',
    },
    { path: 'notes.txt', text: `tel ${glue('19', '4170', '9382')}\n`, reason: 'another label' },
    { path: 'a.csv', text: 'mrn,npi\n,\n', reason: 'no value' },
    {
      path: 'a.csv',
      text: `mrn,npi_type\n${glue('73', '02', '95')},${glue('19', '4170', '9382')}\n`,
      reason: 'a label that means a type',
    },
  ],
  references: [
    '45 CFR 162.406; CMS, NPI check digit',
    'CMS, National Plan and Provider Enumeration System',
    '45 CFR 164.514(b)(2)(i)(K)',
  ],
};
