import { isCalendarDate } from '../src/detect/checks.ts';
import { dayDigits, PLACED_DATE, readingsOf, WHOLE_DATE, WRITTEN_DATE } from '../src/detect/dates.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isSentinelDate } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** 90 to 120; DICOM writes `093Y`. */
const OLD_AGE = '0?(?:9[0-9]|1[01][0-9]|120)(?i: ?-?(?:years?|yrs?|y\\.?/?o\\.?|y)(?:[ -]old)?)?';
const AGE = /^0?(?:9\d|1[01]\d|120)(?:\D.*)?$/s;
const AGE_LABEL = /\bage\b/;

/** Years that a date of care may lie back, and ahead. */
const BACK = 120;
const AHEAD = 3;

function isDayOfCare(value: string): boolean {
  const thisYear = new Date().getUTCFullYear();
  return readingsOf(value).some(
    ({ year, month, day }) => year >= thisYear - BACK && year <= thisYear + AHEAD && isCalendarDate(year, month, day),
  );
}

function check(value: string, label: string): CheckResult {
  if (AGE_LABEL.test(label)) return AGE.test(value) && !/^\d{4}/.test(value) ? 'none' : 'fail';
  return !AGE.test(value) && (isSentinelDate(dayDigits(value)) || isDayOfCare(value)) ? 'none' : 'fail';
}

