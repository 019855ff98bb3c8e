import { isBirthDate } from '../src/detect/checks.ts';
import { dayDigits, PLACED_DATE, readingsOf, WHOLE_DATE, WRITTEN_DATE } from '../src/detect/dates.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isSentinelDate } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

function check(value: string): CheckResult {
  if (isSentinelDate(dayDigits(value))) return 'none';
  return readingsOf(value).some((one) => isBirthDate(one.year, one.month, one.day)) ? 'none' : 'fail';
}

export const dob: Detector = {
  id: 'dob',
  identifier: 'dob',
  safeHarbor: 'C',
  title: 'Birth date',
  finds:
    'Days of the calendar, of the last 120 years, below a label that names a birth: ISO 8601, US and European order, HL7 and DICOM ' +
    'digits, month names, .NET and JavaScript milliseconds.',
  misses:
    'Dates without such a label, years and ages alone, days since an epoch, and seconds since 1970. Other dates of a person ' +
    '(admission, discharge, death, service) are reported as date.',
  labels: {
    strong: phrases(
      'dob, d o b, birth date, birth dt, birth day, date of birth, date birth, dt of birth, ' +
        'birth datetime, brth dt, bene brth dt, birthday, bdate, bday, born on, patient born',
    ),
    weak: phrases('birth, born, birth time'),
    not: [...DESCRIPTIONS, ...phrases('year, place, city, country, weight, order, file, inode, ctime, mtime')],
  },
  shape: `(?:${WHOLE_DATE})`,
  placed: `(?:${PLACED_DATE})`,
  inline: `(?:${WRITTEN_DATE})`,
  check,
  synthetic: (value) => isSentinelDate(dayDigits(value)),
  normalize: dayDigits,
  direct: false,
  severity: { labelled: 'medium' },
  mask: '****-**-**',

  examples: () => [
    { path: 'notes.txt', text: `DOB: ${glue('03/', '14/', '1962')}\n`, reason: 'US order' },
    {
      path: 'notes.txt',
      text: `D.O.B. ${glue('3/', '14/', '62')}\n`,
      reason: 'dots in the label, two digits of the year',
    },
    { path: 'notes.txt', text: `Date of birth: ${glue('1962', '-03-', '14')}\n`, reason: 'ISO 8601' },
    { path: 'notes.txt', text: `date of birth ${glue('14.', '03.', '1962')}\n`, reason: 'European order with dots' },
    { path: 'notes.txt', text: `Birth date: ${glue('14-', 'MAR', '-1962')}\n`, reason: 'the month as a word' },
    { path: 'notes.txt', text: `Birthday: ${glue('March ', '14, ', '1962')}\n`, reason: 'month, day, year' },
    { path: 'a.json', text: `{"birthDate":"${glue('1962', '-03-', '14')}"}`, reason: 'FHIR' },
    { path: 'a.json', text: `{"dateOfBirth":"${glue('1962', '-03-', '14')}T00:00:00.000Z"}`, reason: 'a timestamp' },
    { path: 'a.json', text: `{"dob":"/Date(${glue('-246', '1536', '00000')})/"}`, reason: '.NET milliseconds' },
    {
      path: 'a.csv',
      text: `id,birth_dt\n1,${glue('1962', '03', '14')}\n2,${glue('1987', '11', '02')}\n`,
      reason: 'a column of eight digits',
    },
    { path: 'a.csv', text: `id,birthdate\n1,${glue('-2461', '536', '00000')}\n`, reason: 'a column of milliseconds' },
    { path: 'app.env', text: `PATIENT_DOB=${glue('1962', '-03-', '14')}\n`, reason: 'an environment variable' },
    { path: 'notes.txt', text: `DOB: ${glue('02/', '29/', '1964')}\n`, reason: 'the leap day of a leap year' },
    { path: 'notes.txt', text: `Her DOB is ${glue('1962', '-03-', '14')}.\n`, reason: 'the end of a sentence' },
    {
      path: 'a.psv',
      text: `BENE_SEX|BENE_BRTH_DT\nF|${glue('14-', 'MAR', '-1962')}\n`,
      reason: 'a column of CMS files',
    },
    {
      path: 'notes.txt',
      text: `DOB: ${glue('1970', '-01-', '01')}\n`,
      reason: 'the epoch stands for unknown',
      outcome: 'synthetic',
    },
    {
      path: 'notes.txt',
      text: `DOB: ${glue('01/', '01/', '1900')}\n`,
      reason: '1900-01-01 stands for unknown',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'app.log', text: `${glue('1962', '-03-', '14')} 12:00:01 started\n`, reason: 'a date without a label' },
    { path: 'CHANGELOG.md', text: `## 1.2.0 (${glue('2024', '-03-', '14')})\n`, reason: 'a release' },
    { path: 'notes.txt', text: `DOB: ${glue('02/', '30/', '1962')}\n`, reason: 'no day of the calendar' },
    { path: 'notes.txt', text: `DOB: ${glue('1963', '-02-', '29')}\n`, reason: 'a leap day in a common year' },
    { path: 'notes.txt', text: `DOB: ${glue('1862', '-03-', '14')}\n`, reason: 'more than 120 years ago' },
    { path: 'notes.txt', text: `DOB: ${glue('2099', '-03-', '14')}\n`, reason: 'in the future' },
    { path: 'notes.txt', text: `DOB: ${glue('19', '62')}\n`, reason: 'a year may stay, by the rule' },
    { path: 'a.ts', text: 'const dob: Date = new Date(input.birthDate);\n', reason: 'names in code' },
    { path: 'notes.txt', text: 'dob: YYYY-MM-DD\nbirth date: MM/DD/YYYY\n', reason: 'the description of a format' },
    { path: 'notes.txt', text: 'dob: {{dob}} ${DOB} %s\n', reason: 'template placeholders' },
    {
      path: 'a.js',
      text: `fs.stat().birthtime = "${glue('2024', '-03-', '14')}T00:00:00Z";\n`,
      reason: 'when a file was made',
    },
    { path: 'notes.txt', text: `created_at: ${glue('1962', '-03-', '14')}\n`, reason: 'another label' },
    { path: 'notes.txt', text: `dob build ${glue('1962', '.3.', '14.', '7')}\n`, reason: 'a version of four parts' },
    { path: 'notes.txt', text: `adobe ${glue('1962', '-03-', '14')}\n`, reason: 'dob inside another word' },
    { path: 'a.json', text: `{"dob": ${glue('17', '00', '000')}}`, reason: 'a small integer' },
    { path: 'a.json', text: `{"dob_format": "${glue('1962', '-03-', '14')}"}`, reason: 'a label that means a format' },
  ],
  references: [
    'HL7 v2.5.1, chapter 3, PID-7; data type TS',
    'HL7 FHIR R4, Patient.birthDate',
    'ASC X12 DMG02 with DMG01 = D8',
    'DICOM PS3.6, (0010,0030)',
    '45 CFR 164.514(b)(2)(i)(C)',
  ],
};
