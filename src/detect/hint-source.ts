import type { Detector } from './detector.ts';
import { TokenTrie } from './token-trie.ts';

/**
 * RE2 source of hints. A hint only brings a reader to the place; the judge decides. RE2 has no lookaround, so what
 * must stand beside a label is part of the match.
 *
 * Every state of RE2's automaton lists all alternatives that can begin, so labels are put together as a trie: 245 labels
 * side by side ran at 41 MB/s, the same ones as a trie at the speed of one.
 */
export function hintSource(alternatives: readonly HintAlternative[]): string {
  const tries = new Map<string, TokenTrie>();
  for (const { before, tokens } of alternatives) {
    const trie = tries.get(before) ?? new TokenTrie();
    trie.add(tokens);
    tries.set(before, trie);
  }
  const parts = [...tries].map(([before, trie]) => before + trie.source());
  return parts.length === 0 ? NEVER : `(?:${parts.join('|')})`;
}

/** What a hint may be: RE2 source of what stands before it, and of each of its parts in order. */
export interface HintAlternative {
  readonly before: string;
  readonly tokens: readonly string[];
}

/** The hints of the detectors, side by side. */
export function hintAlternatives(detectors: readonly Detector[]): HintAlternative[] {
  const labels = [...new Set(detectors.flatMap((detector) => detector.labels.strong))];
  const shapes = detectors.flatMap((detector) => (detector.intrinsic === undefined ? [] : [detector.intrinsic]));
  const alternatives = [...labels.flatMap(labelAlternatives), ...markerAlternatives(shapes)];
  // UTF-16 of either byte order shows a letter or digit, then NUL. The dashed number is the one shape worth it.
  for (const label of labels) alternatives.push(wideAlternative(label));
  if (shapes.length > 0) alternatives.push({ before: '', tokens: [WIDE_DASHED_NUMBER] });
  return alternatives;
}

/** RE2 sources as they are, each once. */
export function markerAlternatives(sources: readonly string[]): HintAlternative[] {
  return [...new Set(sources)].map((source) => ({ before: '', tokens: [`(?:${source})`] }));
}

/** Labels of so many letters need no boundary: they do not turn up in random bytes, and seldom inside other words. */
const LONG = 7;
/** Labels of so few letters turn up in random bytes, so that the neighbours must look like text. */
const SHORT = 4;

const SEPARATOR = '[ _.-]?';
/** Between the letters of D.O.B. */
const LETTER_SEPARATOR = '[ .-] ?';
const BEFORE_SHORT = '(?:^|[\\t\\n\\r "\'`,;:=(){}\\[\\]<>|/\\\\_.?&#$@*-])';
/** userSsn, userSSN. */
export const BEFORE_CAMEL = '[a-z]';
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

function labelAlternatives(label: string): HintAlternative[] {
  const words = label.split(' ');
  const letters = words.join('').length;
  const long = (tokens: readonly string[]): HintAlternative => ({ before: '', tokens });
  const bounded = (...tokens: readonly string[]): HintAlternative => ({ before: BEFORE, tokens });
  const short = (...tokens: readonly string[]): HintAlternative => ({ before: BEFORE_SHORT, tokens });
  const camel = (...tokens: readonly string[]): HintAlternative => ({ before: BEFORE_CAMEL, tokens });
  if (letters >= LONG) {
    const tokens = tokensOf(words, anyCase);
    // `class number` must not be an `ss number`.
    if ((words[0] ?? '').length > SHORT) return [long(tokens)];
    return [bounded(...tokens), camel(quote(label.charAt(0).toUpperCase()), ...tokens.slice(1))];
  }
  // `ss #` needs no boundary behind it.
  if (!/[a-z0-9]$/.test(label)) return [short(...tokensOf(words, anyCase))];
  if (words.length === 1 && letters <= SHORT) {
    return [
      short(...titleCase(label), AFTER_SHORT_LOWER),
      short(...upperCase(label), AFTER_SHORT_UPPER),
      camel(...exactTitle(label), AFTER_LOWER),
      camel(...upperCase(label), AFTER_UPPER),
    ];
  }
  return [
    bounded(...tokensOf(words, titleCase), AFTER_LOWER),
    bounded(...tokensOf(words, upperCase), AFTER_UPPER),
    camel(...tokensOf(words, (word, index) => (index === 0 ? exactTitle(word) : titleCase(word))), AFTER_LOWER),
    camel(...tokensOf(words, upperCase), AFTER_UPPER),
  ];
}

function wideAlternative(label: string): HintAlternative {
  const tokens = tokensOf(label.split(' '), anyCase).map((token) =>
    token === SEPARATOR ? `(?:[ _.-]\\x00)?` : `${token}\\x00`,
  );
  const last = tokens.pop() ?? '';
  // The last letter's NUL may be the next character's.
  return { before: '', tokens: [...tokens, last.slice(0, -'\\x00'.length)] };
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
