import { attributeOf, type XmlToken, xmlTokens } from '../xml/xml-parser.ts';
import type { XmlSteps } from '../xml/xml-steps.ts';
import type { Cell } from './row-fields.ts';

/** ECMA-376 part 1, 18.8.30: the built-in formats that show a date. */
const DATE_FORMATS: readonly (readonly [number, number])[] = [
  [14, 17],
  [22, 22],
  [27, 36],
  [50, 58],
];
/** Columns of a sheet, XFD. */
const COLUMNS = 16_384;
/** Serial dates: 1900 to 2099, and the leap day of 1900 that never was. */
const MS_PER_DAY = 86_400_000;
const EPOCH = Date.UTC(1899, 11, 30);
const LAST_SERIAL = 73_050;

/** What a workbook's cells refer to. */
export interface Workbook {
  readonly strings: readonly string[];
  /** By the number of a cell's style. */
  readonly styles: readonly ('date' | 'ssn' | undefined)[];
}

export function workbookOf(strings: string | undefined, styles: string | undefined, steps?: XmlSteps): Workbook {
  return {
    strings: strings === undefined ? [] : sharedStrings(strings, steps),
    styles: styles === undefined ? [] : stylesOf(styles, steps),
  };
}

/** 18.4: rich text is one string, its phonetic reading is none of it. */
function sharedStrings(text: string, steps?: XmlSteps): readonly string[] {
  const strings: string[] = [];
  let string = '';
  let phonetic = false;
  for (const token of xmlTokens(text, steps)) {
    if (token.name === 'si') {
      if (token.kind === 'open') string = '';
      else strings.push(string);
    } else if (token.name === 'rPh') phonetic = token.kind === 'open';
    else if (token.name === 't' && token.kind === 'open' && !phonetic) string += token.text;
  }
  return strings;
}

function stylesOf(text: string, steps?: XmlSteps): Workbook['styles'] {
  const formats = new Map<number, string>();
  const styles: ('date' | 'ssn' | undefined)[] = [];
  let inCells = false;
  for (const token of xmlTokens(text, steps)) {
    if (token.name === 'numFmt')
      formats.set(Number(attributeOf(token, 'numFmtId')), attributeOf(token, 'formatCode') ?? '');
    else if (token.name === 'cellXfs') inCells = token.kind === 'open';
    else if (token.name === 'xf' && token.kind !== 'close' && inCells) {
      styles.push(styleOf(Number(attributeOf(token, 'numFmtId') ?? 0), formats));
    }
  }
  return styles;
}

function styleOf(id: number, formats: ReadonlyMap<number, string>): 'date' | 'ssn' | undefined {
  const code = formats.get(id)?.replace(/"[^"]*"|\[[^\]]*\]|\\./g, (part) => (part === '\\-' ? '-' : ''));
  if (code === undefined) return DATE_FORMATS.some(([first, last]) => id >= first && id <= last) ? 'date' : undefined;
  if (code.startsWith('000-00-0000')) return 'ssn';
  return /y/i.test(code) && /[dm]/i.test(code) ? 'date' : undefined;
}

/** The rows of a sheet, 18.3.1.73, with their numbers. Cells may leave out where they are: then they follow the one before. */
export function* sheetRows(
  text: string,
  workbook: Workbook,
  steps?: XmlSteps,
): Iterable<{ readonly row: number; readonly cells: readonly Cell[] }> {
  let row = 0;
  let cells: Cell[] = [];
  let cell: { readonly token: XmlToken; readonly column: number; value: string } | undefined;
  let next = 0;
  for (const token of xmlTokens(text, steps)) {
    const { name, kind } = token;
    if (name === 'row' && kind === 'open') {
      // Of a row whose end is lost.
      if (cells.length > 0) yield { row, cells };
      row = Number(attributeOf(token, 'r') ?? row + 1);
      cells = [];
      next = 0;
    } else if (name === 'row' && kind === 'close') {
      yield { row, cells };
      cells = [];
    } else if (name === 'c' && kind === 'open') {
      const column = columnOf(attributeOf(token, 'r')) ?? next;
      next = column + 1;
      cell = { token, column, value: '' };
    } else if (name === 'c' && kind === 'close' && cell !== undefined) {
      const shown = cellOf(cell.token, cell.value, cell.column, workbook);
      if (shown !== undefined && cells.length < COLUMNS) cells.push(shown);
      cell = undefined;
    } else if ((name === 'v' || name === 't') && kind === 'open' && cell !== undefined) {
      cell.value += token.text;
    }
  }
  if (cells.length > 0) yield { row, cells };
}

/** `B7` is column 1. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function cellOf(token: XmlToken, value: string, column: number, { strings, styles }: Workbook): Cell | undefined {
  const type = attributeOf(token, 't') ?? 'n';
  if (type === 'e' || value === '') return undefined;
  if (type === 's') return { column, value: strings[Number(value)] ?? '', isText: true };
  if (type === 'str' || type === 'inlineStr') return { column, value, isText: true };
  const style = styles[Number(attributeOf(token, 's') ?? 0)];
  return { column, value: style === undefined ? value : styled(value, style), isText: false };
}

function styled(value: string, style: 'date' | 'ssn'): string {
  const number = Number(value);
  if (style === 'ssn') {
    const digits = value.padStart(9, '0');
    return /^\d{9}$/.test(digits) ? `${digits.slice(0, 3)}-${digits.slice(3, 5)}-${digits.slice(5)}` : value;
  }
  return number > 0 && number < LAST_SERIAL ? dateOfSerial(number) : value;
}

/** 18.17.4.1, the 1900 date system. */
function dateOfSerial(serial: number): string {
  return new Date(EPOCH + Math.floor(serial) * MS_PER_DAY).toISOString().slice(0, 10);
}
