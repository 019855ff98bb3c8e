import type { Field } from '../detect/field.ts';
import { limits } from '../limits.ts';
import { withDecodedWords } from './encoded-word.ts';
import { decodings, encodedRuns, hasEncodedRun } from './encodings.ts';
import { labelledValues, type LabelledValue } from './labelled-value.ts';
import { oldAges } from './old-age.ts';
import { SourceRows } from './sql/source-rows.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';

/**
 * Where a line of text stands, and what holds for all fields of it; the field that the text is in, if it is in one.
 * `labels` are of what it is in: `notes` above a cell, the keys above a YAML line.
 */
export type LinePlace = Pick<Field, 'labels' | 'offset' | 'line' | 'column' | 'span' | 'pointer' | 'row'> & {
  /** Text before it has told of a patient. */
  readonly tellsPatient?: boolean;
};

/** What a line tells of the lines after it. */
export interface LineResult {
  readonly fields: readonly Field[];
  readonly values: readonly LabelledValue[];
}

/** The number of the record that a key belongs to; `row`: of the table that its value is of, if it is of one. */
export type RecordOf = (key: string | undefined, row: number | undefined) => number;

/**
 * The fields of one line: a `bare` one of all its text, and one for each labelled value. `record` is asked for the
 * number at each key that names a value; where the number changes, the bare text is cut.
 */
export function lineFields(
  text: string,
  vocabulary: Vocabulary,
  place: LinePlace,
  record: RecordOf,
  depth: number = limits.decodingDepth,
  rows: SourceRows = new SourceRows(),
): LineResult {
  const spans = vocabulary.find(text);
  const values = rows.withRows(text, labelledValues(text, spans), spans.length);
  const spot = new Spot(text, place);
  const cuts = cutsOf(values, record);
  const fields: Field[] = [];
  let next = 0;
  for (const [index, cut] of cuts.entries()) {
    const end = cuts[index + 1]?.start ?? text.length;
    const bare = cuts.length === 1 ? text : text.slice(cut.start, end);
    if (SOLID.test(bare)) fields.push(spot.field(cut.start, bare, [], 'bare', cut.record));
    for (let value = values[next]; value !== undefined && value.keyStart < end; value = values[++next]) {
      if (value.end === value.start) continue;
      const labels = place.labels.length === 0 ? value.labels : [...value.labels, ...place.labels];
      const field = spot.field(value.start, text.slice(value.start, value.end), labels, value.tie, cut.record);
      fields.push(field);
      addDecoded(fields, field, vocabulary, depth);
      const day = dayOfParts(field.value);
      if (day !== undefined) fields.push({ ...field, value: day, tie: 'key', span: 'fixed' });
    }
  }
  addAges(fields, text, { spot, cuts, ofPatient: place.tellsPatient === true });
  if (depth > 0) {
    addRuns(fields, text, place, vocabulary, depth);
    const words = withDecodedWords(text);
    if (words !== undefined) {
      const whole = spot.field(0, words, place.labels, 'bare', cuts[0]?.record ?? 1);
      const decoded: Field = { ...whole, span: 'fixed' };
      for (const inner of textFields(words, decoded, vocabulary, depth - 1)) fields.push(inner);
    }
  }
  return { fields, values };
}

/** Ages over 89, with a label that they have by their words. */
function addAges(
  fields: Field[],
  text: string,
  { spot, cuts, ofPatient }: { readonly spot: Spot; readonly cuts: readonly Cut[]; readonly ofPatient: boolean },
): void {
  for (const age of oldAges(text)) {
    const record = cuts.findLast(({ start }) => start <= age.start)?.record ?? 1;
    const labels = ofPatient || age.ofPatient ? PATIENT_AGE : AGE;
    fields.push(spot.field(age.start, text.slice(age.start, age.end), labels, 'key', record));
  }
}

/** The second one counts only beside another identifier of the same person. */
const PATIENT_AGE: readonly string[] = ['patient age'];
const AGE: readonly string[] = ['age'];

/** What no label stands before: base64 in a text that tells a label or a number of a person when it is decoded. */
function addRuns(fields: Field[], text: string, place: LinePlace, vocabulary: Vocabulary, depth: number): void {
  if (!hasEncodedRun(text)) return;
  const known = new Set(fields.map(({ value }) => value));
  const tells = (value: string): boolean =>
    !known.has(value) &&
    (DASHED_NUMBER.test(value) || value.split('\n').some((line) => vocabulary.find(line).length > 0));
  for (const { index, value } of encodedRuns(text, tells)) {
    const record = fields.find(({ tie }) => tie === 'bare')?.record ?? 1;
    const field = new Spot(text, place).field(index, value, place.labels, 'bare', record);
    const decoded: Field = { ...field, span: 'fixed' };
    fields.push(decoded);
    for (const inner of textFields(value, decoded, vocabulary, depth - 1)) fields.push(inner);
  }
}

