import type { Detector } from './detector.ts';

/**
 * RE2 source of all hints. Labels come in the case forms in which people write them (lower, Title, UPPER, camelCase):
 * fewer chance hits than ignoring case, where the biologists' `mRNA` would hold `MRN`. RE2 has no lookaround, so what
 * must stand beside a label is part of the match. A hint only brings a reader to the place; the judge decides.
 */
export function hintSource(detectors: readonly Detector[]): string {
  const labels = [...new Set(detectors.flatMap((detector) => detector.labels.strong))];
  const shapes = detectors.flatMap((detector) => (detector.intrinsic === undefined ? [] : [detector.intrinsic]));
  const markers = detectors.flatMap((detector) => detector.markers ?? []);
  const parts = [...labelSources(labels), ...shapes, ...markers];
  // UTF-16 of either byte order shows a letter or digit, then NUL. The dashed number is the one shape worth it.
  if (labels.length > 0) parts.push(wideLabels(labels));
  if (shapes.length > 0) parts.push(WIDE_DASHED_NUMBER);
  // An alternative that matches nothing: an empty pattern would match everywhere.
  return parts.length === 0 ? '[^\\x00-\\x{10FFFF}]' : any(parts);
}

const SEPARATOR = '[ _.-]?';
/** After a label in lower or Title case: its end, or what begins the next word. */
const AFTER_LOWER = '(?:s?\\b|[A-Z0-9_])';
/** After a label in UPPER case, where a capital alone does not begin the next word. */
const AFTER_UPPER = '(?:[sS]?\\b|[0-9_]|[A-Z][a-z])';
const WIDE_DIGIT = '[0-9]\\x00';
const WIDE_DASHED_NUMBER: string = [3, 2, 3].map((digits) => WIDE_DIGIT.repeat(digits)).join('[-. ]\\x00') + '[0-9]';

function labelSources(labels: readonly string[]): string[] {
  const worded = labels.map((label) => label.split(' '));
  // `ss #` needs no boundary behind it.
  const open = worded.filter((words) => !/[a-z0-9]$/.test(words.at(-1) ?? ''));
  const closed = worded.filter((words) => !open.includes(words));
  return [
    ...(closed.length === 0 ? [] : boundedSources(closed)),
    ...(open.length === 0 ? [] : [`\\b${any(open.flatMap((words) => [...lowerForms(words), upperForm(words)]))}`]),
  ];
}

function boundedSources(labels: readonly (readonly string[])[]): string[] {
  const title = any(labels.map((words) => joined(words.map(titled))));
  const upper = any(labels.map(upperForm));
  return [
    `(?:\\b|[0-9_])(?:${any(labels.flatMap(lowerForms))}${AFTER_LOWER}|${upper}${AFTER_UPPER})`,
    // userSsn, userSSN.
    `[a-z](?:${title}${AFTER_LOWER}|${upper}${AFTER_UPPER})`,
  ];
}

/** medical record, medicalRecord, Medical record, Medical Record. */
function lowerForms(words: readonly string[]): string[] {
  const [first = '', ...rest] = words;
  const restTitled = rest.map(titled);
  return [
    [first, ...rest],
    [first, ...restTitled],
    [titled(first), ...rest],
    [titled(first), ...restTitled],
  ].map(joined);
}

function upperForm(words: readonly string[]): string {
  return joined(words.map((word) => word.toUpperCase()));
}

function joined(words: readonly string[]): string {
  return words.map(quote).join(SEPARATOR);
}

function wideLabels(labels: readonly string[]): string {
  return any(labels.map((label) => label.split(' ').map(wideWord).join('\\x00(?:[ _.-]\\x00)?')));
}

function wideWord(word: string): string {
  return [...word].map((char) => (/[a-z]/.test(char) ? `[${char}${char.toUpperCase()}]` : quote(char))).join('\\x00');
}

function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function quote(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, (char) => `\\x{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

function any(sources: readonly string[]): string {
  return `(?:${[...new Set(sources)].join('|')})`;
}
