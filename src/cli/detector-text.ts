/** What `phiscan detectors` prints of a detector: all of it, and what it misses as plainly as what it finds. */
import type { CustomDetector } from '../detect/custom-detector.ts';
import type { Detector } from '../detect/detector.ts';
import { checkSentence } from '../detect/named-checks.ts';
import { padded, printable, wrapped } from '../report/printable.ts';

const INDENT = '  ';

/** One line for each detector; its title goes on below where it does not fit. */
export function detectorTable(custom: readonly Detector[], builtIn: readonly Detector[], columns: number): string {
  const rows = [...custom, ...builtIn].map((detector) => [
    detector.id,
    detector.identifier,
    detector.safeHarbor,
    detector.severity.labelled,
    detector.severity.bare ?? '-',
  ]);
  const head = ['ID', 'IDENTIFIER', 'RULE', 'LABELLED', 'BARE'];
  const widths = head.map((word, index) => Math.max(word.length, ...rows.map((row) => (row[index] ?? '').length)));
  const left = widths.reduce((sum, width) => sum + width + 2, 0);
  const lines = [head.map((word, index) => padded(word, (widths[index] ?? 0) + 2)).join('') + 'WHAT'];
  for (const [index, { title }] of [...custom, ...builtIn].entries()) {
    const cells = (rows[index] ?? []).map((cell, at) => padded(cell, (widths[at] ?? 0) + 2)).join('');
    const [first = '', ...rest] = wrapped(printable(title), Math.max(20, columns - left));
    lines.push(cells + first, ...rest.map((line) => ' '.repeat(left) + line));
  }
  const own = custom.length === 0 ? '' : ` (${custom.length} of phiscan.yaml, asked first)`;
  const notes = [
    `${custom.length + builtIn.length} detectors${own}. RULE is the letter of 45 CFR 164.514(b)(2)(i). LABELLED and BARE are the severity of one ` +
      'value with and without a label that names it; two identifiers of one person, a name or a direct number among them, are critical. ' +
      'What each misses: phiscan detectors explain ID',
  ];
  return `${[...lines, '', ...notes.flatMap((note) => wrapped(note, columns))].join('\n')}\n`;
}

/** Digits of a pattern that are no repetition, which ends at 1000, but may be somebody's number. */
const LITERAL_NUMBER = /(?<!\\x\{?[0-9a-f]{0,8})[0-9]{5,}/gi;

/** Everything but the texts of the examples; what a configuration says is shown through `mask`. */
export function detectorPage(
  detector: Detector,
  custom: CustomDetector | undefined,
  columns: number,
  mask: (text: string) => string,
): string {
  const said = (text: string): string => (custom === undefined ? text : mask(text));
  const { labels, severity } = detector;
  const lines = [`${detector.id}: ${printable(said(detector.title))}`];
  const section = (title: string, texts: readonly string[]): void => {
    if (texts.length === 0) return;
    lines.push(
      '',
      title,
      ...texts.flatMap((text) => wrapped(printable(said(text)), columns - 2).map((line) => INDENT + line)),
    );
  };
  section('Finds', [detector.finds]);
  section('Misses', [detector.misses]);
  section('Identifier', [
    `${detector.identifier}, 45 CFR 164.514(b)(2)(i)(${detector.safeHarbor})${detector.direct ? '; one in a record makes it critical' : ''}`,
  ]);
  section('Severity', [
    `${severity.labelled} with a label${severity.bare === undefined ? '; never without one' : `, ${severity.bare} without`}`,
  ]);
  section('Labels that lead to a value', listed(labels.strong));
  section('Labels that count only beside other identifiers', listed(labels.weak));
  section('Of these, only as the whole label', listed(labels.whole ?? []));
  section('Words that make a label mean something else', listed(labels.not));
  const source = (title: string, pattern: string | undefined): void => {
    if (pattern === undefined) return;
    const shown =
      custom === undefined ? pattern : mask(pattern).replace(LITERAL_NUMBER, (digits) => '*'.repeat(digits.length));
    lines.push('', title, ...cut(shown, columns - 2).map((line) => INDENT + line));
  };
  source('Shape of a whole value (RE2)', detector.shape);
  source('Shape in running text (RE2)', detector.inline);
  source('Shape without a label (RE2)', detector.intrinsic);
  section('Check', [checkText(detector, custom)]);
  source('Shape of values that belong to nobody (RE2)', custom?.synthetic);
  section('Mask', [detector.mask]);
  section(
    'Must be found',
    detector.examples().map(({ reason, outcome }) => (outcome === 'synthetic' ? `${reason} (synthetic)` : reason)),
  );
  section(
    'Must not be found',
    detector.counterExamples().map(({ reason }) => reason),
  );
  section('References', detector.references);
  return `${lines.join('\n')}\n`;
}

function checkText(detector: Detector, custom: CustomDetector | undefined): string {
  if (custom?.check !== undefined) return `${custom.check}: ${checkSentence(custom.check) ?? ''}`;
  return detector.check === undefined
    ? 'none: the shape decides'
    : 'structure or check digit, see its file and references';
}

function listed(labels: readonly string[]): readonly string[] {
  return labels.length === 0 ? [] : [labels.join(', ')];
}

/** A pattern has no spaces to break at. Letters beyond ASCII are shown as RE2 writes them. */
function cut(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  const characters = Array.from(text, (letter) =>
    /[!-~]| /.test(letter) ? letter : `\\x{${(letter.codePointAt(0) ?? 0).toString(16)}}`,
  )
    .join('')
    .split('');
  for (let at = 0; at < characters.length; at += columns) lines.push(characters.slice(at, at + columns).join(''));
  return lines;
}
