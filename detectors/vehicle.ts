import { isVin } from '../src/detect/check-digits.ts';
import { digitsOf, isNotNumberOfPerson } from '../src/detect/checks.ts';
import type { CheckResult, Detector } from '../src/detect/detector.ts';
import { isFillerNumber } from '../src/detect/fakes.ts';
import { glue } from '../src/detect/glue.ts';
import { DESCRIPTIONS, phrases } from '../src/detect/phrases.ts';

/** ISO 3779: seventeen of the letters and digits without I, O and Q. */
const VIN = '(?i:[A-HJ-NPR-Z0-9]{17})';
/** Up to eight letters and digits, often in two groups, in capitals. */
const PLATE = '[A-Z0-9]{1,4}[- ]?[A-Z0-9]{2,4}(?:[- ][A-Z0-9]{1,3})?';

const VIN_LENGTH = 17;
const PLATE_LABEL = /plate|tag|registration/;

/** Those of manuals: 49 CFR 565 and the encyclopedias. */
const PUBLISHED: ReadonlySet<string> = new Set([
  glue('1M8GDM', '9AXKP', '042788'),
  glue('1HGCM8', '2633A', '004352'),
  glue('5GZCZ4', '3D13S', '812715'),
  glue('1G4AH5', '9H45G', '118341'),
]);

/** ISO 3780: a country, a maker, a model year that is no I, O, Q, U, Z or 0, and a serial number that ends in digits. */
function isVehicle(vin: string): boolean {
  return (
    /^[1-9A-HJ-NPR-Z][A-HJ-NPR-Z0-9]{8}[1-9A-HJ-NPRSTV-Y][A-HJ-NPR-Z0-9]{3}\d{4}$/.test(vin) &&
    /[A-Z]/.test(vin.slice(0, 8))
  );
}

function check(value: string, label: string): CheckResult {
  const plain = value.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
  if (isFake(value)) return 'none';
  if (plain.length !== VIN_LENGTH) {
    const isPlate = PLATE_LABEL.test(label) && digitsOf(plain) !== '' && plain.length >= 4 && plain.length <= 8;
    return isPlate && !isNotNumberOfPerson(value) ? 'none' : 'fail';
  }
  if (PLATE_LABEL.test(label) || !isVehicle(plain)) return 'fail';
  // Makers outside of North America need no check digit.
  return isVin(plain) ? 'pass' : /^[1-5]/.test(plain) ? 'fail' : 'none';
}

function isFake(value: string): boolean {
  const plain = value.replace(/[^0-9A-Za-z]/g, '').toUpperCase();
  return (
    PUBLISHED.has(plain) ||
    (plain.length === VIN_LENGTH && /^(.)\1+$/.test(plain)) ||
    (plain.length < VIN_LENGTH && isFillerNumber(value))
  );
}

export const vehicle: Detector = {
  id: 'vehicle',
  identifier: 'vehicle',
  safeHarbor: 'L',
  title: 'Vehicle identification number or licence plate',
  finds:
    'Vehicle identification numbers below their label, with the check digit where North America asks for one; licence plates of 4 to 8 ' +
    'letters and digits below theirs. Plain `vin` and `plate` count only beside other identifiers of a person.',
  misses:
    'Numbers and plates without a label, plates of letters only, and numbers of cars made before 1981, which are shorter.',
  labels: {
    strong: phrases(
      'vehicle identification number, vehicle identification no, vehicle vin, vin number, vehicle license plate, license plate, ' +
        'license plate number, license plate no, licence plate, licence plate number, vehicle plate, plate number',
    ),
    weak: phrases(
      'vin, vin no, vin #, vehicle id, vehicle number, vehicle identifier, vehicle registration, plate, plate no, tag number, tag no',
    ),
    whole: phrases('vin, plate'),
    not: [
      ...DESCRIPTIONS,
      ...phrases('state, voltage, input, git, docker, image, release, asset, catalog, printing, recognition'),
    ],
  },
  shape: `(?:${VIN}|${PLATE})`,
  check,
  synthetic: isFake,
  direct: false,
  severity: { labelled: 'low' },
  mask: '[vehicle]',

  examples: () => [
    {
      path: 'notes.txt',
      text: `Vehicle identification number: ${glue('2FTRX1', '8W0XC', 'A01234')}\n`,
      reason: 'a label and a check digit',
    },
    {
      path: 'notes.txt',
      text: `VIN number ${glue('WVWZZZ', '1JZ3W', '386752')}\n`,
      reason: 'a car of Europe, without check digit',
    },
    { path: 'notes.txt', text: `License plate: ${glue('HKB ', '48', '17')}\n`, reason: 'a plate in two groups' },
    { path: 'a.json', text: `{"licensePlate":"${glue('7', 'KBH', '481')}"}`, reason: 'a plate in JSON' },
    {
      path: 'a.csv',
      text: `mrn,vin\n${glue('73', '02', '95')},${glue('WVWZZZ', '1JZ3W', '386752')}\n`,
      reason: 'a plain label beside another identifier',
    },
    {
      path: 'notes.txt',
      text: `VIN number: ${glue('11111', '111111', '111111')}\n`,
      reason: 'ones',
      outcome: 'synthetic',
    },
  ],
  counterExamples: () => [
    { path: 'notes.txt', text: `seen ${glue('WVWZZZ', '1JZ3W', '386752')}\n`, reason: 'no label' },
    { path: 'notes.txt', text: `vin ${glue('WVWZZZ', '1JZ3W', '386752')}\n`, reason: 'a plain label alone' },
    { path: 'notes.txt', text: `VIN number ${glue('2FTRX1', '8W5XC', 'A01234')}\n`, reason: 'a wrong check digit' },
    { path: 'notes.txt', text: `VIN number ${glue('WVWZZZ', '1OZ3W', '386752')}\n`, reason: 'the letter O' },
    {
      path: 'notes.txt',
      text: `VIN number ${glue('12345', '678901', '234567')}\n`,
      reason: 'no letter among the first eight',
    },
    { path: 'notes.txt', text: `VIN number ${glue('WVWZZZ', '1JZ3W', 'ABCDEF')}\n`, reason: 'no serial number' },
    { path: 'a.ts', text: 'const licensePlate = car.licensePlate();\n', reason: 'names in code' },
    { path: 'notes.txt', text: 'license plate: {{plate}} ${PLATE} %s\n', reason: 'template placeholders' },
    {
      path: 'notes.txt',
      text: `vin voltage ${glue('3', '.3')} license plate recognition v${glue('2', '.14')}\n`,
      reason: 'voltages and versions',
    },
  ],
  references: ['49 CFR 565.15 (VIN requirements, check digit)', 'ISO 3779 and ISO 3780', '45 CFR 164.514(b)(2)(i)(L)'],
};
