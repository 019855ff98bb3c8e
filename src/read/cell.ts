import type { Field } from '../detect/field.ts';
import { limits } from '../limits.ts';
import { addDecoded, textFields } from './line-fields.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';

/** A longer cell is text, with labels of its own in it. */
const TEXT_CHARS = 60;
/** Shortest text that is an encoded value. */
const ENCODED_CHARS = 12;

/** Adds a cell of a row, what it means when it is encoded, and the labelled values in it when it is text. */
export function addCell(fields: Field[], cell: Field, vocabulary: Vocabulary): void {
  const { length } = cell.value;
  if (length <= limits.lineBytes) fields.push(cell);
  if (length < ENCODED_CHARS) return;
  if (length <= limits.lineBytes) addDecoded(fields, cell, vocabulary);
  if (length > TEXT_CHARS) addNotes(fields, cell, vocabulary);
}

/** Free text in a cell, also of a length that no field may have. */
export function addNotes(fields: Field[], cell: Field, vocabulary: Vocabulary): void {
  let { offset } = cell;
  for (let start = 0, end = 0; start < cell.value.length; start = end) {
    end = start + limits.lineBytes;
    // Not between the two halves of a character.
    if ((cell.value.charCodeAt(end) & 0xfc00) === 0xdc00) end--;
    const run = cell.value.slice(start, end);
    for (const field of textFields(run, { ...cell, offset }, vocabulary)) fields.push(field);
    if (cell.span !== 'fixed') offset += cell.span === 'bytes' ? run.length : Buffer.byteLength(run);
  }
}
