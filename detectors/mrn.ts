import { digitsOf, isNotNumberOfPerson, PLACED_NUMBER } from '../src/detect/checks.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFillerNumber } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** Letters of a facility before the number. */
const FACILITY = '[A-Za-z]{1,6}[-:]?';
/** Digits, with letters or dashes among them. */
const NUMBER = '[0-9][0-9A-Za-z-]{1,15}[0-9A-Za-z]';

/** DICOM PS3.6: group 0010 and its elements, which manuals print beside `PatientID`. */
const DICOM_TAG = /^0010(?:00[1-4][0-5]|10[0-9][0-9])?$/;

const FEWEST_DIGITS = 3;
const FEWEST = 4;
const MOST = 15;

function check(value: string, _label: string, placed = false): CheckResult {
  if (placed) return 'none';
  const { length } = value.replace(/[^0-9A-Za-z]/g, '');
  if (length < FEWEST || length > MOST || digitsOf(value).length < FEWEST_DIGITS) return 'fail';
  if (DICOM_TAG.test(value) || value.includes('--')) return 'fail';
  return isNotNumberOfPerson(value) ? 'fail' : 'none';
}

export const mrn: Detector = {
  id: 'mrn',
  identifier: 'mrn',
  safeHarbor: 'H',
  title: 'Medical record number',
  finds:
    'Numbers of 4 to 15 digits and letters, at least three of them digits, below a label that names a medical record, chart, or ' +
    'patient number. Every hospital has its own format, so the label is the evidence.',
  misses:
    'Record numbers without a label; random identifiers (UUID, digests) that replace a number; values that are also a date, a year, a ' +
    'version or the name of an algorithm; and numbers with fewer than three digits.',
  labels: {
    strong: phrases(
      'mrn, mrno, medical record, medical record no, medical record num, medical record number, ' +
        'medical record id, medical record #, med rec, med rec no, med rec num, med rec number, patient id, ' +
        'patient identifier, patient no, patient num, patient number, patient #, pat id, ' +
        'pat mrn, pat mrn id, pt mrn, pt id no, chart no, chart num, chart number, chart #, hospital no, ' +
        'hospital num, hospital number, empi, enterprise mpi, person id number',
    ),
    weak: phrases(
      'pat no, pat num, pt id, pt no, mr no, mr number, mr #, mpi, unit number, chart id, person id, health record number',
    ),
    not: [...DESCRIPTIONS, ...phrases('system, system id, prefix, status, class, date, time, name')],
  },
  placed: PLACED_NUMBER,
  shape: `(?:(?:${FACILITY})?${NUMBER})`,
  check,
  synthetic: isFillerNumber,
  direct: true,
  severity: { labelled: 'high' },
  mask: '[mrn]',

  examples: () => [
    { path: 'notes.txt', text: `MRN: ${glue('84', '72', '91', '36')}\n`, reason: 'a label and digits' },
    { path: 'notes.txt', text: `MRN ${glue('00', '47', '21', '9')}\n`, reason: 'leading zeros' },
    {
      path: 'notes.txt',
      text: `Medical Record Number: ${glue('E', '47', '29', '61')}\n`,
      reason: 'a letter before the digits',
    },
    { path: 'notes.txt', text: `med rec # ${glue('47-', '29-', '61')}\n`, reason: 'terminal-digit filing with dashes' },
    {
      path: 'notes.txt',
      text: `Medical record no. ${glue('WH', '-', '47', '29', '61')}\n`,
      reason: 'a facility and a dash',
    },
    { path: 'app.env', text: `SEED_PATIENT_ID=${glue('73', '02', '95', '8')}\n`, reason: 'an environment variable' },
    { path: 'a.json', text: `{"patientId": "${glue('P', '73', '02', '95', '8')}"}`, reason: 'a camelCase key' },
    { path: 'a.json', text: `{"mrn": ${glue('73', '02', '95', '8')}}`, reason: 'a JSON number' },
    {
      path: 'a.csv',
      text: `pat_mrn_id,sex\n${glue('73', '02', '95')},F\n${glue('18', '55', '07')},M\n`,
      reason: 'a column',
    },
    {
      path: 'a.yaml',
      text: `patient:\n  chart_number: ${glue('C', '40', '71', '9')}\n`,
      reason: 'a chart number in YAML',
    },
    {
      path: 'q.log',
      text: `GET /chart?mrn=${glue('73', '02', '95', '8')}&x=1 200\n`,
      reason: 'a query string in an access log',
    },
    {
      path: 'notes.txt',
      text: `MRN: ${glue('12', '34', '56', '78')}\n`,
      reason: 'digits in order',
      outcome: 'synthetic',
    },
    { path: 'notes.txt', text: `MRN: ${glue('00', '00', '00')}\n`, reason: 'one digit repeated', outcome: 'synthetic' },
    {
      path: 'notes.txt',
      text: `patient_id: ${glue('TEST', '-', '04', '7', '1')}\n`,
      reason: 'a test number',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'a.ts', text: 'const mrn = getMrn(record);\n', reason: 'a variable without a literal value' },
    {
      path: 'a.ts',
      text: 'function find(patientId: string, mrn?: number): void {}\n',
      reason: 'types behind the labels',
    },
    { path: 'a.py', text: 'mrn = row["mrn"]\npatient_id = self.patient_id\n', reason: 'names in code' },
    {
      path: 'a.sql',
      text: 'CREATE TABLE p (mrn VARCHAR(20) NOT NULL, patient_id int);\n',
      reason: 'a table definition',
    },
    { path: 'notes.txt', text: 'MRN: {{mrn}} ${MRN} %s :mrn <mrn>\n', reason: 'template placeholders' },
    {
      path: 'a.json',
      text: `{"patientId":"${glue('5f0c', '9d4e-', '77a1-', '4c3b-', '9e52-', '0b6d', '1f28', 'a7c3')}"}`,
      reason: 'a UUID is a pseudonym',
    },
    { path: 'notes.txt', text: `mrn ${glue('9f86d0', '81884c7d', '659a2fea', 'a0c55ad0')}\n`, reason: 'a digest' },
    { path: 'notes.txt', text: `mrn ${glue('3f2', 'a9c1')}\n`, reason: 'a short commit' },
    { path: 'notes.txt', text: `mrn: ${glue('20', '24', '-11', '-05')}\n`, reason: 'a date' },
    { path: 'notes.txt', text: `MRN ${glue('19', '98')} report\n`, reason: 'a year' },
    { path: 'notes.txt', text: 'mrn: v2-14\nmrn 3.14.159\n', reason: 'versions' },
    { path: 'notes.txt', text: 'mrn: sha256\nmrn: utf8\n', reason: 'names of algorithms and encodings' },
    {
      path: 'notes.txt',
      text: `mrna ${glue('84', '72', '91')}\nmRNA ${glue('84', '72', '91')}\n`,
      reason: 'another word: mRNA',
    },
    {
      path: 'notes.txt',
      text: `mrn radio channel\nmrn zone\n`,
      reason: 'mrn as another abbreviation, without a number',
    },
    { path: 'notes.txt', text: `id: ${glue('84', '72', '91', '36')}\n`, reason: 'a generic id' },
    {
      path: 'a.json',
      text: `{"patient_id_version": "${glue('84', '72', '91')}"}`,
      reason: 'a label that means a version',
    },
    {
      path: 'notes.txt',
      text: `for example "PatientID", "${glue('00', '10', '00', '20')}" or "PatientID", "${glue('00', '10')},0020"\n`,
      reason: 'the DICOM tag of the field',
    },
    {
      path: 'a.h',
      text: `#define XSLT_PAT_NO_PRIORITY -${glue('12', '34', '57', '89')}\n`,
      reason: 'a pattern in code',
    },
    { path: 'notes.txt', text: 'MRN: none\nMRN: N/A\nMRN: XXXXXX\n', reason: 'no value' },
    { path: 'notes.txt', text: 'MRN: 12\n', reason: 'too short' },
  ],
  references: [
    'HL7 v2.5.1, chapter 3, PID-3 (CX.5 = MR)',
    'HL7 v2 table 0203, Identifier type',
    '45 CFR 164.514(b)(2)(i)(H)',
  ],
};
