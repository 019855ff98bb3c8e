import { limits } from '../../limits.ts';
import { attributeOf, xmlTokens } from '../xml/xml-parser.ts';
import type { XmlSteps } from '../xml/xml-steps.ts';

/** A paragraph outside of tables, or the cells of a table's row. */
export type FlowPart =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'row'; readonly table: number; readonly cells: readonly string[] };

const ROWS = new Set(['tr', 'table-row']);
const CELLS = new Set(['tc', 'table-cell']);
const TABLES = new Set(['tbl', 'table']);
const PARAGRAPHS = new Set(['p', 'h', 'comment', 'note']);
/** Longer texts are told in pieces, and what is behind so much of a cell is a paragraph: in characters. */
const LONG = 16 * limits.lineBytes;
/** Cells that one empty cell of OpenDocument may stand for. */
const REPEATED = 256;

/**
 * Text in the order of reading: WordprocessingML and DrawingML (ECMA-376 part 1, 17 and 21), OpenDocument's text and table
 * (OASIS ODF 1.3 part 3, 5 and 9), and comments of spreadsheets. A table inside a cell is that cell's text.
 */
export function* flowParts(xml: string, steps?: XmlSteps): Iterable<FlowPart> {
  let text = '';
  let cells: string[] = [];
  let cell = '';
  let tables = 0;
  let depth = 0;
  for (const token of xmlTokens(xml, steps)) {
    const { name, kind } = token;
    if (TABLES.has(name)) {
      if (kind === 'open' && depth++ === 0) tables++;
      if (kind === 'close' && depth > 0) depth--;
    }
    if (name === 'tab') text += '\t';
    else if (name === 'br' || name === 'cr' || name === 'line-break') text += '\n';
    else if (name === 's' && kind === 'empty') text += ' ';
    text += token.text;
    if (text.length > LONG) {
      yield { kind: 'paragraph', text };
      text = '';
    }
    if (kind === 'open') continue;
    if (PARAGRAPHS.has(name)) {
      if (depth > 0 && cell.length < LONG) cell += cell === '' ? text : `\n${text}`;
      else if (text.trim() !== '') yield { kind: 'paragraph', text };
      text = '';
    } else if (CELLS.has(name) && depth <= 1) {
      const repeated = cell === '' ? Number(attributeOf(token, 'number-columns-repeated') ?? 1) : 1;
      for (let count = 0; count < Math.min(repeated, REPEATED); count++) cells.push(cell);
      cell = '';
    } else if (ROWS.has(name) && depth <= 1) {
      if (cells.length > 0) yield { kind: 'row', table: tables, cells };
      cells = [];
    }
  }
  if (cells.length > 0) yield { kind: 'row', table: tables, cells };
  if ((text + cell).trim() !== '') yield { kind: 'paragraph', text: `${cell}${text}` };
}
