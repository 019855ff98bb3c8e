import { limits } from '../limits.ts';
import { behindMark, decodeLatin1 } from './charset.ts';
import type { EntryHead } from './reader.ts';
import { RowScanner } from './table-row.ts';
import { RULE } from './table-rules.ts';

/** What the head of an entry shows of a table. */
export interface TableHead {
  readonly delimiter: string;
  /** Bytes that are no text: a byte order mark, Excel's `sep=;` line. */
  readonly start: number;
  /** Bytes before the first row: those, and titles and comments. */
  readonly skip: number;
  /** The first row holds the names of the columns. */
  readonly named: boolean;
}

const DELIMITERS = [',', '\t', '|', ';'];
const TABLE_PATH = /\.(?:csv|tsv|psv|tab|ssv)$/i;
const ROWS = 20;
/** Rows that may stand above the names of the columns. */
const PREAMBLE = 20;
/** Fewer rows without names show no table. */
const UNNAMED_ROWS = 3;
/** Longest cell by which columns without names are told. */
const CELL_CHARS = 80;
/** Code, a log, key and value. */
const NO_CELL = /[(){}=<>;]|\b(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b|^\w+:\s/;
const CODE = /^(?=.*\d)[\w./-]{3,40}$/;
/** Share of the first rows that are as wide as the first; the extension makes up for ragged ones. */
const EVEN = 0.8;
const EVEN_ENOUGH = 0.5;
const HEADER = /^[\p{L}_#*@][\p{L}\p{N} _.\-#/()%&'?:*@[\]]{0,60}$/u;
const HEADER_WORDS = 6;
/** A table, with the delimiter that makes the most columns; undefined when the head shows none. */
export function tableHead(head: EntryHead): TableHead | undefined {
  const text = head.bytes.toString('latin1', 0, 2 * limits.lineBytes);
  if (text.includes('\0')) return undefined;
  const mark = behindMark(text);
  const told = /^sep=([,;|\t])\r?\n/.exec(text.slice(mark, mark + 10));
  const start = mark + (told?.[0].length ?? 0);
  const whole = head.whole && head.bytes.length === text.length;
  const isTablePath = TABLE_PATH.test(head.path);
  let best: Candidate | undefined;
  for (const delimiter of told?.[1] === undefined ? DELIMITERS : [told[1]]) {
    const rows = firstRows(text, start, delimiter, whole);
    // A file of one column has no delimiter anywhere.
    const single = !DELIMITERS.some((mark) => text.includes(mark));
    const found =
      namedTable(rows, isTablePath) ??
      (single ? listOf(rows, isTablePath) : undefined) ??
      unnamedTable(rows, isTablePath);
    if (found === undefined || (best !== undefined && found.width <= best.width)) continue;
    best = { ...found, delimiter };
  }
  if (best === undefined) return undefined;
  const { delimiter, named, first } = best;
  return { delimiter, start, skip: first, named };
}

interface HeadRow {
  readonly cells: readonly string[];
  readonly start: number;
}

interface Shape {
  readonly width: number;
  readonly named: boolean;
  /** Where the first row of the table begins. */
  readonly first: number;
}

interface Candidate extends Shape {
  readonly delimiter: string;
}

function firstRows(text: string, from: number, delimiter: string, whole: boolean): readonly HeadRow[] {
  const scanner = new RowScanner(delimiter);
  scanner.load(text, whole);
  const rows: HeadRow[] = [];
  for (let at = from; at < text.length && rows.length < PREAMBLE + ROWS; at = scanner.end) {
    const no = scanner.scan(at, false);
    if (no === 'more' || (no === 'long' && scanner.scan(at, true) !== undefined)) break;
    if (scanner.cells.length === 2 && scanner.cells[0] === scanner.cells[1]) continue;
    if (RULE.test(text.slice(at, scanner.end))) continue;
    const cells: string[] = [];
    for (let index = 0; index < scanner.cells.length; index += 2) {
      cells.push(decodeLatin1(text.slice(scanner.cells[index], scanner.cells[index + 1])).text);
    }
    rows.push({ cells, start: at });
  }
  return rows;
}

/** A table below a row of names, above which titles and comments may stand: they have fewer cells than it. */
function namedTable(rows: readonly HeadRow[], isTablePath: boolean): Shape | undefined {
  let widest = 0;
  for (const [index, { cells, start }] of rows.entries()) {
    if (index > PREAMBLE) return undefined;
    const width = cells.length;
    const body = rows.slice(index + 1, index + 1 + ROWS);
    // Without the extension, a table must show more: prose and code have commas too.
    const enough = isTablePath
      ? width >= 2 && body.length > 0
      : width >= 3 && body.some((row) => row.cells.length === width && /\d/.test(row.cells.join('')));
    if (enough && width > widest && isEven(body, width, isTablePath) && isHeader(cells)) {
      return { width, named: true, first: start };
    }
    widest = Math.max(widest, width);
  }
  return undefined;
}

/** One column below its name: by the extension, or when all is codes of one length. */
function listOf([header, ...body]: readonly HeadRow[], isTablePath: boolean): Shape | undefined {
  if (header === undefined || body.length === 0 || !isHeader(header.cells)) return undefined;
  const { length } = body[0]?.cells[0] ?? '';
  const isCodes =
    body.length >= UNNAMED_ROWS && body.every(({ cells: [code = ''] }) => code.length === length && CODE.test(code));
  return isTablePath || (isCodes && !/[ /:=]/.test(header.cells.join('')))
    ? { width: 1, named: true, first: header.start }
    : undefined;
}

/** Rows without names: by the extension, or when the columns show what they hold. */
function unnamedTable(rows: readonly HeadRow[], isTablePath: boolean): Shape | undefined {
  const [first] = rows;
  if (first === undefined || rows.length < 2) return undefined;
  const width = first.cells.length;
  const shape = { width, named: false, first: first.start };
  if (isTablePath) return width >= 2 && isEven(rows.slice(1), width, true) ? shape : undefined;
  if (width < 3 || rows.length < UNNAMED_ROWS || !rows.every(({ cells }) => cells.length === width)) return undefined;
  if (rows.some(({ cells }) => cells.some((cell) => NO_CELL.test(cell) || cell.length > CELL_CHARS))) return undefined;
  let typed = 0;
  for (let column = 0; column < width; column++) {
    const kinds = new Set(rows.map(({ cells }) => kindOf(cells[column] ?? '')).filter((kind) => kind !== 'empty'));
    if (kinds.size === 1 && !kinds.has('text')) typed++;
  }
  return typed >= 2 ? shape : undefined;
}

function isEven(body: readonly HeadRow[], width: number, isTablePath: boolean): boolean {
  // The first row counts too: a table may have but one row that is not as wide.
  const even = (1 + body.filter(({ cells }) => cells.length === width).length) / (1 + body.length);
  return even >= (isTablePath ? EVEN_ENOUGH : EVEN);
}

function kindOf(cell: string): 'empty' | 'number' | 'date' | 'code' | 'text' {
  if (cell === '') return 'empty';
  if (/^[-+]?[\d.]+$/.test(cell)) return 'number';
  if (/^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T][\d:.]+Z?)?$/.test(cell)) return 'date';
  return CODE.test(cell) ? 'code' : 'text';
}

/** Words, all different, each at most a few; a row between outer pipes has an empty cell at both ends. */
function isHeader(row: readonly string[]): boolean {
  const cells = row.filter((cell, index) => cell !== '' || (index > 0 && index < row.length - 1));
  if (cells.length < 1 || new Set(cells.filter((cell) => cell !== '')).size < 0.8 * cells.length) return false;
  return cells.every(
    (cell) => cell === '' || (HEADER.test(cell) && cell.split(' ').length <= HEADER_WORDS && balanced(cell)),
  );
}

/** A call in source code, cut at its commas, is no header. */
function balanced(cell: string): boolean {
  return cell.split('(').length === cell.split(')').length;
}
