/**
 * The report as GitHub Flavored Markdown, for the summary of a step, which GitHub drops when it is longer than 1 MiB: so it is
 * built within a bound, and says what it leaves out.
 */
import type { Finding, Gap, Report } from '../finding.ts';
import { acceptanceWords } from './finding-words.ts';
import { gapsByReason } from './gaps-by-reason.ts';
import { ordered } from './order.ts';
import { noColors } from './palette.ts';
import { cutText, printable } from './printable.ts';
import { gapWords, heldWords, hiddenWords, lapseSentences, layerWords, lineWords, whereWords } from './sentences.ts';
import { findingWords, nextLines, scannedWords } from './table.ts';
import { counted } from './units.ts';
import type { ViewOptions } from './view.ts';
import { gapSentence } from './words.ts';

/** Of the whole text; below GitHub's own bound with room for what a step writes beside it. */
const MOST_BYTES = 900 * 1024;
/** Left for what stands below the tables. */
const KEPT_BYTES = 40 * 1024;
/** Characters of one cell, before they are escaped. */
const CELL = 300;
const GAPS_LISTED = 5;
const TARGETS_LISTED = 50;

export function renderMarkdown(unordered: Report, options: ViewOptions): string {
  const report = ordered(unordered);
  const { targets, findings, coverage } = report;
  const named = new Set(findings.map(({ location }) => location.target)).size > 1 || targets.length > 1;
  const counting = findings.filter(({ accepted }) => accepted === undefined);
  const accepted = findings.filter((finding) => finding.accepted !== undefined);
  const room = new Room(MOST_BYTES - KEPT_BYTES);
  // First what is bounded by itself, so that findings have what is left; what was accepted is left out first.
  const scanned = room.list(targetLines(report));
  const unread = gapLines(coverage.gaps, room);
  const parts = [
    `## phiscan: ${words(headline(report))}`,
    scanned,
    room.table(['Severity', 'What', 'Where', 'Made by', ...(named ? ['Scanned'] : [])], counting, (finding) =>
      findingCells(finding, named),
    ),
    ...unread,
    ...acceptedLines(accepted, named, room),
    nextLines(report, { ...options, palette: noColors, width: Number.MAX_SAFE_INTEGER })
      .map((line) => `- ${words(line.replace(/^next: /, ''))}`)
      .join('\n'),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function headline(report: Report): string {
  return `${findingWords(report)}; ${scannedWords(report)}`;
}

function targetLines({ targets }: Report): readonly string[] {
  const lines = targets.slice(0, TARGETS_LISTED).map(({ reference, platform, digest }) => {
    const facts = [platform, digest].filter(Boolean).map(code);
    return `- ${[code(reference), ...facts].join(' ')}`;
  });
  const more = targets.length - TARGETS_LISTED;
  if (more > 0) lines.push(`- and ${counted(more, 'more target')}`);
  return lines;
}

function findingCells(finding: Finding, named: boolean): readonly string[] {
  const { location, severity } = finding;
  const where = [
    code(whereWords(location)),
    words([lineWords(location), hiddenWords(location)].filter(Boolean).join('; ')),
  ];
  const layer = layerWords(location);
  return [
    severity === 'critical' || severity === 'high' ? `**${severity}**` : severity,
    [heldWords(finding), ...lapseSentences(finding)].map(words).join('<br>'),
    where.filter(Boolean).join(' '),
    layer === '' ? '' : code(layer),
    ...(named ? [code(location.target)] : []),
  ];
}

function acceptedLines(findings: readonly Finding[], named: boolean, room: Room): readonly string[] {
  if (findings.length === 0) return [];
  const head = ['Severity', 'What', 'Where', 'Made by', ...(named ? ['Scanned'] : []), 'Accepted'];
  const table = room.table(head, findings, (finding) => {
    return [...findingCells(finding, named), words(acceptanceWords(finding))];
  });
  return [`<details><summary>${counted(findings.length, 'accepted finding')}</summary>`, table, '</details>'];
}

function gapLines(gaps: readonly Gap[], room: Room): readonly string[] {
  if (gaps.length === 0) return [];
  const table = room.table(['Not read', 'Places', 'Why', 'The first'], [...gapsByReason(gaps)], ([reason, same]) => [
    reason,
    String(same.length),
    words(gapSentence(reason)),
    same
      .slice(0, GAPS_LISTED)
      .map((gap) => code(gapWords(gap)))
      .join('<br>'),
  ]);
  return ['### Not everything was read', table];
}

/** What is left of the bytes of a text. */
class Room {
  #bytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** All lines: a caller bounds their number. */
  list(lines: readonly string[]): string {
    const text = lines.join('\n');
    this.#bytes -= Buffer.byteLength(text);
    return text;
  }

  /** As many rows as there is room for; empty without any row. */
  table<Row>(head: readonly string[], rows: readonly Row[], cellsOf: (row: Row) => readonly string[]): string {
    if (rows.length === 0) return '';
    const lines = [head, head.map(() => '---')].map(rowLine);
    for (const row of rows) {
      const line = rowLine(cellsOf(row));
      this.#bytes -= Buffer.byteLength(line) + 1;
      if (this.#bytes < 0) break;
      lines.push(line);
    }
    const more = rows.length + 2 - lines.length;
    return more === 0 ? lines.join('\n') : `${lines.join('\n')}\n\n${counted(more, 'further row')} left out here.`;
  }
}

function rowLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Text without any meaning to Markdown, HTML or GitHub: every sign that may have one is a character reference. */
function words(text: string): string {
  return cutText(printable(text), CELL).replace(
    /[&<>"`*_~[\]{}#|\\:@$]|(?<=\bwww)\./gi,
    (sign) => `&#${sign.charCodeAt(0)};`,
  );
}

/** The same, in the type of code. */
function code(text: string): string {
  return text === '' ? '' : `<code>${words(text)}</code>`;
}
