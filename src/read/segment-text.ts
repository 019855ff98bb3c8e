import { isAscii } from 'node:buffer';
import type { Field } from '../detect/field.ts';
import { decodeLatin1 } from './charset.ts';
import { Cursor } from './cursor.ts';
import type { LinePlace } from './line-fields.ts';

/** Characters of a segment as a value, and where they stand in the entry. */
export type Pinned = Pick<Field, 'value' | 'offset' | 'line' | 'column' | 'span' | 'pointer' | 'row'>;

/** A text that holds segments. */
export interface SegmentText {
  readonly text: string;
  /** The characters from `start` to `end` as a value. Starts are asked for in rising order. */
  pin(start: number, end: number): Pinned;
  /** A value that was put together of parts of `text`, as text. */
  decode(parts: string): string;
}

/** A block of an entry's bytes, held as a latin1 string, one character for each. */
export class BlockText implements SegmentText {
  text = '';
  #offset = 0;
  #ascii = true;
  readonly #cursor = new Cursor();

  /** The next block; it follows, or overlaps, the one before. */
  load(block: Buffer, offset: number): void {
    this.text = block.toString('latin1');
    this.#offset = offset;
    this.#ascii = isAscii(block);
    this.#cursor.load(this.text, offset, this.#ascii);
  }

  pin(start: number, end: number): Pinned {
    const raw = this.text.slice(start, end);
    const column = this.#cursor.seek(start);
    const { text, span } = this.#ascii ? { text: raw, span: 'bytes' as const } : decodeLatin1(raw);
    return { value: text, offset: this.#offset + start, line: this.#cursor.line, column, span };
  }

  decode(parts: string): string {
    return decodeLatin1(parts).text;
  }

  /** Goes to an index of the block; its line is told. */
  lineAt(index: number): number {
    this.#cursor.seek(index);
    return this.#cursor.line;
  }
}

/** A text that was decoded already: a line, a string of a document, a cell. */
export class PlacedText implements SegmentText {
  readonly text: string;
  readonly #place: LinePlace;
  #index = 0;
  #offset: number;
  #line: number;
  #column: number;

  constructor(text: string, place: LinePlace) {
    this.text = text;
    this.#place = place;
    this.#offset = place.offset;
    this.#line = place.line;
    this.#column = place.column;
  }

  pin(start: number, end: number): Pinned {
    const { span, pointer, row } = this.#place;
    if (span !== 'fixed') this.#advance(start);
    const value = this.text.slice(start, end);
    const place = { value, offset: this.#offset, line: this.#line, column: this.#column, span };
    if (pointer === undefined && row === undefined) return place;
    return {
      ...place,
      ...(pointer === undefined ? {} : { pointer }),
      ...(row === undefined ? {} : { row }),
    };
  }

  decode(parts: string): string {
    return parts;
  }

  #advance(index: number): void {
    if (index <= this.#index) return;
    const passed = this.text.slice(this.#index, index);
    this.#offset += this.#place.span === 'utf8' ? Buffer.byteLength(passed) : passed.length;
    const newline = passed.lastIndexOf('\n');
    if (newline < 0) {
      this.#column += passed.length;
    } else {
      this.#line += passed.split('\n').length - 1;
      this.#column = passed.length - newline;
    }
    this.#index = index;
  }
}

/** Indexes of a text: of its first character, and behind its last. */
export type Range = readonly [start: number, end: number];
/** Of what a segment does not have. */
export const NOWHERE: Range = [0, 0];

/** Who the values of a segment belong to, as far as the format tells. */
export interface Owner {
  readonly record: number;
  /** The format itself marks the message as a test. */
  readonly synthetic: boolean;
}

/** The format's name of a place, and what stands there in words that detectors know. */
export interface Meaning {
  readonly position: string;
  readonly labels: readonly string[];
}

/** Adds the value from `start` to `end`, without the white space around it; `spelled` stands for it where it is put together. */
export function addPlaced(
  fields: Field[],
  source: SegmentText,
  [start, end]: Range,
  { labels, position }: Meaning,
  owner: Owner,
  spelled?: string,
): void {
  let [first, last] = [start, end];
  while (first < last && source.text.charCodeAt(first) <= SPACE) first++;
  while (last > first && source.text.charCodeAt(last - 1) <= SPACE) last--;
  if (first === last) return;
  const isOwn = spelled === undefined || spelled === source.text.slice(first, last);
  const pinned = source.pin(first, last);
  const value = isOwn ? pinned.value : source.decode(spelled);
  const span = isOwn ? pinned.span : 'fixed';
  const { offset, line, column, pointer, row } = pinned;
  const { record } = owner;
  // Written out: spreading costs more than all the rest.
  const field: Field = { value, labels, tie: 'position', record, offset, line, column, span, position };
  if (pointer === undefined && row === undefined && !owner.synthetic) fields.push(field);
  else {
    fields.push({
      ...field,
      ...(pointer === undefined ? {} : { pointer }),
      ...(row === undefined ? {} : { row }),
      ...(owner.synthetic ? { synthetic: true } : {}),
    });
  }
}

const SPACE = 32;

/** What a value is, and whose, as its labels. */
export function labelsOf(label: string, whose?: string): readonly string[] {
  const key = `${label}\n${whose ?? ''}`;
  let labels = known.get(key);
  if (labels === undefined) known.set(key, (labels = whose === undefined ? [label] : [label, whose]));
  return labels;
}

/** Lists of labels are few, and the same list each time: what they mean is remembered by the list. */
const known = new Map<string, readonly string[]>();
