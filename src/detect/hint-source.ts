import type { Detector } from './detector.ts';
import { TokenTrie } from './token-trie.ts';

/**
 * RE2 source of all hints. A hint only brings a reader to the place; the judge decides. RE2 has no lookaround, so what
 * must stand beside a label is part of the match.
 *
 * Every state of RE2's automaton lists all alternatives that can begin, so labels are put together as a trie: 245 labels
 * side by side ran at 41 MB/s, the same ones as a trie at the speed of one.
 */
export function hintSource(detectors: readonly Detector[], markers: readonly string[] = []): string {
  const labels = [...new Set(detectors.flatMap((detector) => detector.labels.strong))];
  const shapes = detectors.flatMap((detector) => (detector.intrinsic === undefined ? [] : [detector.intrinsic]));
  const parts = [...labelSources(labels), ...new Set([...shapes, ...markers])];
  // UTF-16 of either byte order shows a letter or digit, then NUL. The dashed number is the one shape worth it.
  if (labels.length > 0) parts.push(wideSource(labels));
  if (shapes.length > 0) parts.push(WIDE_DASHED_NUMBER);
  return parts.length === 0 ? NEVER : `(?:${parts.join('|')})`;
}

/** Labels of so many letters need no boundary: they do not turn up in random bytes, and seldom inside other words. */
const LONG = 7;
/** Labels of so few letters turn up in random bytes, so that the neighbours must look like text. */
const SHORT = 4;

const SEPARATOR = '[ _.-]?';
/** Between the letters of D.O.B. */
const LETTER_SEPARATOR = '[ .-] ?';
const BEFORE_SHORT = '(?:^|[\\t\\n\\r "\'`,;:=(){}\\[\\]<>|/\\\\_.?&#$@*-])';
const BEFORE = '(?:\\b|[0-9_])';
/** After a label in lower or Title case: its end, or what begins the next word. */
const AFTER_LOWER = '(?:s?\\b|[A-Z0-9_])';
/** After a label in UPPER case, where a capital alone does not begin the next word: the biologists' `mRNA`. */
const AFTER_UPPER = '(?:[sS]?\\b|[0-9_]|[A-Z][a-z])';
const TEXT_AFTER = '(?:$|[\\t\\n\\r "\'`,;:=(){}\\[\\]<>|/\\\\_.?&#*0-9-])';
const AFTER_SHORT_LOWER = `s?(?:${TEXT_AFTER}|[A-Z])`;
const AFTER_SHORT_UPPER = `[sS]?(?:${TEXT_AFTER}|[A-Z][a-z])`;
const WIDE_DIGIT = '[0-9]\\x00';
const WIDE_DASHED_NUMBER: string = [3, 2, 3].map((digits) => WIDE_DIGIT.repeat(digits)).join('[-. ]\\x00') + '[0-9]';
/** Matches nothing; an empty pattern would match everywhere. */
const NEVER = '[^\\x00-\\x{10FFFF}]';

function labelSources(labels: readonly string[]): string[] {
  const long = new TokenTrie();
  const bounded = new TokenTrie();
  const camel = new TokenTrie();
  const short = new TokenTrie();
  for (const label of labels) {
    const words = label.split(' ');
    const letters = words.join('').length;
    if (letters >= LONG) {
      const tokens = tokensOf(words, anyCase);
      // `class number` must not be an `ss number`.
      if ((words[0] ?? '').length > SHORT) {
        long.add(tokens);
      } else {
        bounded.add(tokens);
        camel.add([quote(label.charAt(0).toUpperCase()), ...tokens.slice(1)]);
      }
    } else if (!/[a-z0-9]$/.test(label)) {
      // `ss #` needs no boundary behind it.
      short.add(tokensOf(words, anyCase));
    } else if (words.length === 1 && letters <= SHORT) {
      short.add([...titleCase(label), AFTER_SHORT_LOWER]);
      short.add([...upperCase(label), AFTER_SHORT_UPPER]);
      camel.add([...exactTitle(label), AFTER_LOWER]);
      camel.add([...upperCase(label), AFTER_UPPER]);
    } else {
      bounded.add([...tokensOf(words, titleCase), AFTER_LOWER]);
      bounded.add([...tokensOf(words, upperCase), AFTER_UPPER]);
      camel.add([...tokensOf(words, (word, index) => (index === 0 ? exactTitle(word) : titleCase(word))), AFTER_LOWER]);
      camel.add([...tokensOf(words, upperCase), AFTER_UPPER]);
    }
  }
  const sources: string[] = [];
  if (long.size > 0) sources.push(long.source());
  if (bounded.size > 0) sources.push(BEFORE + bounded.source());
  if (short.size > 0) sources.push(BEFORE_SHORT + short.source());
  // userSsn, userSSN.
  if (camel.size > 0) sources.push(`[a-z]${camel.source()}`);
  return sources;
}

function wideSource(labels: readonly string[]): string {
  const wide = new TokenTrie();
  for (const label of labels) {
    const tokens = tokensOf(label.split(' '), anyCase).map((token) =>
      token === SEPARATOR ? `(?:[ _.-]\\x00)?` : `${token}\\x00`,
    );
    const last = tokens.pop();
    // The last letter's NUL may be the next character's.
    if (last !== undefined) wide.add([...tokens, last.slice(0, -'\\x00'.length)]);
  }
  return wide.source();
}

/** One token for each letter, and one between words. */
function tokensOf(words: readonly string[], spell: (word: string, index: number) => string[]): string[] {
  const separator = words.every((word) => word.length === 1) ? LETTER_SEPARATOR : SEPARATOR;
  return words.flatMap((word, index) => [...(index === 0 ? [] : [separator]), ...spell(word, index)]);
}

function anyCase(word: string): string[] {
  return Array.from(word, eitherCase);
}

function titleCase(word: string): string[] {
  return Array.from(word, (letter, index) => (index === 0 ? eitherCase(letter) : quote(letter)));
}

function exactTitle(word: string): string[] {
  return Array.from(word, (letter, index) => quote(index === 0 ? letter.toUpperCase() : letter));
}

function upperCase(word: string): string[] {
  return Array.from(word, (letter) => quote(letter.toUpperCase()));
}

function eitherCase(letter: string): string {
  return /[a-z]/.test(letter) ? `[${letter}${letter.toUpperCase()}]` : quote(letter);
}

function quote(letter: string): string {
  return /[A-Za-z0-9]/.test(letter) ? letter : `\\x{${(letter.codePointAt(0) ?? 0).toString(16)}}`;
}
