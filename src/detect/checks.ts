/** Rules that several detectors share: what a value's structure must be, and what only looks like a value. All pure. */

/** The oldest person a birth date may belong to, in years. */
const OLDEST_AGE = 120;

export function digitsOf(value: string): string {
  return value.replace(/\D/g, '');
}

/** True for a day of the Gregorian calendar; the month is 1 to 12. */
export function isCalendarDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** True for a day on which someone who may be alive was born. */
export function isBirthDate(year: number, month: number, day: number): boolean {
  const thisYear = new Date().getUTCFullYear();
  return year >= thisYear - OLDEST_AGE && year <= thisYear && isCalendarDate(year, month, day);
}

/** SSA POMS RM 10201.035; 773 to 899 are assigned since 2011-06-25, 9xx are taxpayer numbers of the IRS (ITIN). */
export function isSsnStructure(area: number, group: number, serial: number): boolean {
  return area > 0 && area < 900 && area !== 666 && group > 0 && serial > 0;
}

/** A ten-digit number of the North American Numbering Plan: neither code begins with 0 or 1 or is a service code (N11). */
export function isNanpNumber(digits: string): boolean {
  return /^[2-9][0-8]\d[2-9]\d{6}$/.test(digits) && !/^(?:.11|...[2-9]11)/.test(digits);
}

/** 800, 833, 844, ...: numbers of organisations, not of persons. */
export function isTollFree(digits: string): boolean {
  return /^8(?:00|33|44|55|66|77|88)/.test(digits);
}

/** 128 bits in hexadecimal with the dashes of RFC 9562. */
export function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value);
}

/** Hexadecimal in one case with letters and digits mixed: the start of a digest, a commit, a colour, an address. */
export function isHexRun(value: string): boolean {
  if (!/^(?:0x[0-9a-f]+|[0-9a-f]{6,}|[0-9A-F]{12,})$/.test(value)) return false;
  return /^0x/.test(value) || (value.match(/[a-f]+/gi)?.length ?? 0) >= 2;
}

/** `1.2.3`, `v2-14`, `10.0.1rc3`. Numbers with dashes alone are none: hospitals file by `12-34-56`. */
export function isVersion(value: string): boolean {
  return /^v\d{1,3}(?:[.-]\d+)+$|^v?\d+(?:\.\d+){1,3}[.-]?(?:rc|alpha|beta|dev|post|b|a)?\d*$/i.test(value);
}

/** A date or a year, with or without separators. */
export function isDateText(value: string): boolean {
  const parts = /^((?:19|20)\d\d)(?:([-/.]?)(\d\d)\2(\d\d)(?:\d{4}|\d{6})?)?$/.exec(value);
  if (parts) return parts[3] === undefined || isCalendarDate(Number(parts[1]), Number(parts[3]), Number(parts[4]));
  return /^\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d$/.test(value);
}

/** Names of algorithms, encodings and standards that hold a number: `sha256`, `utf-16`, `RFC2606`. */
const TECHNICAL =
  /^(?:sha|md|utf|ucs|iso|rfc|latin|base|u?int|float|n?varchar2?|char|numeric|decimal|rsa|aes|cp|windows|cve|ieee|pbkdf|crc|port|page|line|step|error|http|fig|table|section|win|linux|arm)[-_]?\d+(?:-\d+)*$|^x\d{2,3}(?:-\d+)*$/i;

export function isTechnicalWord(value: string): boolean {
  return TECHNICAL.test(value);
}

/** Small and capital letters among digits, as in base64: people number each other in one case. */
export function isRandomToken(value: string): boolean {
  return /[0-9].*[a-z]/.test(value) && /[0-9].*[A-Z]/.test(value);
}

/** Things that stand where a record number should, and are none: what mrn, member-id and account have in common. */
export function isNotNumberOfPerson(value: string): boolean {
  const looksMade = isUuid(value) || isHexRun(value) || isRandomToken(value);
  return looksMade || isVersion(value) || isDateText(value) || isTechnicalWord(value);
}

/** CMS, MBI format: positions C A AN N A AN N A A N N, letters without S L O I B Z; an S at position 2 is synthetic. */
export function isMbiStructure(mbi: string): boolean {
  return /^[1-9][AC-HJKMNP-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d\d$/.test(
    mbi,
  );
}

/** RE2 source of a number of a person where a format has a place for it: whatever a sender writes there, UUIDs and letters too. */
export const PLACED_NUMBER = '[0-9A-Za-z][0-9A-Za-z./:#_-]{0,63}(?: [0-9A-Za-z#./:_-]{1,30}){0,2}';
