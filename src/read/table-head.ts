import { limits } from '../limits.ts';
import { decodeLatin1 } from './charset.ts';
import type { EntryHead } from './reader.ts';
import { RowScanner } from './table-row.ts';

/** What the head of an entry shows of a table. */
export interface TableHead {
  readonly delimiter: string;
  /** Bytes before the first row: a byte order mark, Excel's `sep=;` line. */
  readonly skip: number;
  /** The first row holds the names of the columns. */
  readonly named: boolean;
}

const DELIMITERS = [',', '\t', '|', ';'];
const TABLE_PATH = /\.(?:csv|tsv|psv|tab|ssv)$/i;
const ROWS = 20;
/** Share of the first rows that are as wide as the first; the extension makes up for ragged ones. */
const EVEN = 0.8;
const EVEN_ENOUGH = 0.5;
const BYTE_ORDER_MARK = '\xef\xbb\xbf';
const HEADER = /^[\p{L}_#*@][\p{L}\p{N} _.\-#/()%&'?:*@[\]]{0,60}$/u;
const HEADER_WORDS = 6;
/** The second line of a table in Markdown or psql. */
export const RULE: RegExp = /^[\s|:+-]*-[\s|:+-]*$/;

/** A table, with the delimiter that makes the most columns; undefined when the head shows none. */
export function tableHead(head: EntryHead): TableHead | undefined {
  const text = head.bytes.toString('latin1', 0, 2 * limits.lineBytes);
  if (text.includes('\0')) return undefined;
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  const told = /^sep=([,;|\t])\r?\n/.exec(text.slice(mark, mark + 10));
  const skip = mark + (told?.[0].length ?? 0);
  const whole = head.whole && head.bytes.length === text.length;
  const isTablePath = TABLE_PATH.test(head.path);
  let best: TableHead | undefined;
  let bestWidth = 0;
  for (const delimiter of told?.[1] === undefined ? DELIMITERS : [told[1]]) {
    const rows = firstRows(text, skip, delimiter, whole);
    const width = rows[0]?.length ?? 0;
    const named = isHeader(rows[0] ?? []);
    const even = rows.filter((row) => row.length === width).length / rows.length >= (isTablePath ? EVEN_ENOUGH : EVEN);
    // Without the extension, a table must show more: prose and code have commas too.
    // A file of one column has no delimiter anywhere, but the extension and a name.
    const single = width === 1 && named && !DELIMITERS.some((mark) => text.includes(mark));
    const shown = named && width >= 3 && rows.slice(1).some((row) => /\d/.test(row.join('')));
    const enough = isTablePath ? width >= 2 || single : shown;
    if (rows.length < 2 || !even || !enough || width <= bestWidth) continue;
    best = { delimiter, skip, named };
    bestWidth = width;
  }
  return best;
}

function firstRows(text: string, from: number, delimiter: string, whole: boolean): readonly (readonly string[])[] {
  const scanner = new RowScanner(delimiter);
  scanner.load(text, whole);
  const rows: string[][] = [];
  for (let at = from; at < text.length && rows.length < ROWS; at = scanner.end) {
    const no = scanner.scan(at, false);
    if (no === 'more' || (no === 'long' && scanner.scan(at, true) !== undefined)) break;
    if (scanner.cells.length === 2 && scanner.cells[0] === scanner.cells[1]) continue;
    if (RULE.test(text.slice(at, scanner.end))) continue;
    const row: string[] = [];
    for (let index = 0; index < scanner.cells.length; index += 2) {
      row.push(decodeLatin1(text.slice(scanner.cells[index], scanner.cells[index + 1])).text);
    }
    rows.push(row);
  }
  return rows;
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
