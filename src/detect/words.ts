/** A word of a label or text, in lower case, with its character indexes. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Splits at camelCase, snake_case, kebab-case, dots, spaces and digits. */
export function splitLabel(label: string): readonly string[] {
  return wordsOf(label).map((word) => word.text);
}

/** All words of a text. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (let start = wordStart(text, 0); start < text.length;) {
    const end = wordEnd(text, start);
    const word = text.slice(start, end);
    words.push({ text: isUpper(text.charCodeAt(start)) ? word.toLowerCase() : word, start, end });
    start = wordStart(text, end);
  }
  return words;
}

/** Where the first word begins that does at `from` or later; the length of the text when none does. */
export function wordStart(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isLower(code) || isUpper(code) || isDigit(code) || code === NUMBER_SIGN) return at;
    at++;
    // A possessive is dropped.
    if (isApostrophe(code) && text.charCodeAt(at) === SMALL_S && !isLower(text.charCodeAt(at + 1))) at++;
  }
  return at;
}

/** Where the word that begins at `start` ends: SSNs | SSN before Field | Field | 4 | #. A loop: a regular expression takes three times as long. */
export function wordEnd(text: string, start: number): number {
  const code = text.charCodeAt(start);
  let at = start + 1;
  if (isLower(code)) return lowerEnd(text, at);
  if (isDigit(code)) {
    while (isDigit(text.charCodeAt(at))) at++;
    return at;
  }
  if (!isUpper(code)) return at;
  while (isUpper(text.charCodeAt(at))) at++;
  if (!isLower(text.charCodeAt(at))) return at;
  if (at - start === 1) return lowerEnd(text, at + 1);
  return text.charCodeAt(at) === SMALL_S && !isLower(text.charCodeAt(at + 1)) ? at + 1 : at - 1;
}

const SMALL_S = 0x73;
const NUMBER_SIGN = 0x23;

function isLower(code: number): boolean {
  return code >= 0x61 && code <= 0x7a;
}

function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isApostrophe(code: number): boolean {
  return code === 0x27 || code === 0x2019;
}

function lowerEnd(text: string, from: number): number {
  let end = from;
  while (isLower(text.charCodeAt(end))) end++;
  return end;
}