const DAY_PARTS = /^(?:new\s+)?[\w.:]*(?:[Dd]ate|[Tt]ime)[\w.:]*\(\s*((?:18|19|20)\d\d),\s*(\d{1,2}),\s*(\d{1,2})\b/;

/** The date that a program makes of numbers: `date(1961, 3, 12)`. */
function dayOfParts(value: string): string | undefined {
  const parts = DAY_PARTS.exec(value);
  return parts
    ?.slice(1)
    .map((part) => part.padStart(2, '0'))
    .join('-');
}

const DASHED_NUMBER = /\b\d{3}-\d{2}-\d{4}\b/;

const SOLID = /[^\s]/;

/** Where the records of a line begin. The first may begin at the line's first key: then nothing stands before it. */
function cutsOf(values: readonly LabelledValue[], record: RecordOf): readonly Cut[] {
  const cuts: Cut[] = [];
  let named = -1;
  for (const value of values) {
    if (!value.names || value.keyStart === named) continue;
    named = value.keyStart;
    // A record that this line would only touch with its indent is not opened.
    const before = cuts.at(-1)?.record;
    const number = record(value.labels[0], value.row);
    if (number !== before) cuts.push({ start: before === undefined ? 0 : value.keyStart, record: number });
  }
  return cuts.length === 0 ? [{ start: 0, record: record(undefined, undefined) }] : cuts;
}

interface Cut {
  readonly start: number;
  readonly record: number;
}

/** Adds what the value of `field` means when it is encoded, and the labelled values in that. */
export function addDecoded(
  fields: Field[],
  field: Field,
  vocabulary: Vocabulary,
  depth: number = limits.decodingDepth,
): void {
  if (depth === 0) return;
  const token = field.tie === 'inline' ? (/^\S+/.exec(field.value)?.[0] ?? '') : field.value;
  for (const value of decodings(token, depth)) {
    const decoded: Field = { ...field, value, span: 'fixed' };
    fields.push(decoded);
    if (!/[\s=:]/.test(value)) continue;
    for (const inner of textFields(value, decoded, vocabulary, depth - 1)) fields.push(inner);
  }
}

/**
 * The fields of a text inside another field: a cell of notes, a JSON string. `base` gives place, record, pointer, row
 * and labels; its own value is not repeated as a field.
 */
export function textFields(
  text: string,
  base: Field,
  vocabulary: Vocabulary,
  depth: number = limits.decodingDepth,
): readonly Field[] {
  const record = (): number => base.record;
  if (!text.includes('\n')) return lineFields(text, vocabulary, base, record, depth).fields;
  const fields: Field[] = [];
  let { offset, line, column } = base;
  for (const part of text.split('\n')) {
    const inner = lineFields(part, vocabulary, { ...base, offset, line, column }, record, depth).fields;
    for (const field of inner) fields.push(field);
    if (base.span === 'fixed') continue;
    offset += (base.span === 'bytes' ? part.length : Buffer.byteLength(part)) + 1;
    line++;
    column = 1;
  }
  return fields;
}

/** Turns rising character indexes of a line into places. */
class Spot {
  readonly #text: string;
  readonly #place: LinePlace;
  #index = 0;
  #bytes = 0;

  constructor(text: string, place: LinePlace) {
    this.#text = text;
    this.#place = place;
  }

  field(index: number, value: string, labels: readonly string[], tie: Field['tie'], record: number): Field {
    const { line, column: first, span, pointer, row } = this.#place;
    const offset = this.#offset(index);
    const column = span === 'fixed' ? first : first + index;
    // Written out: spreading costs more than all the rest of a short text.
    if (pointer !== undefined) return { value, labels, tie, record, offset, line, column, pointer, span };
    if (row !== undefined) return { value, labels, tie, record, row, offset, line, column, span };
    return { value, labels, tie, record, offset, line, column, span };
  }

  #offset(index: number): number {
    const { offset, span } = this.#place;
    if (span === 'fixed') return offset;
    if (span === 'bytes') return offset + index;
    // Mostly forwards, by short steps; a label inside a value may step back.
    if (index < this.#index) this.#bytes -= Buffer.byteLength(this.#text.slice(index, this.#index));
    else this.#bytes += Buffer.byteLength(this.#text.slice(this.#index, index));
    this.#index = index;
    return offset + this.#bytes;
  }
}
