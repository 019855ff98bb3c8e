/** A sweep for people: what is clean, what is not, and what was found, each once however many images hold it. */

import {
  SEVERITIES,
  type Finding,
  type Report,
  type SweepSummary,
  type SweptPlace,
  type SweptRow,
} from '../finding.ts';
import { findingLines } from './finding-lines.ts';
import { gapLines } from './gap-lines.ts';
import { columnsOf, cutMiddle, padded, printable, wrapped } from './printable.ts';
import { shortDigest } from './short-digest.ts';
import { nextLines, type TableOptions } from './table.ts';
import { byteSize, counted, grouped } from './units.ts';

/** Images and findings that are listed; JSON has them all. */
const imagesListed = 50;
const findingsListed = 200;

/** Ends in a newline. */
export function renderSweepTable(report: Report, sweep: SweepSummary, options: TableOptions): string {
  const { palette, width } = options;
  const { findings, coverage } = report;
  const listed = findings.filter(({ severity }) => options.explain || options.failOn === 'info' || severity !== 'info');
  const shown = listed.filter(({ accepted }) => accepted === undefined);
  const accepted = listed.filter((finding) => finding.accepted !== undefined);
  const lines = [
    ...registryTables(sweep.rows, options),
    ...imageLines(sweep.rows, options),
    ...sharedFindings(shown, options),
    ...(accepted.length === 0 ? [] : ['', palette.bold('accepted, so they do not count')]),
    ...sharedFindings(accepted, options),
    ...gapLines(coverage.gaps, true, width, palette),
    '',
    ...summaryLines(report, sweep, options),
  ];
  return `${lines.join('\n')}\n`;
}

const COUNTS = ['images', 'clean', 'findings', 'incomplete'] as const;
const COUNT_COLUMNS = 12;

interface Counts {
  images: number;
  clean: number;
  findings: number;
  incomplete: number;
}

function countsOf(rows: readonly SweptRow[]): Counts {
  const counts: Counts = { images: 0, clean: 0, findings: 0, incomplete: 0 };
  for (const { digest, outcome } of rows) {
    if (digest === '') continue;
    counts.images += 1;
    counts[outcome] += 1;
  }
  return counts;
}

/** One table for each account, Region and registry, with a line for each repository. */
function registryTables(rows: readonly SweptRow[], { width, palette }: TableOptions): readonly string[] {
  const lines: string[] = [];
  for (const [heading, own] of groupsOf(rows, headingOf)) {
    // A registry without anything, such as the public one of most accounts.
    if (own.every(({ repository, outcome }) => repository === '' && outcome === 'clean') && own.length < rows.length)
      continue;
    if (lines.length > 0) lines.push('');
    const nameColumns = width - COUNTS.length * COUNT_COLUMNS;
    const numbers = (counts: Counts): string =>
      COUNTS.map((count) => grouped(counts[count]).padStart(COUNT_COLUMNS)).join('');
    lines.push(palette.bold(cutMiddle(heading, width)));
    lines.push(
      palette.dim(padded('  repository', nameColumns) + COUNTS.map((name) => name.padStart(COUNT_COLUMNS)).join('')),
    );
    const repositories = groupsOf(own, ({ repository }) => repository).filter(([name]) => name !== '');
    for (const [name, inside] of repositories) {
      lines.push(padded(`  ${cutMiddle(printable(name), nameColumns - 3)}`, nameColumns) + numbers(countsOf(inside)));
    }
    const all = `  ${counted(repositories.length, 'repository', 'repositories')}`;
    const label = columnsOf(all) > nameColumns ? '  all' : all;
    lines.push(palette.bold(padded(label, nameColumns) + numbers(countsOf(own))));
  }
  return lines;
}

function headingOf({ account, region, registry }: SweptPlace): string {
  return [account, region, registry].filter(Boolean).map(printable).join('  ');
}

/** Those that are not clean. */
function imageLines(rows: readonly SweptRow[], { width, palette }: TableOptions): readonly string[] {
  const lines: string[] = [];
  for (const outcome of ['findings', 'incomplete'] as const) {
    const own = rows.filter((row) => row.outcome === outcome);
    if (own.length === 0) continue;
    lines.push('', palette.warning(outcome === 'findings' ? 'with findings' : 'incomplete'));
    for (const row of own.slice(0, imagesListed)) {
      const facts = factsOf(row);
      const room = Math.max(20, width - 4 - columnsOf(facts));
      lines.push(`  ${padded(cutMiddle(nameOf(row), room), room)}  ${facts}`);
    }
    const more = own.length - imagesListed;
    if (more > 0) lines.push(`  and ${counted(more, 'further one')}; --format json lists them`);
  }
  return lines;
}

