import { digitsOf, isNotNumberOfPerson, PLACED_NUMBER } from '../src/detect/checks.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFillerNumber } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

const LETTERS = '(?:[A-Za-z]{1,6}[-:/ ]?)?';
const NUMBER = '[0-9][0-9A-Za-z./-]{2,28}[0-9A-Za-z]';

const FEWEST = 4;
const MOST = 30;
const FEWEST_DIGITS = 4;

function check(value: string, _label: string, placed = false): CheckResult {
  if (placed) return 'none';
  const { length } = value.replace(/[^0-9A-Za-z]/g, '');
  if (length < FEWEST || length > MOST || digitsOf(value).length < FEWEST_DIGITS) return 'fail';
  return /--|\.\.|\/\//.test(value) || isNotNumberOfPerson(value) ? 'fail' : 'none';
}

export const otherId: Detector = {
  id: 'other-id',
  identifier: 'other-id',
  safeHarbor: 'R',
  title: 'Encounter, accession, prescription, claim or case number',
  finds:
    'Numbers of 4 to 30 digits and letters below a label that names an encounter, admission, prescription or claim of a patient; ' +
    'below plain visit, accession, specimen, claim and case labels only beside other identifiers of a person.',
  misses:
    'Numbers without a label, random identifiers (UUID, digests), values that are also a date or a version, and numbers of orders, ' +
    'studies and jobs whose label does not say that they are of a patient.',
  labels: {
    strong: phrases(
      'patient encounter, patient encounter id, patient encounter number, encounter number, encounter no, encounter num, encounter #, ' +
        'pat enc csn id, pat enc id, enc csn, hospital encounter id, patient visit id, patient visit number, patient visit no, ' +
        'hospital visit number, hospital admission id, patient admission id, patient admission number, inpatient number, ' +
        'prescription number, prescription no, prescription num, prescription #, patient prescription id, patient claim number, ' +
        'patient claim id, medical claim number, insurance claim number, claim control number, patient case number, ' +
        'patient accession number, patient specimen id, organ donor id, transplant recipient id',
    ),
    weak: phrases(
      'encounter id, encounter identifier, encounter, csn, visit number, visit no, visit num, visit id, visit #, visit identifier, ' +
        'admission number, admission no, admission id, adm id, episode id, episode number, stay id, hadm id, accession, accession number, ' +
        'accession no, accession num, accession #, accession id, specimen id, specimen number, sample id, rx number, rx no, rx num, rx #, ' +
        'rx id, prescription id, prescription reference number, claim, claim number, claim no, claim num, claim id, claim #, clm id, ' +
        'clm control num, payer claim control number, internal control number, document control number, icn, dcn, tcn, case number, case no, ' +
        'case id, case #, authorization number, prior authorization number, referral number, referral id, placer order number, ' +
        'filler order number, lab order number, requisition number, donor id, subject id, study subject id, donation number, ' +
        'alternate id, other id, other patient ids, alternate patient id, external patient id, secondary id, certification number, mother identifier, ' +
        'death record number, employee number, employee id, appointment number, appointment id, document number, report number, order number, ' +
        'group number, group no, group id',
    ),
    whole: phrases('encounter, csn, accession, claim, icn, dcn, tcn, case id, case no'),
    not: [
      ...DESCRIPTIONS,
      ...phrases(
        'date, status, class, test, use, upper, lower, oidc, jwt, token, scope, switch, provider, payer, amount, total, reason, name, code',
      ),
    ],
  },
  placed: PLACED_NUMBER,
  shape: `(?:${LETTERS}${NUMBER})`,
  inline: `(?:(?:[A-Za-z]{1,6}[-:/]?)?${NUMBER})`,
  check,
  synthetic: isFillerNumber,
  direct: false,
  severity: { labelled: 'medium' },
  mask: '[other-id]',

  examples: () => [
    { path: 'notes.txt', text: `Encounter number: ${glue('70', '41', '93', '82')}\n`, reason: 'an encounter' },
    { path: 'notes.txt', text: `Prescription # ${glue('41', '70', '93', '8')}\n`, reason: 'a prescription' },
    {
      path: 'a.json',
      text: `{"patientVisitNumber":"${glue('V', '41', '70', '93')}"}`,
      reason: 'a letter and digits, in JSON',
    },
    { path: 'a.csv', text: `pat_enc_csn_id,dept\n${glue('41', '70', '93', '826')},ED\n`, reason: 'a column' },
    {
      path: 'app.env',
      text: `PATIENT_CLAIM_ID=${glue('CLM-', '41', '70', '93')}\n`,
      reason: 'an environment variable',
    },
    {
      path: 'a.csv',
      text: `mrn,accession_no\n${glue('73', '02', '95')},${glue('S19-', '41', '70')}\n`,
      reason: 'an accession beside another identifier',
    },
    {
      path: 'a.csv',
      text: `ssn,case_number\n${glue('524-', '41-', '7312')},${glue('41', '70', '93')}\n`,
      reason: 'a plain label beside another identifier',
    },
    {
      path: 'notes.txt',
      text: `encounter no: ${glue('12', '34', '56', '78')}\n`,
      reason: 'digits in order',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'notes.txt', text: `Case number: ${glue('41', '70', '93')}\n`, reason: 'a case of anything' },
    {
      path: 'seq.txt',
      text: `accession number ${glue('AB', '41', '70', '93')}\n`,
      reason: 'a sequence of a gene bank',
    },
    { path: 'a.json', text: `{"claim":"sub","claim_id":"${glue('41', '70', '93')}"}`, reason: 'the claim of a token' },
    { path: 'a.js', text: `visitId = ${glue('41', '70', '93')}; // analytics\n`, reason: 'a visit to a web site' },
    {
      path: 'a.json',
      text: `{"encounterNumber":"${glue('5f0c', '9d4e-', '77a1-', '4c3b-', '9e52-', '0b6d', '1f28', 'a7c3')}"}`,
      reason: 'a UUID is a pseudonym',
    },
    { path: 'notes.txt', text: `encounter number ${glue('20', '24', '-11', '-05')}\n`, reason: 'a date' },
    { path: 'notes.txt', text: `encounter no ${glue('41', '7')}\n`, reason: 'too short' },
    { path: 'a.ts', text: 'const prescriptionNumber = next(prescriptionNumber);\n', reason: 'names in code' },
    {
      path: 'a.sql',
      text: 'CREATE TABLE e (encounter_number VARCHAR(20), encounter_id int);\n',
      reason: 'a table definition',
    },
    { path: 'notes.txt', text: 'encounter number: {{id}} ${ID} %s\n', reason: 'template placeholders' },
    { path: 'notes.txt', text: `order ${glue('41', '70', '93')} shipped\n`, reason: 'an order' },
  ],
  references: [
    'HL7 v2.5.1, chapter 3, PV1-19; chapter 4, ORC-2 and ORC-3',
    'ASC X12 005010X221A1 (835), CLP07; 005010X222A1 (837P), REF*F8',
    'DICOM PS3.6, (0008,0050) and (0038,0010)',
    '45 CFR 164.514(b)(2)(i)(R)',
  ],
};
