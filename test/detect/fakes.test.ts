import { describe, expect, it } from 'vitest';
import {
  isExampleDomain,
  isFakeAddress,
  isFakeMbi,
  isFakeName,
  isFakeSsn,
  isFakeZip,
  isFictionPhone,
  isFillerNumber,
  isPatterned,
  isRepeated,
  isSentinelDate,
  isSequential,
} from '../../src/detect/fakes.ts';
import { patients } from '../support/patients.ts';

const invented = patients(500);

describe('published Social Security numbers', () => {
  it.each([
    ['the wallet card', ['078', '05', '1120'], true],
    ["SSA's pamphlet", ['219', '09', '9999'], true],
    ['the first of the advertisements', ['987', '65', '4320'], true],
    ['the last of the advertisements', ['987', '65', '4329'], true],
    ['behind the advertisements', ['987', '65', '4330'], false],
    ['three equal blocks', ['222', '33', '4444'], true],
    ["Synthea's area", ['999', '12', '3456'], true],
    ['one digit', ['333', '33', '3333'], true],
    ['falling digits', ['987', '65', '4321'], true],
    ['a neighbour of the wallet card', ['078', '05', '1121'], false],
    ['an area of 2011', ['812', '35', '6604'], false],
  ])('%s', (_, parts, fake) => {
    expect(isFakeSsn(parts.join(''))).toBe(fake);
  });

  it('takes no invented patient for an example', () => {
    for (const one of invented) expect(isFakeSsn(one.ssn.replaceAll('-', ''))).toBe(false);
  });
});

describe('numbers that fill a field', () => {
  it.each([
    ['0000000', true],
    ['12345678', true],
    ['87654321', true],
    ['7890123', true],
    ['121212', true],
    ['100000', true],
    ['000012', true],
    ['TEST0042', true],
    ['demo-71', true],
    ['4821', false],
    ['84729136', false],
    ['E472961', false],
    ['CONTEST84', false],
  ])('%s: %s', (value, filler) => {
    expect(isFillerNumber(value)).toBe(filler);
  });

  it('needs two digits to see them repeated, and four to see them count', () => {
    expect(isRepeated('7')).toBe(false);
    expect(isRepeated('77')).toBe(true);
    expect(isSequential('123')).toBe(false);
    expect(isSequential('1234')).toBe(true);
    expect(isPatterned('4800')).toBe(false);
  });

  it('takes no number of an invented patient for a filler', () => {
    for (const one of invented) {
      for (const number of [one.mrn, one.memberId, one.account]) expect(isFillerNumber(number)).toBe(false);
    }
  });
});

describe('names of nobody', () => {
  it.each([
    ['John Doe', true],
    ['DOE JANE', true],
    ['PATIENT TEST', true],
    ['ZZTEST ANNA', true],
    ['Anissa357 Wuckert783', true],
    ['Peter James Chalmers', true],
    ['Mickey Mouse', true],
    ['John Smith', true],
    ['SMITH JANE', true],
    ['MX MX', true],
    ['Anna Smith', false],
    ['Testa Marco', false],
    ['Jane Public-Smith', false],
    ['Doell Anna', false],
  ])('%s: %s', (value, fake) => {
    expect(isFakeName(value.split(' '))).toBe(fake);
  });

  it('takes no invented patient for nobody', () => {
    for (const one of invented) expect(isFakeName([one.given, one.family])).toBe(false);
  });
});

describe('other examples', () => {
  it('knows the MBIs of CMS by their S, and the printed card', () => {
    expect(isFakeMbi(['1S00', 'E00', 'AA00'].join(''))).toBe(true);
    expect(isFakeMbi(['1EG4', 'TE5', 'MK73'].join(''))).toBe(true);
    for (const one of invented) expect(isFakeMbi(one.mbi)).toBe(false);
  });

  it.each([
    [['617', '555', '0100'], true],
    [['617', '555', '0199'], true],
    [['617', '555', '0200'], false],
    [['617', '555', '2368'], false],
    [['555', '482', '3391'], true],
    [['617', '444', '4444'], true],
    [['617', '482', '3391'], false],
  ])('fiction at %j: %s', (parts, fiction) => {
    expect(isFictionPhone(parts.join(''))).toBe(fiction);
  });

  it.each([
    ['example.org', true],
    ['mail.example.com', true],
    ['clinic.test', true],
    ['acme.io', true],
    ['kelpmail.net', false],
    ['contest.net', false],
    ['exampleclinic.org', false],
  ])('the domain %s: %s', (domain, example) => {
    expect(isExampleDomain(domain)).toBe(example);
  });

  it.each([
    ['123 Main St', true],
    ['88 Old Mill Rd, Anytown', true],
    ['4172 Main St', false],
    ['1234 Larkspur Ave', false],
  ])('the address %s: %s', (address, fake) => {
    expect(isFakeAddress(address)).toBe(fake);
  });

  it('knows ZIP codes that fill a form, and dates that stand for unknown ones', () => {
    expect([isFakeZip('00000'), isFakeZip('12345'), isFakeZip('99999'), isFakeZip('45402')]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(['19000101', '20101010', '19620314', '19621010'].map(isSentinelDate)).toEqual([true, true, false, false]);
  });
});
