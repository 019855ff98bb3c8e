/** The checks that a custom detector names in phiscan.yaml. All pure. */
import { isDea, isGs1, isHibc, isLuhn, isMod11, isNpi, isVin } from './check-digits.ts';
import { digitsOf, isBirthDate, isMbiStructure, isNanpNumber, isNotNumberOfPerson, isSsnStructure } from './checks.ts';
import { readingsOf } from './dates.ts';
import type { CheckResult } from './detector.ts';

interface NamedCheck {
  /** One sentence for `phiscan detectors explain` and docs/detectors.md. */
  readonly says: string;
  readonly check: (value: string) => CheckResult;
}

const checks: Readonly<Record<string, NamedCheck>> = {
  number: {
    says: 'fails for values that are a date, a version, a digest, a UUID or the name of an algorithm',
    check: (value) => (isNotNumberOfPerson(value) ? 'fail' : 'none'),
  },
  mod10: { says: "Luhn's formula over the digits, HL7's scheme M10", check: digitCheck(isLuhn) },
  mod11: { says: "HL7's scheme M11 over the digits: weights 2 to 7 from the right", check: digitCheck(isMod11) },
  gs1: { says: 'the check digit of GS1 numbers of 8 to 18 digits', check: digitCheck(isGs1) },
  hibc: { says: 'the check character of HIBC labels, which begin with +', check: passes(isHibc) },
  npi: { says: 'ten digits with the check digit of a National Provider Identifier', check: digitCheck(isNpi) },
  dea: { says: 'the check digit of a DEA registration', check: passes(isDea) },
  vin: { says: 'the check digit of a vehicle identification number', check: passes((vin) => isVin(vin.toUpperCase())) },
  mbi: {
    says: 'the positions of a Medicare Beneficiary Identifier',
    check: passes((mbi) => isMbiStructure(mbi.replace(/[^0-9A-Za-z]/g, '').toUpperCase())),
  },
  ssn: { says: 'nine digits that may be a Social Security number', check: holds((value) => isSsn(digitsOf(value))) },
  nanp: {
    says: 'ten digits of the North American Numbering Plan',
    check: holds((value) => isNanpNumber(digitsOf(value))),
  },
  'birth-date': {
    says: 'a day of the last 120 years, in any of the forms that dob knows',
    check: holds((value) => readingsOf(value).some(({ year, month, day }) => isBirthDate(year, month, day))),
  },
};

/** A check digit is evidence when it holds. */
function passes(test: (value: string) => boolean): (value: string) => CheckResult {
  return (value) => (test(value) ? 'pass' : 'fail');
}

function digitCheck(test: (digits: string) => boolean): (value: string) => CheckResult {
  return passes((value) => test(digitsOf(value)));
}

/** A structure that most numbers have is none. */
function holds(test: (value: string) => boolean): (value: string) => CheckResult {
  return (value) => (test(value) ? 'none' : 'fail');
}

function isSsn(digits: string): boolean {
  const [area, group, serial] = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)].map(Number);
  return digits.length === 9 && isSsnStructure(area ?? 0, group ?? 0, serial ?? 0);
}

export const checkNames: readonly string[] = Object.keys(checks);

/** What a check says of a value, in a sentence; undefined for a name that is none. */
export function checkSentence(name: string): string | undefined {
  return Object.hasOwn(checks, name) ? checks[name]?.says : undefined;
}

export function namedCheck(name: string): (value: string) => CheckResult {
  const named = Object.hasOwn(checks, name) ? checks[name] : undefined;
  if (named === undefined) throw new TypeError('a check by a name that phiscan.yaml would not have passed');
  return named.check;
}
