import { type FailOn, SEVERITIES, type Finding, type Report } from '../finding.ts';
import { countsOf } from '../finding-counts.ts';
import { findingLines } from './finding-lines.ts';
import { reaches } from './gate.ts';
import { gapLines } from './gap-lines.ts';
import { ordered } from './order.ts';
import type { Palette } from './palette.ts';
import { printable, wrapped } from './printable.ts';
import { remedyWords } from './sentences.ts';
import { targetLines } from './target-lines.ts';
import { byteSize, counted, grouped } from './units.ts';
import { gapRemedy } from './words.ts';

/** Findings listed of one reference; JSON has them all. */
const findingsListed = 200;

export interface TableOptions {
  /** Terminal columns, at least 60. */
  readonly width: number;
  readonly palette: Palette;
  /** Puts the evidence below each finding, and lists those of severity `info` too. */
  readonly explain: boolean;
  readonly failOn: FailOn;
}

/** The report for people, ending in a newline: what, where, what was not read, and what to do. */
export function renderTable(unordered: Report, options: TableOptions): string {
  const { width, palette } = options;
  const report = ordered(unordered);
  const { targets, findings, coverage } = report;
  const listInfo = options.explain || options.failOn === 'info';
  const lines: string[] = [];
  const references = new Set([...targets, ...findings.map((finding) => finding.location)].map(referenceOf));
  for (const reference of references) {
    const own = findings.filter(
      ({ location, severity }) => location.target === reference && (listInfo || severity !== 'info'),
    );
    const shown = own.filter(({ accepted }) => accepted === undefined);
    if (lines.length > 0) lines.push('');
    lines.push(
      ...targetLines(
        targets.filter((target) => target.reference === reference),
        width,
        palette,
      ),
      ...findingLines(shown.slice(0, findingsListed), options),
    );
    const more = shown.length - findingsListed;
    if (more > 0) lines.push('', `  and ${counted(more, 'further finding')}; --format json lists them`);
    lines.push(...acceptedLines(own, options));
  }
  lines.push(...gapLines(coverage.gaps, references.size > 1, width, palette));
  if (findings.length > 0 || coverage.gaps.length > 0) lines.push('');
  lines.push(...summaryLines(report, options, listInfo));
  return `${lines.join('\n')}\n`;
}

/** Those that do not count, apart from those that do. */
function acceptedLines(findings: readonly Finding[], options: TableOptions): readonly string[] {
  const accepted = findings.filter((finding) => finding.accepted !== undefined);
  if (accepted.length === 0) return [];
  const more = accepted.length - findingsListed;
  return [
    '',
    `  ${options.palette.bold('accepted, so they do not count')}`,
    ...findingLines(accepted.slice(0, findingsListed), options),
    ...(more > 0 ? ['', `  and ${counted(more, 'further one')}; --format json lists them`] : []),
  ];
}

function referenceOf(place: { readonly reference: string } | { readonly target: string }): string {
  return 'reference' in place ? place.reference : place.target;
}

function summaryLines(report: Report, options: TableOptions, listInfo: boolean): readonly string[] {
  const { palette } = options;
  const { findings, coverage } = report;
  const { accepted } = countsOf(findings);
  if (findings.length === accepted && coverage.complete) {
    const words = accepted === 0 ? 'no findings' : `no findings that count, ${grouped(accepted)} accepted`;
    return [`${palette.good(words)}: ${scannedWords(report)}`, ...excludedLines(report, options)];
  }
  const lines = [
    coverage.complete ? scannedWords(report) : palette.warning(scannedWords(report)),
    findingWords(report),
    ...excludedLines(report, options),
  ];
  if (!listInfo && findings.some(({ severity }) => severity === 'info')) {
    lines.push(palette.dim('info: provider numbers and files of the distribution; --explain lists them'));
  }
  return [...lines, ...nextLines(report, options)];
}

/** What to do, one sentence for each situation. */
export function nextLines(report: Report, { failOn, palette, width }: TableOptions): readonly string[] {
  const lines: string[] = [];
  for (const remedy of remedies(report, failOn)) {
    for (const [index, line] of wrapped(remedy, width - 6).entries()) {
      lines.push(index === 0 ? `${palette.bold('next:')} ${line}` : `      ${line}`);
    }
  }
  return lines;
}

/** `scanned 1.84 GB in 12,345 entries, complete` */
export function scannedWords({ coverage }: Report): string {
  const gaps = counted(coverage.gaps.length, 'gap');
  const scanned = `scanned ${byteSize(coverage.bytes)} in ${counted(coverage.entries, 'entry', 'entries')}`;
  const excluded = (coverage.excluded ?? []).reduce((sum, { entries }) => sum + entries, 0);
  const left = excluded === 0 ? '' : `, ${grouped(excluded)} excluded`;
  return `${scanned}, ${coverage.complete ? 'complete' : `INCOMPLETE: ${gaps}`}${left}`;
}

/** What phiscan.yaml leaves out is no gap, and is told all the same. */
function excludedLines({ coverage }: Report, { width, palette }: TableOptions): readonly string[] {
  const { excluded = [] } = coverage;
  const parts = excluded.map(({ pattern, entries }) => `${printable(pattern)} (${grouped(entries)})`);
  if (parts.length === 0) return [];
  return wrapped(`excluded by paths.exclude: ${parts.join(', ')}`, width).map(palette.dim);
}

/** `3 findings: 1 critical, 2 low; 4 accepted` */
export function findingWords({ findings }: Report): string {
  const { accepted, ...counts } = countsOf(findings);
  const parts: string[] = [];
  for (const severity of SEVERITIES) if (counts[severity] > 0) parts.push(`${grouped(counts[severity])} ${severity}`);
  const words =
    parts.length === 0
      ? `no findings${accepted === 0 ? '' : ' that count'} in what was read`
      : `${counted(findings.length - accepted, 'finding')}: ${parts.join(', ')}`;
  return accepted === 0 ? words : `${words}; ${grouped(accepted)} accepted`;
}

/** One sentence for each situation, the worst finding's first. */
function remedies(report: Report, failOn: FailOn): ReadonlySet<string> {
  const sentences = new Set<string>();
  const threshold = failOn === 'none' || failOn === 'info' ? 'low' : failOn;
  const acted = report.findings.filter(
    ({ outcome, severity, accepted }) => accepted === undefined && outcome === 'real' && reaches(severity, threshold),
  );
  for (const severity of SEVERITIES) {
    for (const finding of acted.filter((one: Finding) => one.severity === severity)) {
      sentences.add(remedyWords(finding, report.remedies));
    }
  }
  const { copies } = report.remedies ?? {};
  if (copies !== undefined && acted.some(({ remedy }) => remedy !== undefined)) sentences.add(copies);
  for (const gap of report.coverage.gaps) sentences.add(gapRemedy(gap.reason));
  return sentences;
}
