import { limits } from '../limits.ts';
import { behindMark, decodeLatin1 } from './charset.ts';
import type { EntryHead } from './reader.ts';

/** A column of lines: characters from `start` up to `end`, which is Infinity for the last. */
export interface FixedColumn {
  readonly start: number;
  readonly end: number;
  /** Undefined where no line above names it. */
  readonly name: string | undefined;
}

/** What the head of an entry shows of a table without delimiters. */
export interface FixedWidthHead {
  readonly columns: readonly FixedColumn[];
  /** Bytes before the first row: titles, the line of names, the line below it. */
  readonly skip: number;
  /** The line of names, as it is written; empty where there is none. */
  readonly header: string;
}

interface HeadLine {
  readonly text: string;
  /** In bytes. */
  readonly start: number;
}

const LINES = 60;
/** Lines that may stand above the names. */
const PREAMBLE = 20;
/** Fewer rows show no columns. */
const NAMED_ROWS = 2;
const UNNAMED_ROWS = 4;
const COLUMNS = 3;
const SHORTEST_ROW = 20;
/** Below the names in the output of SQL*Plus, sqlcmd and DB2. */
export const DASHES: RegExp = /^ *-{2,}(?: +-+)+ *$/;
/** Code, settings, aligned keys and values. */
const NO_ROW = /[{};=<>|]|\w\(|^\s*[\w ]{1,40}:\s|^\s*(?:#|\/\/|\*)/;
const NAME = /^[\p{L}#][\p{L}\p{N} _.\-#/()%]*$/u;

/** The columns of a table without delimiters; undefined when the head shows none. */
export function fixedWidthHead(head: EntryHead): FixedWidthHead | undefined {
  const latin1 = head.bytes.toString('latin1', 0, 2 * limits.lineBytes);
  if (latin1.includes('\0') || latin1.includes('\t')) return undefined;
  const lines = headLines(latin1, head.whole && head.bytes.length === latin1.length);
  return dashedTable(lines) ?? alignedTable(lines) ?? evenTable(lines);
}

function headLines(latin1: string, isWhole: boolean): readonly HeadLine[] {
  const lines: HeadLine[] = [];
  let at = behindMark(latin1);
  while (at < latin1.length && lines.length < LINES) {
    const newline = latin1.indexOf('\n', at);
    if (newline < 0 && !isWhole) break;
    const end = newline < 0 ? latin1.length : newline;
    const text = decodeLatin1(latin1.slice(at, latin1[end - 1] === '\r' ? end - 1 : end)).text;
    if (text.trim() !== '') lines.push({ text, start: at });
    at = end + 1;
  }
  return lines;
}

/** Names, and below them a line of dashes as wide as the columns. */
function dashedTable(lines: readonly HeadLine[]): FixedWidthHead | undefined {
  const index = lines.slice(0, PREAMBLE).findIndex(({ text }) => DASHES.test(text));
  const header = lines[index - 1]?.text;
  const first = lines[index + 1];
  if (header === undefined || first === undefined) return undefined;
  const runs = [...(lines[index]?.text ?? '').matchAll(/-+/g)];
  const columns = runs.map((run, number) => {
    const end = runs[number + 1] === undefined ? Infinity : run.index + run[0].length;
    return { start: run.index, end, name: nameIn(header, run.index, end) };
  });
  if (columns.every(({ name }) => name === undefined)) return undefined;
  return { columns, skip: first.start, header };
}

/** Names without digits, each above a column that blanks divide from the next, through all rows. */
function alignedTable(lines: readonly HeadLine[]): FixedWidthHead | undefined {
  for (const [index, { text: header }] of lines.slice(0, PREAMBLE).entries()) {
    if (/\d/.test(header) || !/\S {1,60}\S/.test(header) || NO_ROW.test(header)) continue;
    const rows = lines.slice(index + 1);
    if (rows.length < NAMED_ROWS) return undefined;
    if (rows.some(({ text }) => NO_ROW.test(text))) continue;
    const runs = runsOf([header, ...rows.map(({ text }) => text)]);
    const columns = runs.map(([start], number) => {
      const end = runs[number + 1]?.[0] ?? Infinity;
      return { start, end, name: nameIn(header, start, end) };
    });
    const withDigits = columns.filter(({ start, end }) => rows.every(({ text }) => /\d/.test(text.slice(start, end))));
    if (columns.length < COLUMNS || withDigits.length === 0) continue;
    if (columns.some(({ name }) => name === undefined || !NAME.test(name))) continue;
    return { columns, skip: lines[index + 1]?.start ?? 0, header };
  }
  return undefined;
}

/** Rows of one length, in which columns are divided by blanks, or by letters that follow digits in each row. */
function evenTable(lines: readonly HeadLine[]): FixedWidthHead | undefined {
  const texts = lines.map(({ text }) => text);
  const length = texts[0]?.length ?? 0;
  if (texts.length < UNNAMED_ROWS || length < SHORTEST_ROW || texts.some((text) => text.length !== length)) {
    return undefined;
  }
  if (texts.some((text) => NO_ROW.test(text)) || !texts.every((text) => text.includes(' '))) return undefined;
  const runs = runsOf(texts).flatMap((run) => dividedByKind(texts, run));
  const columns = runs.map(([start, end]) => ({ start, end, name: undefined }));
  const kinds = columns.filter(({ start, end }) =>
    texts.every((text) => /^[\d/.-]{4,}$/.test(text.slice(start, end).trim())),
  );
  if (columns.length < COLUMNS || kinds.length === 0) return undefined;
  return { columns, skip: lines[0]?.start ?? 0, header: '' };
}

/** Runs of characters between those at which all rows have a blank. */
function runsOf(rows: readonly string[]): readonly (readonly [number, number])[] {
  const width = Math.max(...rows.map((row) => row.length));
  const runs: [number, number][] = [];
  let start = -1;
  for (let at = 0; at <= width; at++) {
    const isBlank = at === width || rows.every((row) => (row[at] ?? ' ') === ' ');
    if (!isBlank && start < 0) start = at;
    if (isBlank && start >= 0) {
      runs.push([start, at]);
      start = -1;
    }
  }
  return runs;
}

/** A run cut where digits end and letters begin, or the other way, in every row. */
function dividedByKind(
  rows: readonly string[],
  [start, end]: readonly [number, number],
): readonly (readonly [number, number])[] {
  const kinds = Array.from({ length: end - start }, (_, index) => {
    const found = new Set(rows.map((row) => kindOf(row[start + index] ?? ' ')));
    return found.size === 1 ? [...found][0] : undefined;
  });
  const cuts = kinds.flatMap((kind, index) => {
    const before = kinds[index - 1];
    return index > 0 && kind !== before && kind !== undefined && before !== undefined ? [start + index] : [];
  });
  return [start, ...cuts].map((from, index) => [from, cuts[index] ?? end]);
}

function kindOf(character: string): 'digit' | 'letter' | 'other' {
  if (/\d/.test(character)) return 'digit';
  return /\p{L}/u.test(character) ? 'letter' : 'other';
}

function nameIn(header: string, start: number, end: number): string | undefined {
  const name = header.slice(start, end).trim();
  return name === '' ? undefined : name;
}
