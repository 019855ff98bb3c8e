/**
 * JUnit XML, as Jenkins, GitLab and other servers read it: a test suite for each reference, a failure for each finding that fails
 * the run, an error for each gap. What does not fail the run is a test that was passed or skipped.
 */
import type { Finding, Gap, Report } from '../finding.ts';
import { acceptanceWords } from './finding-words.ts';
import { exitCodes, reaches } from './gate.ts';
import { ordered } from './order.ts';
import { printable } from './printable.ts';
import { findingSentence, gapWords, lapseSentences, placeSentences, remedyWords, whereWords } from './sentences.ts';
import type { ViewOptions } from './view.ts';
import { gapRemedy, gapSentence } from './words.ts';

interface TestCase {
  readonly name: string;
  readonly className: string;
  /** Absent: it was passed. */
  readonly result?: { readonly kind: 'failure' | 'error' | 'skipped'; readonly type: string; readonly message: string };
  readonly text: readonly string[];
}

interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

export function renderJunit(unordered: Report, options: ViewOptions): string {
  const report = ordered(unordered);
  const suites = suitesOf(report, options);
  const all = suites.flatMap(({ cases }) => cases);
  const time = (report.summary.durationMs / 1000).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="phiscan" ${countsOf(all)} time="${time}">`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n');
}

function suitesOf(report: Report, options: ViewOptions): readonly TestSuite[] {
  const { targets, findings, coverage } = report;
  const places = [...findings, ...coverage.gaps].map(({ location }) => location.target);
  const references = new Set([...targets.map(({ reference }) => reference), ...places]);
  return [...references].map((reference) => {
    const isOwn = ({ location }: Finding | Gap): boolean => location.target === reference;
    const cases = [
      ...findings.filter(isOwn).map((finding) => findingCase(finding, report, options)),
      ...coverage.gaps.filter(isOwn).map((gap) => gapCase(gap, options)),
    ];
    // A suite without a test is taken for one that did not run.
    return { name: reference, cases: cases.length > 0 ? cases : [nothing(reference)] };
  });
}

function nothing(reference: string): TestCase {
  return { name: 'no findings, and all of it was read', className: reference, text: [] };
}

function findingCase(finding: Finding, { remedies }: Report, { failOn }: ViewOptions): TestCase {
  const { location, identifier, severity, accepted } = finding;
  const message = `${severity}: ${findingSentence(finding)}`;
  const details = placeSentences(location);
  const common = { name: `${identifier} in ${whereWords(location)}`, className: location.target };
  if (accepted !== undefined) {
    const reason = acceptanceWords(finding);
    return { ...common, result: { kind: 'skipped', type: identifier, message: reason }, text: [message, ...details] };
  }
  const text = [...details, ...lapseSentences(finding), remedyWords(finding, remedies)];
  if (!reaches(severity, failOn)) return { ...common, text: [message, ...text] };
  return { ...common, result: { kind: 'failure', type: identifier, message }, text };
}

function gapCase(gap: Gap, { exitCode }: ViewOptions): TestCase {
  const { reason, location } = gap;
  // A run that is clean all the same has been told to take gaps.
  const kind = exitCode === exitCodes.clean ? 'skipped' : 'error';
  return {
    name: `not read (${reason}): ${gapWords(gap)}`,
    className: location.target,
    result: { kind, type: reason, message: gapSentence(reason) },
    text: [...placeSentences(location), gapRemedy(reason)],
  };
}

function suiteLines({ name, cases }: TestSuite): readonly string[] {
  return [`  <testsuite name="${xml(name)}" ${countsOf(cases)}>`, ...cases.flatMap(caseLines), '  </testsuite>'];
}

function countsOf(cases: readonly TestCase[]): string {
  const count = (kind: string): number => cases.filter(({ result }) => result?.kind === kind).length;
  const counts = { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
  return Object.entries(counts)
    .map(([name, number]) => `${name}="${number}"`)
    .join(' ');
}

function caseLines({ name, className, result, text }: TestCase): readonly string[] {
  const head = `<testcase name="${xml(name)}" classname="${xml(className)}" time="0"`;
  const said = text.map(xml).join('\n');
  if (result === undefined) {
    return said === ''
      ? [`    ${head}/>`]
      : [`    ${head}>`, `      <system-out>${said}</system-out>`, '    </testcase>'];
  }
  const { kind, type, message } = result;
  // Of a skipped test, the message is all that the schemas allow.
  const inner =
    kind === 'skipped'
      ? [`      <skipped message="${xml(message)}"/>`, `      <system-out>${said}</system-out>`]
      : [`      <${kind} type="${xml(type)}" message="${xml(message)}">${said}</${kind}>`];
  return [`    ${head}>`, ...inner, '    </testcase>'];
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Of any text: XML has no way to write control characters, and two code points are none of its characters. */
function xml(text: string): string {
  return printable(text)
    .replace(/[\ufffe\uffff]/g, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)
    .replace(/[&<>"]/g, (character) => entities[character] ?? '');
}
