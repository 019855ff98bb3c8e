/** How people, programs and health formats write a day, and which days a person may have lived through. All pure. */
import { digitsOf, isBirthDate } from './checks.ts';

/** 9999 stands for the end of time. */
const YEAR = '(?:(?:1[89]|20)[0-9]{2}|9999)';
const MONTH = '(?:0[1-9]|1[0-2])';
const DAY = '(?:0[1-9]|[12][0-9]|3[01])';
/** Day or month, also without a leading zero; the longer forms first, as RE2 takes the first that fits. */
const SHORT = '(?:[12][0-9]|3[01]|0?[1-9])';
const SHORT_YEAR = `(?:${YEAR}|[0-9]{2})`;
const MONTH_NAME =
  '(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const CLOCK = '(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?(?: ?(?:Z|[-+][0-9]{2}:?[0-9]{2}))?)?';
const CLOCK_12 = '(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?(?i:[ap]m))?)?';

/** ISO 8601, also with slashes or dots, also as a timestamp. */
const YEAR_FIRST = `${YEAR}(?:-${SHORT}-|/${SHORT}/|\\.${SHORT}\\.)${SHORT}${CLOCK}`;
/** US and European order. */
const YEAR_LAST = `${SHORT}(?:-${SHORT}-|/${SHORT}/|\\.${SHORT}\\.)${SHORT_YEAR}${CLOCK_12}`;
/** HL7, X12 (D8) and DICOM; HL7 may add a time and a zone. */
const COMPACT = `${YEAR}${MONTH}${DAY}(?:[0-9]{4}(?:[0-9]{2})?(?:\\.[0-9]{1,4})?)?(?:[-+][0-9]{4})?`;
/** `14-MAR-1962`, `14 March 1962`. */
const DAY_NAMED = `${SHORT}[- /]?${MONTH_NAME}\\.?[-, /]{0,2}${SHORT_YEAR}`;
/** `March 14, 1962`. */
const MONTH_NAMED = `${MONTH_NAME}\\.?[- ]${SHORT}(?:st|nd|rd|th)?,?[- ]${YEAR}`;
/** .NET JSON, in milliseconds since 1970. */
const DOTNET = '\\\\?/Date\\(-?[0-9]{1,14}(?:[-+][0-9]{4})?\\)\\\\?/';
/** Milliseconds since 1970 as a number, 1938 to 1966 being negative; only as a whole cell. */
const MILLISECONDS = '-?[0-9]{11,13}';

/** RE2 source of a date in running text. */
export const WRITTEN_DATE: string = [YEAR_FIRST, COMPACT, YEAR_LAST, DAY_NAMED, MONTH_NAMED, DOTNET].join('|');
/** RE2 source of a date that is a whole value: milliseconds too. */
export const WHOLE_DATE: string = `${WRITTEN_DATE}|${MILLISECONDS}`;

/** RE2 source of a date at a place of a format: `1962-03`, and HL7's `196203`, are a year and a month. */
export const PLACED_DATE: string = `${WHOLE_DATE}|${YEAR}-?${MONTH}`;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export interface Day {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** `62` is 1962, and `09` is 2009 until that lies ahead. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  const century = Math.floor(new Date().getUTCFullYear() / 100) * 100;
  return century + year > new Date().getUTCFullYear() ? century - 100 + year : century + year;
}

function fromMilliseconds(text: string): Day {
  const date = new Date(Number(text));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** What a text of the shape may mean. Where day and month may be either, the US order first. */
export function readingsOf(value: string): readonly Day[] {
  const dotnet = /Date\((-?\d+)/.exec(value);
  if (dotnet?.[1] !== undefined) return [fromMilliseconds(dotnet[1])];
  if (/^-?\d{11,13}$/.test(value)) return [fromMilliseconds(value), ...compact(value)];
  const named = /\p{L}{3,}/u.exec(value.replace(/T\d.*$/, ''));
  const numbers = value.match(/\d+/g) ?? [];
  if (named) {
    const month = MONTHS.indexOf(named[0].slice(0, 3).toLowerCase()) + 1;
    return [{ year: fullYear(numbers[1] ?? ''), month, day: Number(numbers[0]) }];
  }
  const [first = '', second = '', third = ''] = numbers;
  const yearAndMonth = /^(\d{4})-?(\d{2})$/.exec(value);
  if (yearAndMonth) return [{ year: Number(yearAndMonth[1]), month: Number(yearAndMonth[2]), day: 1 }];
  if (first.length >= 8) return compact(value);
  if (first.length === 4) return [{ year: Number(first), month: Number(second), day: Number(third) }];
  const year = fullYear(third);
  return [
    { year, month: Number(first), day: Number(second) },
    { year, month: Number(second), day: Number(first) },
  ];
}

function compact(value: string): readonly Day[] {
  const digits = digitsOf(value);
  return [{ year: Number(digits.slice(0, 4)), month: Number(digits.slice(4, 6)), day: Number(digits.slice(6, 8)) }];
}

/** Eight digits, year first, of the first reading that is a day of a life. */
export function dayDigits(value: string): string {
  const all = readingsOf(value);
  const day = all.find((one) => isBirthDate(one.year, one.month, one.day)) ?? all[0];
  if (day === undefined) return '';
  return `${String(day.year).padStart(4, '0')}${String(day.month).padStart(2, '0')}${String(day.day).padStart(2, '0')}`;
}
