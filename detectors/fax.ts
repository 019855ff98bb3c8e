import type { Detector } from '../src/detect/detector.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';
import { TELEPHONE } from '../src/detect/telephone.ts';

export const fax: Detector = {
  id: 'fax',
  identifier: 'fax',
  safeHarbor: 'E',
  title: 'Fax number',
  finds:
    'Numbers in the forms of a telephone number below a label that names the fax of a patient, member or guarantor; below a plain ' +
    '`fax` only beside other identifiers of a person.',
  misses:
    'Numbers without a label, toll-free numbers, foreign numbers without their country code, and the fax of a practice, ' +
    'hospital, payer or pharmacy, which is no identifier of a patient.',
  labels: {
    strong: phrases(
      'patient fax, patient fax number, patient fax no, pat fax, pt fax, member fax, member fax number, ' +
        'subscriber fax, guarantor fax, guardian fax',
    ),
    weak: phrases(
      'fax, fax number, fax no, fax num, fax #, telefax, facsimile, facsimile number, home fax, work fax, fax phone',
    ),
    whole: phrases('fax, facsimile, telefax'),
    not: [
      ...DESCRIPTIONS,
      ...phrases(
        'provider, physician, prescriber, facility, hospital, clinic, practice, payer, pharmacy, support, company, vendor, ' +
          'lab, modem, server, spool',
      ),
    ],
  },
  ...TELEPHONE,

  examples: () => [
    { path: 'notes.txt', text: `Patient fax: ${glue('(617) ', '482-', '3391')}\n`, reason: 'a label and parentheses' },
    { path: 'app.env', text: `PATIENT_FAX=${glue('+1', '617', '482', '3391')}\n`, reason: 'an environment variable' },
    { path: 'a.json', text: `{"memberFax":"${glue('617.', '482.', '3391')}"}`, reason: 'a camelCase key' },
    {
      path: 'a.csv',
      text: `mrn,fax\n${glue('73', '02', '95')},${glue('617-', '482-', '3391')}\n`,
      reason: 'a plain label beside another identifier',
    },
    {
      path: 'a.csv',
      text: `ssn,home_fax\n${glue('524-', '41-', '7312')},${glue('617', '482', '3391')}\n`,
      reason: 'ten digits below the fax at home',
    },
    {
      path: 'notes.txt',
      text: `patient fax number ${glue('617-', '555-', '0142')}\n`,
      reason: '555-01XX',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'README.md', text: `Fax: ${glue('617-', '482-', '3391')}\n`, reason: 'a plain label alone' },
    { path: 'README.md', text: `call ${glue('617-', '482-', '3391')}\n`, reason: 'no label' },
    {
      path: 'a.csv',
      text: `mrn,provider_fax\n${glue('73', '02', '95')},${glue('617-', '482-', '3391')}\n`,
      reason: 'the fax of a provider',
    },
    { path: 'notes.txt', text: `patient fax ${glue('800-', '482-', '3391')}\n`, reason: 'toll-free: an organisation' },
    { path: 'notes.txt', text: `patient fax ${glue('117-', '482-', '3391')}\n`, reason: 'an area that begins with 1' },
    { path: 'a.ts', text: 'const patientFax = person.fax ?? null;\n', reason: 'names in code' },
    { path: 'notes.txt', text: 'patient fax: {{fax}} ${FAX} (XXX) XXX-XXXX\n', reason: 'template placeholders' },
    { path: 'a.json', text: `{"patientFax": ${glue('17', '000', '000', '00')}}`, reason: 'epoch seconds' },
    { path: 'notes.txt', text: `telefaxes ${glue('3', '2', '1')} patient fax\n`, reason: 'too few digits' },
  ],
  references: [
    'NANPA, North American Numbering Plan (NPA and NXX rules)',
    'HL7 v2.5.1, data type XTN (equipment type FX)',
    '45 CFR 164.514(b)(2)(i)(E)',
  ],
};
