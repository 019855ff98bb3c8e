/** Check digits of numbers that health care and its surroundings use. All pure; each takes the number with its check digit. */

/** Luhn's formula (ISO/IEC 7812-1, annex B): also HL7's scheme M10. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, isDoubled = false; at >= 0; at--, isDoubled = !isDoubled) {
    const digit = Number(digits[at]) * (isDoubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return /^\d{2,}$/.test(digits) && sum % 10 === 0;
}

/** HL7 v2, data type CX, scheme M11: weights 2 to 7 from the units digit on. */
export function isMod11(digits: string): boolean {
  if (!/^\d{2,}$/.test(digits)) return false;
  let sum = 0;
  for (let at = digits.length - 2, weight = 2; at >= 0; at--, weight = weight === 7 ? 2 : weight + 1) {
    sum += Number(digits[at]) * weight;
  }
  const remainder = sum % 11;
  return Number(digits.at(-1)) === (11 - (remainder === 0 ? 1 : remainder)) % 10;
}

/** GS1 General Specifications, 7.9: weights 3 and 1 from the right, the check digit left out. */
export function isGs1(digits: string): boolean {
  if (!/^\d{8,18}$/.test(digits)) return false;
  let sum = 0;
  for (let at = digits.length - 2, weight = 3; at >= 0; at--, weight = 4 - weight) sum += Number(digits[at]) * weight;
  return Number(digits.at(-1)) === (10 - (sum % 10)) % 10;
}

/** CMS, National Provider Identifier: Luhn's formula over 80840 and the ten digits. */
export function isNpi(digits: string): boolean {
  return /^[12]\d{9}$/.test(digits) && isLuhn(`80840${digits}`);
}

/** A DEA registration: two letters (the second may be 9) and seven digits. Case does not matter. */
export function isDea(value: string): boolean {
  const found = /^[ABCDEFGHJKLMPRSTUX][A-Z9](\d{7})(?:-[0-9A-Z]{1,7})?$/i.exec(value);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, last = 0] = Array.from(found?.[1] ?? '', Number);
  return found !== null && (a + c + e + 2 * (b + d + f)) % 10 === last;
}

const VIN_VALUES = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const VIN_DIGITS = '12345678123457923456789';
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** 49 CFR 565.15(c): position 9 of a vehicle identification number of North America. Upper case. */
export function isVin(vin: string): boolean {
  if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(vin)) return false;
  let sum = 0;
  for (const [at, weight] of VIN_WEIGHTS.entries()) {
    const character = vin.charAt(at);
    const value = /\d/.test(character) ? character : VIN_DIGITS.charAt(VIN_VALUES.indexOf(character));
    sum += Number(value) * weight;
  }
  const remainder = sum % 11;
  return vin.charAt(8) === (remainder === 10 ? 'X' : String(remainder));
}

const HIBC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%';

/** ANSI/HIBC 2.6: the last character is the sum of all others modulo 43. */
export function isHibc(code: string): boolean {
  let sum = 0;
  for (const character of code.slice(0, -1)) {
    const value = HIBC.indexOf(character);
    if (value < 0) return false;
    sum += value;
  }
  return code.length > 5 && code.startsWith('+') && HIBC.charAt(sum % 43) === code.at(-1);
}
