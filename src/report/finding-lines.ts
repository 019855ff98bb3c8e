import type { Finding, Location, Severity } from '../finding.ts';
import {
  acceptanceWords,
  amountWords,
  evidenceWords,
  instructionPlaceWords,
  instructionWords,
  placeWords,
} from './finding-words.ts';
import type { Palette } from './palette.ts';
import { columnsOf, cutEnd, cutMiddle, padded, printable, wrapped } from './printable.ts';
import { kindWords, visibilityWords } from './words.ts';

const severityColumns = 'critical'.length;
const identifierColumns = 'patient-record'.length;
/** Where the text of a row begins: indent, severity and identifier, each with two spaces behind. */
const rowIndent = 4 + severityColumns + 2;
const textIndent = rowIndent + identifierColumns + 2;

export interface FindingLinesOptions {
  readonly width: number;
  readonly palette: Palette;
  /** Puts the evidence below each finding. */
  readonly explain: boolean;
}

/** Findings in their given order, under one heading for each file and layer. */
export function findingLines(findings: readonly Finding[], options: FindingLinesOptions): readonly string[] {
  const groups = new Map<string, { readonly location: Location; readonly findings: Finding[] }>();
  for (const finding of findings) {
    const { location } = finding;
    const key = JSON.stringify([
      location.kind,
      location.path,
      location.layer?.index,
      location.layer?.digest,
      location.visibility,
      location.hiddenBy,
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { location, findings: [finding] });
    else group.findings.push(finding);
  }
  const lines: string[] = [];
  for (const group of groups.values()) {
    lines.push('', ...placeLines(group.location, options));
    for (const finding of group.findings) lines.push(...rowLines(finding, options));
  }
  return lines;
}

function placeLines(location: Location, { width, palette }: FindingLinesOptions): readonly string[] {
  const path = printable(location.path);
  const heading =
    location.kind === 'file' ? path || '(no name)' : [kindWords(location.kind), path].filter(Boolean).join(': ');
  const lines = [`  ${palette.path(cutMiddle(heading, width - 2))}`];
  const hidden = location.visibility && visibilityWords(location.visibility, location.hiddenBy);
  if (hidden !== undefined) lines.push(`    ${palette.warning(hidden)}`);
  if (location.layer !== undefined) {
    const { index, createdBy, instruction } = location.layer;
    const where = instruction === undefined ? '' : `, ${instructionPlaceWords(instruction)}`;
    const made = instructionWords(createdBy);
    const layer = `layer ${index}${where}${made === '' ? '' : `: ${made}`}`;
    lines.push(`    ${palette.dim(cutEnd(layer, width - 4))}`);
  }
  return lines;
}

function rowLines(finding: Finding, { width, palette, explain }: FindingLinesOptions): readonly string[] {
  const style = finding.accepted === undefined ? severityStyle(finding.severity, palette) : palette.dim;
  const severity = style(padded(finding.severity, severityColumns));
  const identifier = padded(printable(finding.identifier), identifierColumns);
  const room = width - textIndent;
  const where = placeWords(finding);
  const isShort = columnsOf(where) <= room;
  const texts = [amountWords(finding), ...(finding.outcome === 'synthetic' ? ['synthetic'] : []), isShort ? where : ''];
  const lines = joined(texts.filter(Boolean), room).map((text) => cutMiddle(text, room));
  const rows = lines.map((text, index) => {
    return index === 0 ? `    ${severity}  ${identifier}  ${text}` : `${' '.repeat(textIndent)}${text}`;
  });
  // A place that is cut cannot be followed: it has lines of its own.
  if (!isShort) for (const text of longPlace(where, width - rowIndent)) rows.push(' '.repeat(rowIndent) + text);
  for (const text of wrapped(acceptanceWords(finding), width - rowIndent)) {
    if (text !== '')
      rows.push(`${' '.repeat(rowIndent)}${finding.lapsed === undefined ? text : palette.warning(text)}`);
  }
  if (explain) {
    for (const text of wrapped(evidenceWords(finding), width - rowIndent)) {
      rows.push(`${' '.repeat(rowIndent)}${palette.dim(text)}`);
    }
  }
  return rows;
}

/** On one line where that is long enough; else the pointer has one, and the rest. */
function longPlace(where: string, columns: number): readonly string[] {
  const end = columnsOf(where) <= columns ? -1 : where.lastIndexOf(', field ');
  const texts = end < 0 ? [where] : [where.slice(0, end + 1), where.slice(end + 2)];
  return texts.map((text) => cutMiddle(text, columns));
}

/** Texts on one line as long as they fit, two spaces apart. */
function joined(texts: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const text of texts) {
    if (line !== undefined && columnsOf(line) + 2 + columnsOf(text) <= columns) {
      line = `${line}  ${text}`;
    } else {
      if (line !== undefined) lines.push(line);
      line = text;
    }
  }
  return line === undefined ? lines : [...lines, line];
}

function severityStyle(severity: Severity, palette: Palette): (text: string) => string {
  switch (severity) {
    case 'critical':
    case 'high':
      return palette.alarm;
    case 'medium':
      return palette.warning;
    case 'low':
    case 'info':
      return palette.dim;
  }
}