/** `team/app:1.4`, `team/app@sha256:3f2a9c1b7d04`, `team/app (texts)` */
function nameOf({ registry, repository, digest, tags }: SweptPlace): string {
  if (digest === '') return `${printable(repository === '' ? registry : repository)} (texts)`;
  const [tag] = tags;
  const more = tags.length > 1 ? ` (+${tags.length - 1})` : '';
  return tag === undefined
    ? `${printable(repository)}@${shortDigest(digest)}`
    : `${printable(`${repository}:${tag}`)}${more}`;
}

function factsOf({ findings, accepted, gaps }: SweptRow): string {
  const parts = SEVERITIES.flatMap((severity) =>
    findings[severity] > 0 ? [`${grouped(findings[severity])} ${severity}`] : [],
  );
  if (accepted > 0) parts.push(`${grouped(accepted)} accepted`);
  if (gaps > 0) parts.push(counted(gaps, 'gap'));
  return parts.join(', ');
}

/** Findings of one layer stand once, with the number of images that hold it. */
function sharedFindings(findings: readonly Finding[], options: TableOptions): readonly string[] {
  const { width, palette } = options;
  const lines: string[] = [];
  let listed = 0;
  let more = 0;
  const groups = groupsOf(findings, ({ location: { layer, target } }) => layer?.digest ?? target);
  for (const [place, own] of groups) {
    const first = own[0]?.location;
    const targets = [...new Set(own.map(({ location }) => location.target))];
    const once = distinct(own.filter(({ location }) => first?.layer === undefined || location.target === first.target));
    const shown = once.slice(0, Math.max(0, findingsListed - listed));
    listed += shown.length;
    more += once.length - shown.length;
    if (shown.length === 0) continue;
    const held = targets.length === 1 ? (targets[0] ?? '') : counted(targets.length, 'image');
    const heading = first?.layer === undefined ? printable(place) : `${shortDigest(place)} in ${printable(held)}`;
    lines.push('', palette.bold(cutMiddle(heading, width)), ...findingLines(shown, options));
  }
  if (more > 0) lines.push('', `  and ${counted(more, 'further finding')}; --format json lists them`);
  return lines;
}

/** Two layers of one image may have the same bytes. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const kept = new Map<string, Finding>();
  for (const finding of findings) {
    const { path, pointer, field, offset, line } = finding.location;
    const key = JSON.stringify([finding.detector, path, pointer, field, offset, line]);
    if (!kept.has(key)) kept.set(key, finding);
  }
  return [...kept.values()];
}

function summaryLines(report: Report, { totals, rows }: SweepSummary, options: TableOptions): readonly string[] {
  const { palette, width } = options;
  const { images, clean, findings, incomplete } = countsOf(rows);
  const remembered = totals.rememberedImages === 0 ? '' : ` (${grouped(totals.rememberedImages)} remembered)`;
  const outcomes = `${grouped(clean)} clean, ${grouped(findings)} with findings, ${grouped(incomplete)} incomplete`;
  const swept = `swept ${counted(images, 'image')}${remembered}: ${outcomes}`;
  const { layers, rememberedLayers, readLayers, readBytes } = totals;
  const { complete, gaps } = report.coverage;
  const { accepted } = report.summary;
  return [
    ...(complete
      ? wrapped(swept, width)
      : wrapped(`${swept}, ${counted(gaps.length, 'gap')}`, width).map((line) => palette.warning(line))),
    ...(accepted === 0 ? [] : [`${counted(accepted, 'accepted finding')}, in no count`]),
    `${counted(layers, 'layer')}: ${grouped(rememberedLayers)} remembered, ${grouped(readLayers)} read (${byteSize(readBytes)})`,
    ...nextLines(report, options),
  ];
}

function groupsOf<Each>(
  all: readonly Each[],
  keyOf: (each: Each) => string,
): readonly (readonly [string, readonly Each[]])[] {
  const groups = new Map<string, Each[]>();
  for (const each of all) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups];
}
