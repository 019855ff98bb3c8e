import { limits } from '../limits.ts';

export const QUOTE: number = 0x22;
export const COMMA: number = 0x2c;
export const COLON: number = 0x3a;
export const OPEN_ARRAY: number = 0x5b;
export const CLOSE_ARRAY: number = 0x5d;
export const OPEN_OBJECT: number = 0x7b;
export const CLOSE_OBJECT: number = 0x7d;

/** A scan that needs bytes behind the block. */
export const MORE: number = -1;
/** No such token here. */
export const BROKEN: number = -2;

/**
 * The index of the first character that is neither white space nor in a comment (JSONC), at most the text's length;
 * MORE when a comment does not end.
 */
export function skipSpace(text: string, from: number): number {
  for (let index = from; ; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === RECORD_SEPARATOR) continue;
    if (code !== SLASH) return Math.min(index, text.length);
    const next = text.charCodeAt(index + 1);
    if (Number.isNaN(next)) return MORE;
    if (next !== SLASH && next !== STAR) return index;
    const end = text.indexOf(next === STAR ? '*/' : '\n', index + 2);
    if (end < 0) return MORE;
    index = next === STAR ? end + 1 : end;
  }
}

const SLASH = 0x2f;
const STAR = 0x2a;
/** Stands before each text of a JSON text sequence, RFC 7464. */
const RECORD_SEPARATOR = 0x1e;
const BACKSLASH = 0x5c;

/** The index of the quote that closes a string that begins at `from`; MORE when the text ends first, in reach. */
export function closingQuote(text: string, from: number): number {
  const reach = Math.min(text.length, from + limits.lineBytes);
  for (let index = from; index < reach; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index;
    if (code === BACKSLASH) index++;
  }
  return MORE;
}

/** Where a run of a string that is too long ends: not inside an escape or a UTF-8 sequence, if possible at a blank. */
export function runEnd(text: string, from: number): number {
  const reach = Math.min(text.length, from + limits.lineBytes);
  let end = from;
  let blank = from;
  for (let index = from; index < reach;) {
    const code = text.charCodeAt(index);
    index += code !== BACKSLASH ? 1 : text.charAt(index + 1) === 'u' ? 6 : 2;
    if (code === 0x20) blank = index;
    if (index <= reach && (text.charCodeAt(index) & 0xc0) !== 0x80) end = index;
  }
  return blank > reach - RUN_SLACK ? blank : end > from ? end : reach;
}

const RUN_SLACK = 512;

const SCALAR = /[-+.\w]{1,256}/y;

/** The end of a number or word; MORE when it reaches the end of the text. */
export function scalarEnd(text: string, from: number): number {
  SCALAR.lastIndex = from;
  if (!SCALAR.test(text)) return BROKEN;
  return SCALAR.lastIndex === text.length ? MORE : SCALAR.lastIndex;
}

/** A string's text, escapes undone; what is no escape stays as it is. */
export function unescape(raw: string): string {
  return raw.replace(/\\(?:u([0-9A-Fa-f]{4})|(["\\/bfnrt]))/g, (_whole, code?: string, mark?: string) =>
    code === undefined ? (MARKS[mark ?? ''] ?? mark ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

const MARKS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Like indexOf, but above every index when there is none. */
export function indexFrom(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? Number.POSITIVE_INFINITY : found;
}