export const date: Detector = {
  id: 'date',
  identifier: 'date',
  safeHarbor: 'C',
  title: 'Date of care or death, age over 89',
  finds:
    'Days of admission, discharge and death below a label that names one, in the forms of a birth date; days of service, visits, ' +
    'procedures, samples and claims beside other identifiers of a person; ages of 90 to 120 years below the age of a patient, and in notes that ' +
    'tell of one: `93-year-old woman`, `93 y.o.`, `aged 93`.',
  misses:
    'Dates without a label or below a plain `date`, years alone and ages up to 89 (both may stay, by the rule), weeks and months, ' +
    'dates in running text, ages in words, and ages that are only computed from a birth date.',
  labels: {
    strong: phrases(
      'admission date, admit date, admit dt, admission dt, date of admission, date admitted, admitted on, admission datetime, ' +
        'admission date time, admit date time, admit datetime, hospital admission date, hospital admission time, ' +
        'hospital discharge date, hospital discharge time, ' +
        'discharge date, discharge dt, date of discharge, date discharged, discharged on, discharge datetime, discharge date time, ' +
        'date of death, death date, death dt, deceased date, deceased datetime, date deceased, patient death date, patient death, ' +
        'bene death dt, clm admsn dt, nch bene dschrg dt, patient visit date, patient service date, patient age, pat age, ' +
        'age at death, age at admission, age at discharge',
    ),
    weak: phrases(
      'date of service, service date, service dt, srvc date, dos, dod, visit date, encounter date, encounter datetime, appointment date, ' +
        'appt date, procedure date, surgery date, operation date, treatment date, therapy date, onset date, date of onset, ' +
        'date of injury, injury date, accident date, diagnosis date, date of diagnosis, specimen date, collection date, ' +
        'specimen collection date, date collected, observation date, immunization date, vaccination date, exam date, study date, ' +
        'prescription date, rx date, date written, fill date, date filled, dispense date, claim date, claim from date, ' +
        'claim through date, clm from dt, clm thru dt, line 1 st expns dt, line last expns dt, ' +
        'statement from date, statement to date, service from date, service to date, transplant date, implant date, ' +
        'coverage start date, coverage end date, enrollment date, disenrollment date, marriage date, admitted, discharged, deceased, ' +
        'admission, admission time, discharge, discharge time, death, age, age years, age in years, current age, patient years',
    ),
    whole: phrases('admission, discharge, death, admitted, discharged, deceased, age, dos, dod'),
    not: [
      ...DESCRIPTIONS,
      ...phrases(
        'build, release, file, created, updated, modified, cache, max, min, expires, expiry, year, cookie, session, unit',
      ),
    ],
  },
  shape: `(?:${WHOLE_DATE}|${OLD_AGE})`,
  placed: `(?:${PLACED_DATE}|${OLD_AGE})`,
  inline: `(?:${WRITTEN_DATE}|${OLD_AGE})`,
  check,
  synthetic: (value) => !AGE.test(value) && isSentinelDate(dayDigits(value)),
  normalize: (value) => (AGE.test(value) ? value.replace(/\D/g, '') : dayDigits(value)),
  direct: false,
  severity: { labelled: 'medium' },
  mask: '****-**-**',

  examples: () => [
    { path: 'notes.txt', text: `Admission date: ${glue('03/', '14/', '2019')}\n`, reason: 'US order' },
    { path: 'notes.txt', text: `Date of death: ${glue('2021', '-11-', '02')}\n`, reason: 'ISO 8601' },
    { path: 'a.json', text: `{"dischargeDate":"${glue('2019', '-03-', '17')}T14:05:00Z"}`, reason: 'a timestamp' },
    { path: 'a.csv', text: `id,admit_dt\n1,${glue('2019', '03', '14')}\n`, reason: 'a column of eight digits' },
    { path: 'app.env', text: `LAST_DISCHARGE_DATE=${glue('2019', '-03-', '17')}\n`, reason: 'an environment variable' },
    {
      path: 'a.csv',
      text: `mrn,service_date\n${glue('73', '02', '95')},${glue('2019', '-03-', '14')}\n`,
      reason: 'a day of service beside another identifier',
    },
    {
      path: 'a.psv',
      text: `BENE_HICN_NUM|CLM_FROM_DT\n${glue('318', '62', '4075', 'C2')}|${glue('14-', 'MAR', '-2019')}\n`,
      reason: 'a column of CMS files',
    },
    { path: 'notes.txt', text: `Patient age: ${glue('9', '4')} years\n`, reason: 'an age over 89' },
    {
      path: 'notes.txt',
      text: `HPI: The patient is a ${glue('9', '3')}-year-old woman.\n`,
      reason: 'an age in a sentence about a patient',
    },
    {
      path: 'notes.txt',
      text: `MRN: ${glue('73', '02', '95', '8')}\n\n${glue('9', '3')} y.o. F with CHF\n`,
      reason: "a clinician's short form, in a note of a patient",
    },
    { path: 'a.json', text: `{"patientAge":"${glue('09', '3Y')}"}`, reason: "DICOM's way to write an age" },
    {
      path: 'notes.txt',
      text: `Discharge date: ${glue('9999', '-12-', '31')}\n`,
      reason: 'the end of time stands for unknown',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'app.log', text: `${glue('2019', '-03-', '14')} 12:00:01 started\n`, reason: 'a date without a label' },
    { path: 'CHANGELOG.md', text: `Release date: ${glue('2019', '-03-', '14')}\n`, reason: 'a release' },
    { path: 'notes.txt', text: `service date: ${glue('2019', '-03-', '14')}\n`, reason: 'a plain label alone' },
    { path: 'notes.txt', text: `Admission date: ${glue('02/', '30/', '2019')}\n`, reason: 'no day of the calendar' },
    {
      path: 'notes.txt',
      text: `Admission date: ${glue('1862', '-03-', '14')}\n`,
      reason: 'before anyone alive was born',
    },
    { path: 'notes.txt', text: `Admission date: ${glue('2099', '-03-', '14')}\n`, reason: 'far ahead' },
    { path: 'notes.txt', text: 'Patient age: 47 years\n', reason: 'an age up to 89 may stay, by the rule' },
    {
      path: 'notes.txt',
      text: `The patient is an ${glue('8', '7')}-year-old woman.\n`,
      reason: 'an age up to 89 in a sentence',
    },
    { path: 'notes.txt', text: `a ${glue('9', '3')}-year-old woman\n`, reason: 'an age in a text without a patient' },
    {
      path: 'notes.txt',
      text: `For patients: our clinic has ${glue('9', '0')} years of experience, patient by patient.\n`,
      reason: 'years that are no age',
    },
    {
      path: 'notes.txt',
      text: `Patient portal of a ${glue('9', '3')}-year-old company.\n`,
      reason: 'the age of a company',
    },
    { path: 'notes.txt', text: `cache age: ${glue('9', '4')}\n`, reason: 'the age of a thing' },
    { path: 'notes.txt', text: `Admission date: ${glue('9', '4')}\n`, reason: 'a number of two digits' },
    { path: 'a.ts', text: 'const admissionDate: Date = new Date(visit.admissionDate);\n', reason: 'names in code' },
    { path: 'notes.txt', text: 'admission date: YYYY-MM-DD\n', reason: 'the description of a format' },
    { path: 'notes.txt', text: 'discharge date: {{date}} ${DATE} %s\n', reason: 'template placeholders' },
    {
      path: 'a.c',
      text: `/* DoD ${glue('5220', '.22')}, DOS ${glue('6', '.22')} */\n`,
      reason: 'other words: DoD, DOS',
    },
  ],
  references: [
    'HL7 v2.5.1, chapter 3, PV1-44, PV1-45 and PID-29',
    'ASC X12 005010X223A2 (837I), DTP*434, DTP*435, DTP*096',
    'HHS, Guidance on de-identification of PHI: dates, and ages over 89',
    '45 CFR 164.514(b)(2)(i)(C)',
  ],
};
