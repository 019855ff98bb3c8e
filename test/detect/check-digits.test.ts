import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDea, isGs1, isHibc, isLuhn, isMod11, isNpi, isVin } from '../../src/detect/check-digits.ts';

/** The ten numbers that differ in their last digit. */
function withLast(stem: string): readonly string[] {
  return Array.from({ length: 10 }, (_, digit) => `${stem}${digit}`);
}

describe('published examples', () => {
  it.each([
    ["HL7's M10 of 12345 is 5", isLuhn, '12345', '5'],
    ["HL7's M10 of 401 is 0", isLuhn, '401', '0'],
    ["HL7's M10 of 99999999 is 8", isLuhn, '99999999', '8'],
    ["HL7's M11 of 1234567 is 4", isMod11, '1234567', '4'],
    ["CMS's example of an NPI", isNpi, '123456789', '3'],
    ["GS1's example of a GTIN-13", isGs1, '629104150021', '3'],
    ['a DEA number of the literature', isDea, 'AB123456', '3'],
  ])('%s, and no other digit passes', (_, test, stem, last) => {
    expect(withLast(stem).filter(test)).toEqual([stem + last]);
  });

  it.each([
    ['a check digit', ['1HGCM8', '2633A', '004352'].join(''), true],
    ['an X for ten', ['1M8GDM', '9AXKP', '042788'].join(''), true],
    ['another check digit', ['1HGCM8', '2533A', '004352'].join(''), false],
    ['a letter that is not used', ['1HGCM8', '2633A', 'OO4352'].join(''), false],
    ['sixteen characters', ['1HGCM8', '2633A', '00435'].join(''), false],
  ])('a VIN: %s', (_, vin, valid) => {
    expect(isVin(vin)).toBe(valid);
  });

  it('HIBC: the example of the standard, and no other last character', () => {
    expect(isHibc('+A123BJC5D6E71G')).toBe(true);
    expect(isHibc('+A123BJC5D6E71H')).toBe(false);
    expect(isHibc('A123BJC5D6E71G')).toBe(false);
  });
});

it.each([
  ['M10', isLuhn, ''],
  ['M11', isMod11, ''],
  ['NPI', isNpi, '1'],
])('%s: exactly one last digit passes for every number', (_, test, first) => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{8}$/), (digits) => {
      expect(withLast(first + digits).filter(test)).toHaveLength(1);
    }),
  );
});

it.each([
  ['M10', isLuhn],
  ['M11', isMod11],
  ['GS1', isGs1],
  ['NPI', isNpi],
  ['DEA', isDea],
  ['VIN', isVin],
  ['HIBC', isHibc],
])('%s takes any text, and letters are no digits', (_, test) => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(typeof test(text)).toBe('boolean');
    }),
  );
  expect(test('')).toBe(false);
  expect(test('abcdefghijkl')).toBe(false);
});
