import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isBirthDate,
  isCalendarDate,
  isDateText,
  isHexRun,
  isMbiStructure,
  isNanpNumber,
  isNotNumberOfPerson,
  isRandomToken,
  isSsnStructure,
  isTechnicalWord,
  isTollFree,
  isUuid,
  isVersion,
} from '../../src/detect/checks.ts';
import { patients } from '../support/patients.ts';

const invented = patients(500);

describe('dates', () => {
  it('agrees with the calendar of the runtime on every day', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1800-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }),
        (date) => {
          expect(isCalendarDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())).toBe(true);
        },
      ),
    );
  });

  it.each([
    ['the leap day of 2000', 2000, 2, 29, true],
    ['no leap day in 1900', 1900, 2, 29, false],
    ['no leap day in 1963', 1963, 2, 29, false],
    ['31 April', 1962, 4, 31, false],
    ['day 0', 1962, 4, 0, false],
    ['month 0', 1962, 0, 4, false],
    ['month 13', 1962, 13, 4, false],
  ])('%s', (_, year, month, day, valid) => {
    expect(isCalendarDate(year, month, day)).toBe(valid);
  });

  it('is a birth date for the last 120 years only', () => {
    const year = new Date().getUTCFullYear();
    expect([year - 121, year - 120, year, year + 1].map((one) => isBirthDate(one, 1, 1))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

describe('Social Security numbers', () => {
  it.each([
    ['area 000', 0, 12, 3456, false],
    ['area 001', 1, 12, 3456, true],
    ['area 666', 666, 12, 3456, false],
    ['area 773, assigned since 2011', 773, 12, 3456, true],
    ['area 899, assigned since 2011', 899, 12, 3456, true],
    ['area 900, an ITIN', 900, 70, 3456, false],
    ['group 00', 301, 0, 3456, false],
    ['serial 0000', 301, 12, 0, false],
  ])('%s', (_, area, group, serial, valid) => {
    expect(isSsnStructure(area, group, serial)).toBe(valid);
  });
});

describe('telephone numbers', () => {
  it.each([
    ['a number', '6174823391', true],
    ['area 1xx', '1174823391', false],
    ['area x9x', '6974823391', false],
    ['area N11', '6114823391', false],
    ['office 1xx', '6171823391', false],
    ['office N11', '6179113391', false],
    ['nine digits', '617482339', false],
  ])('%s', (_, digits, valid) => {
    expect(isNanpNumber(digits)).toBe(valid);
  });

  it('knows toll-free areas', () => {
    expect(['800', '833', '888', '808', '880'].map((area) => isTollFree(`${area}4823391`))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('Medicare Beneficiary Identifiers', () => {
  it('accepts every one that is drawn by the rules', () => {
    for (const one of invented) expect(isMbiStructure(one.mbi)).toBe(true);
  });

  it.each(['S', 'L', 'O', 'I', 'B', 'Z'])('has no letter %s at position 5', (letter) => {
    const [one] = invented;
    expect(isMbiStructure(`${one?.mbi.slice(0, 4) ?? ''}${letter}${one?.mbi.slice(5) ?? ''}`)).toBe(false);
  });
});

describe('what is no number of a person', () => {
  it('is a UUID of any version', () => {
    fc.assert(fc.property(fc.uuid(), (uuid) => isUuid(uuid) && isNotNumberOfPerson(uuid)));
  });

  it.each([
    ['the start of a commit', isHexRun, '3f2a9c1', true],
    ['a pointer', isHexRun, '0x7ffd41', true],
    ['a number with a letter before it', isHexRun, 'e472961', false],
    ['digits alone', isHexRun, '84729136', false],
    ['a token of base64', isRandomToken, 'x47DEQpj8H', true],
    ['a facility in mixed case', isRandomToken, 'Wh472961', false],
    ['a version', isVersion, '1.22.3', true],
    ['a version with a v', isVersion, 'v2-14', true],
    ['a release candidate', isVersion, '3.1.0rc2', true],
    ['hospital filing by dashes', isVersion, '47-29-61', false],
    ['a day', isDateText, '2024-11-05', true],
    ['eight digits of a day', isDateText, '20241105', true],
    ['eight digits of no day', isDateText, '20241345', false],
    ['fourteen digits of a time', isDateText, '20241105093000', true],
    ['a year', isDateText, '1998', true],
    ['a year that nobody writes', isDateText, '4821', false],
    ['an algorithm', isTechnicalWord, 'sha256', true],
    ['an encoding', isTechnicalWord, 'UTF-16', true],
    ['a record number', isTechnicalWord, 'WH-472961', false],
  ])('%s', (_, test, value, expected) => {
    expect(test(value)).toBe(expected);
  });

  it('leaves the numbers of invented patients alone', () => {
    for (const one of invented) {
      for (const number of [one.mrn, one.memberId, one.account]) expect(isNotNumberOfPerson(number)).toBe(false);
    }
  });
});
