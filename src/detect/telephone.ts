/** How telephone and fax numbers are written, and which of them belong to a person. All pure. */
import { digitsOf, isNanpNumber, isTollFree } from './checks.ts';
import type { CheckResult, Detector } from './detector.ts';
import { isFictionPhone } from './fakes.ts';

/** Numbering plan area: the second digit is never 9. */
const NPA = '[2-9][0-8][0-9]';
/** Central office. */
const NXX = '[2-9][0-9]{2}';
const LINE = '[0-9]{4}';
const COUNTRY = '(?:(?:\\+?1|001)[-. ]?)?';
const EXTENSION = '(?: ?(?i:x|ext\\.?|extension) ?[0-9]{1,6})?';

/** Nothing but a telephone number is written so, valid or not. */
const IN_PARENTHESES = '\\([0-9]{3}\\) ?-?[0-9]{3}';
const GAP = '[-. \u2010-\u2013\u00a0]';

/** `(617) 482-3391`, `617-482-3391`, `617.482.3391`, `617 482 3391`. */
const SEPARATED = `${COUNTRY}(?:${NPA}${GAP}${NXX}|${IN_PARENTHESES})${GAP}${LINE}${EXTENSION}`;
const DIGITS = `(?:\\+?1[-. ]?)?${NPA}${NXX}${LINE}`;
/** ITU-T E.164: a country code and up to 15 digits in all. */
const ABROAD = '\\+[2-9](?:[-. ()]{0,2}[0-9]){7,14}';

/** RE2 source of a number that is a whole value. */
const WHOLE_NUMBER = `(?:${SEPARATED}|${DIGITS}|${ABROAD})`;
/** RE2 source of a number at a format's own place, where nothing else can stand. */
const PLACED_NUMBER = `(?:${WHOLE_NUMBER}|[+(0-9][-+(). 0-9]{5,24}[0-9]${EXTENSION})`;
/** RE2 source of a number in running text. */
const INLINE_NUMBER = `(?:${SEPARATED}|${ABROAD}|${DIGITS})`;

function isAbroad(value: string): boolean {
  return /^\+[2-9]/.test(value);
}

/** Without country code and extension. */
function subscriberDigits(value: string): string {
  const digits = digitsOf(value.replace(/[a-z].*$/i, ''));
  return isAbroad(value) ? digits : digits.replace(/^(?:00)?1(?=[0-9]{10}$)/, '');
}

/** Fiction, and area codes that do not exist, as programs draw them that invent patients. */
function isFakeNumber(value: string): boolean {
  const digits = subscriberDigits(value);
  return !isAbroad(value) && (isFictionPhone(digits) || (value.includes('(') && !isNanpNumber(digits)));
}

/** Fails for numbers that cannot exist and for those of organisations. */
function checkNumber(value: string, _label?: string, placed = false): CheckResult {
  if (placed) return 'none';
  const digits = subscriberDigits(value);
  if (isAbroad(value) || isFakeNumber(value)) return 'none';
  // Half of all ten-digit numbers pass, so passing is no evidence.
  return isNanpNumber(digits) && !isTollFree(digits) ? 'none' : 'fail';
}

/** What the detectors of telephone and of fax numbers share: only the labels tell the two apart. */
export const TELEPHONE: Pick<
  Detector,
  'placed' | 'shape' | 'inline' | 'check' | 'synthetic' | 'normalize' | 'direct' | 'severity' | 'mask'
> = {
  placed: PLACED_NUMBER,
  shape: WHOLE_NUMBER,
  inline: INLINE_NUMBER,
  check: checkNumber,
  synthetic: isFakeNumber,
  normalize: subscriberDigits,
  direct: false,
  severity: { labelled: 'low' },
  mask: '(***) ***-****',
};
