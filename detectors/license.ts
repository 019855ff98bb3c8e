import { digitsOf, isNotNumberOfPerson, PLACED_NUMBER } from '../src/detect/checks.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFillerNumber } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** States write from one to fifteen digits with up to three letters, most of them with the letters in front. */
const LETTERS = '(?:[A-Za-z]{1,5}[- ]?)?';
const NUMBER = '[0-9](?:[-* ]?[0-9A-Za-z]){3,18}';

const FEWEST = 5;
const MOST = 20;
const FEWEST_DIGITS = 4;

function check(value: string, _label: string, placed = false): CheckResult {
  if (placed) return 'none';
  const plain = value.replace(/[^0-9A-Za-z]/g, '');
  if (plain.length < FEWEST || plain.length > MOST || digitsOf(value).length < FEWEST_DIGITS) return 'fail';
  return value.includes('--') || isNotNumberOfPerson(value) ? 'fail' : 'none';
}

export const license: Detector = {
  id: 'license',
  identifier: 'license',
  safeHarbor: 'K',
  title: 'Driver licence, passport and other certificates of a person',
  finds:
    'Numbers of 5 to 20 digits and letters below a label that names a driver licence, a passport, a state identity card or a ' +
    'birth or death certificate; below a plain licence or certificate number only beside other identifiers of a person.',
  misses:
    "Numbers without a label: every state has its own form, and none has a check digit that all share. A provider's licence is not " +
    'reported as one of a patient, nor are the licences of software.',
  labels: {
    strong: phrases(
      'driver license, driver license number, driver license no, driver license num, driver license #, driver licence, ' +
        'driver licence number, drivers license, drivers license number, drivers license no, drivers license num, ' +
        'drivers license #, drivers licence, drivers licence number, driving license, driving licence, driving license number, ' +
        'driving licence number, driver lic, driver lic no, drivers lic no, dl number, ' +
        'patient license number, patient dl, patient passport, passport number, passport no, passport num, passport #, passport id, ' +
        'birth certificate number, birth certificate no, death certificate number, death certificate no, ' +
        'state id number, state identification number, state issued id',
    ),
    weak: phrases(
      'license number, license no, license num, license #, licence number, licence no, license id, dl, dl no, dl num, dl #, dln, passport, ' +
        'certificate number, certificate no, certificate id, state id, identity card, identity card number, id card number, ' +
        'birth certificate, death certificate, marriage certificate number, green card number, permanent resident card number, alien number, visa number, ' +
        'military id, edipi, dod id, dod id number',
    ),
    whole: phrases('passport, dl, birth certificate, death certificate, identity card'),
    not: [
      ...DESCRIPTIONS,
      ...phrases(
        'provider, physician, doctor, prescriber, nurse, pharmacy, facility, software, product, key, mit, gpl, apache, spdx, ' +
          'ssl, tls, state code, class, expiration, expires, expiry, date, issued, issuer, plate, name, country',
      ),
    ],
  },
  shape: `(?:${LETTERS}${NUMBER})`,
  placed: PLACED_NUMBER,
  inline: '(?:(?:[A-Za-z]{1,5}-?)?[0-9][0-9A-Za-z-]{3,18})',
  check,
  synthetic: isFillerNumber,
  direct: false,
  severity: { labelled: 'medium' },
  mask: '[license]',

  examples: () => [
    {
      path: 'notes.txt',
      text: `Drivers license: ${glue('S', '41', '70', '93', '82')}\n`,
      reason: 'a letter and digits',
    },
    { path: 'notes.txt', text: `Driver License # ${glue('41', '70', '93', '826')}\n`, reason: 'digits only' },
    { path: 'notes.txt', text: `Passport No: ${glue('X', '41', '70', '93', '82')}\n`, reason: 'a passport' },
    {
      path: 'a.json',
      text: `{"driversLicenseNumber":"${glue('D', '417-', '0938-', '2651')}"}`,
      reason: 'dashes, in JSON',
    },
    {
      path: 'app.env',
      text: `PATIENT_DRIVER_LICENSE=${glue('OH', '41', '70', '93')}\n`,
      reason: 'an environment variable',
    },
    { path: 'a.csv', text: `passport_number,sex\n${glue('41', '70', '93', '826')},F\n`, reason: 'a column' },
    {
      path: 'a.csv',
      text: `mrn,license_no\n${glue('73', '02', '95')},${glue('S', '41', '70', '93')}\n`,
      reason: 'a plain label beside another identifier',
    },
    {
      path: 'notes.txt',
      text: `Driver license: ${glue('12', '34', '56', '78')}\n`,
      reason: 'digits in order',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    {
      path: 'package.json',
      text: '{"license":"MIT","license_number":"Apache-2.0"}',
      reason: 'the licence of a program',
    },
    { path: 'notes.txt', text: `license number: ${glue('41', '70', '93', '826')}\n`, reason: 'a plain label alone' },
    { path: 'notes.txt', text: `S ${glue('41', '70', '93', '82')} seen\n`, reason: 'no label' },
    {
      path: 'a.csv',
      text: `mrn,provider_license_no\n${glue('73', '02', '95')},${glue('S', '41', '70', '93')}\n`,
      reason: "a provider's licence",
    },
    {
      path: 'a.js',
      text: `passport.use(new Strategy(), ${glue('41', '70', '93')});\n`,
      reason: 'a library called passport',
    },
    { path: 'notes.txt', text: `driver license expires ${glue('2019', '-03-', '14')}\n`, reason: 'a date' },
    { path: 'notes.txt', text: `driver license class ${glue('41', '70', '93')}\n`, reason: 'a class of vehicles' },
    { path: 'a.ts', text: 'const driverLicense = form.driverLicense.value;\n', reason: 'names in code' },
    { path: 'notes.txt', text: 'driver license: {{dl}} ${DL} %s\n', reason: 'template placeholders' },
    { path: 'notes.txt', text: `passport number ${glue('41', '7')}\n`, reason: 'too short' },
    { path: 'notes.txt', text: `passport number ${glue('9f86d0', '81884c7d')}\n`, reason: 'the start of a digest' },
    {
      path: 'x.pem',
      text: `certificate number ${glue('41', '70', '93', '82')}\n`,
      reason: 'a certificate of a program',
    },
  ],
  references: [
    'HL7 v2.5.1, chapter 3, PID-20; table 0203 (DL, PPN, BCT)',
    'AAMVA, DL/ID Card Design Standard, data element DAQ',
    'ICAO Doc 9303, part 4 (passport numbers)',
    '45 CFR 164.514(b)(2)(i)(K)',
  ],
};
