import type { Field } from '../detect/field.ts';
import { limits } from '../limits.ts';
import { decodeBytes } from './charset.ts';
import { EmbeddedSegments } from './embedded-segments.ts';
import type { LabelledValue } from './labelled-value.ts';
import { isOpening, KeysAbove } from './keys-above.ts';
import { lineFields, type LinePlace } from './line-fields.ts';
import { isLogLine } from './log-line.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import type { Position } from './reader.ts';
import { StopReason } from './stop-reason.ts';
import { RecordNumbers } from './record-numbers.ts';
import { type BrokenLine, brokenFields, brokenLine } from './soft-break.ts';
import { SourceRows } from './sql/source-rows.ts';
import { StatementLog } from './statement-log/statement-log.ts';

/** Lines of key and value that may still be one person's. */
const RECORD_LINES = 40;
/** Keys remembered of one record, to see one come again. */
const RECORD_KEYS = 256;
/** Longest line that opens others, and longest value that stands alone on its line. */
const OPENING_CHARS = 100;
const CONTINUED_CHARS = 160;
/** A run of a long line ends at a blank or comma that is this near to its end, lest a value is cut. In bytes. */
const RUN_SLACK = 512;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const COMMA = 44;

/** Of each separator, so many are in a row of a table. */
const ROW_SEPARATORS = [
  [',', 4],
  ['\t', 2],
  ['|', 3],
] as const;
/** Two keys side by side, of which the first says what the second means: `- name: SSN`, `  value: ...`. */
const NAMING =
  /^[\s-]*["']?(?:name|key|system|type|code|label|field)["']?\s{0,8}[:=]\s{0,8}(["']?)([^"'\s][^"']{0,127})\1,?\s*$/i;
const NAMED = /^[\s-]*["']?(value|val|content|text|answer|default)["']?\s{0,8}[:=]\s{0,8}["']?(?=[^\s"'|>&{[])/i;
const SOLID = /\S/;
const ELEMENT = /^\s*(?:-\s|["'])/;
/** Labels that tell of a patient, whatever stands behind them. */
const OF_PATIENT =
  /patient|\bpt\b|\bm\.?r\.?n\b|\bd\.?o\.?b\b|birth|medical[ _]?rec|\bchart|resident|\bssn\b|social[ _]?sec|decedent/i;
const KEY_FIRST = /^[\s"'*>-]*[\w .-]{1,60}["']?\s{0,8}[:=]/;

/**
 * Reads text line by line, also parts of it: a call whose bytes do not follow the call before begins new text. Each
 * call holds whole lines, or a run of one that is longer than `limits.lineBytes`. Fields do not depend on how many
 * lines a call holds.
 */
export class TextReading {
  readonly #vocabulary: Vocabulary;
  readonly #numbers: RecordNumbers;
  readonly #segments: EmbeddedSegments;
  readonly #statements: StatementLog;
  readonly #rows = new SourceRows();
  /** The row of a table that the open record is. */
  #row: number | undefined;
  readonly #stopReason = new StopReason();
  /** Number of the open record; 0 when none is open. */
  #record = 0;
  #recordLines = 0;
  readonly #keys = new Set<string>();
  readonly #parents = new KeysAbove();
  /** Labels that the line before ended with, with nothing behind them. */
  #pending: readonly string[] = [];
  /** What the key beside says that the next `value:` means, in words of the vocabulary, and the indent of that key. */
  #naming: { readonly indent: number; readonly words: readonly string[] } | undefined;
  /** Of the bytes read last: where they ended, their line, and where that began. */
  #next = -1;
  #line = -1;
  #lineStart = 0;
  /** Bytes of the line so far that are no characters of their own, less the characters before `#lineStart`. */
  #extra = 0;
  /** The line before, where it may go on in this one. */
  #broken: BrokenLine | undefined;
  /** Some line of the entry told of a patient. */
  #tellsPatient = false;
  readonly #nextRecord: () => number;

  constructor(vocabulary: Vocabulary, numbers: RecordNumbers = new RecordNumbers()) {
    this.#vocabulary = vocabulary;
    this.#numbers = numbers;
    this.#segments = new EmbeddedSegments(numbers, vocabulary);
    this.#statements = new StatementLog(vocabulary, numbers);
    this.#nextRecord = () => numbers.next();
  }

  *read(bytes: Buffer, at: Position): Iterable<Field> {
    const sameLine = at.line === this.#line && at.offset > this.#lineStart && at.offset < this.#next;
    if (at.offset !== this.#next && !sameLine) this.#leave();
    let line = at.line;
    for (let start = 0; start < bytes.length; line++) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      do {
        const runEnd = start + runLength(bytes.subarray(start, end));
        const column = start === 0 ? (at.column ?? 1) : 1;
        yield* this.#run(bytes.subarray(start, runEnd), at.offset + start, line, column);
        start = runEnd;
      } while (start < end);
      start = end + 1;
    }
    this.#next = at.offset + bytes.length;
  }

  /** Nothing is held back. */
  end(): Iterable<Field> {
    this.#leave();
    return [];
  }

  /** What is read is of a table whose rows go on. */
  get goesOn(): boolean {
    return this.#rows.goOn;
  }

  /** What stood before has no bearing on what follows. */
  #leave(): void {
    this.#close();
    this.#parents.leave();
    this.#line = -1;
    this.#broken = undefined;
    this.#segments.leave();
    this.#statements.leave();
    this.#stopReason.leave();
    this.#rows.leave();
  }

  #close(): void {
    this.#record = 0;
    this.#row = undefined;
    this.#recordLines = 0;
    this.#keys.clear();
    this.#pending = [];
    this.#naming = undefined;
  }

  #run(bytes: Buffer, offset: number, line: number, first: number): readonly Field[] {
    const continued = line === this.#line;
    if (!continued) {
      this.#line = line;
      this.#lineStart = offset;
      this.#extra = 1 - first;
    }
    const mark = offset === 0 && bytes.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0;
    const { text, span } = decodeBytes(bytes.subarray(mark, bytes.at(-1) === RETURN ? -1 : bytes.length));
    const column = offset - this.#lineStart - this.#extra + 1;
    if (span === 'utf8') this.#extra += bytes.length - text.length;
    const broken = this.#broken;
    this.#broken = undefined;
    if (!SOLID.test(text)) {
      if (!continued) this.#close();
      return [];
    }
    const place: LinePlace = { offset: offset + mark, line, column, span, labels: [] };
    const fields = this.#fields(text, place);
    if (continued) return fields;
    this.#broken = brokenLine(text, place);
    const stop = this.#stopReason.read(text, place, this.#nextRecord);
    if (stop !== undefined) return [...fields, stop];
    const bound = this.#statements.read(text, place);
    const across = broken === undefined ? [] : this.#across(broken, text, place, fields.at(-1)?.record);
    return bound.length + across.length === 0 ? fields : [...fields, ...bound, ...across];
  }

  #across(broken: BrokenLine, text: string, place: LinePlace, record: number | undefined): readonly Field[] {
    return brokenFields(broken, text, place, this.#vocabulary, () => record ?? this.#recordOf(undefined, []));
  }

  #fields(text: string, place: LinePlace): readonly Field[] {
    const isRow = text.length > limits.lineBytes / 2 || isLogLine(text) || (isRowOf(text) && !KEY_FIRST.test(text));
    // A row of a statement may have several lines.
    const alone = isRow && !this.#rows.goOn;
    if (alone || this.#recordLines++ >= RECORD_LINES) this.#close();
    const parents = this.#parents.of(text);
    const { offset, line, column, span } = place;
    const segments = this.#segments.read(text, place);
    const patient = segments[0]?.record;
    const { fields, values } = lineFields(
      text,
      this.#vocabulary,
      // Written out: it is made for every line.
      { offset, line, column, span, labels: parents, tellsPatient: this.#tellsPatient },
      (key, row) => patient ?? this.#recordOf(key, parents, row),
      limits.decodingDepth,
      this.#rows,
    );
    this.#tellsPatient ||= values.some(isOfPatient);
    if (alone || patient !== undefined) {
      this.#close();
      return segments.length === 0 ? fields : [...segments, ...fields];
    }
    const told =
      values.length === 0 ? (this.#named(text, place, parents) ?? this.#continued(text, place, parents)) : undefined;
    this.#pending = pendingLabels(text, values);
    this.#tell(text);
    this.#parents.add(text);
    return told === undefined ? fields : [...fields, told];
  }

  /** The open record, or a new one where none is open or the key has come before. */
  #recordOf(key: string | undefined, parents: readonly string[], row?: number): number {
    if (row !== undefined) {
      if (row !== this.#row) this.#close();
      this.#row = row;
      return (this.#record ||= this.#numbers.next());
    }
    const full = key === undefined ? undefined : `${key.toLowerCase()}\n${parents.join('\n')}`;
    if (full !== undefined && this.#keys.has(full)) this.#close();
    if (this.#record === 0) this.#record = this.#numbers.next();
    if (full !== undefined && this.#keys.size < RECORD_KEYS) this.#keys.add(full);
    return this.#record;
  }

  /** The value of a label on the line before, or an element of the list that a key opened. */
  #continued(text: string, place: LinePlace, parents: readonly string[]): Field | undefined {
    const pending = this.#pending;
    const labels = pending.length === 0 ? parents : [...pending, ...parents.filter((key) => !pending.includes(key))];
    if (labels.length === 0 || (pending.length === 0 && !ELEMENT.test(text)) || isOpening(text)) return undefined;
    return this.#valueOf(text, /^[\s"'>*-]*/.exec(text)?.[0].length ?? 0, labels, place);
  }

  /** The value of `value:` below `name: SSN`. */
  #named(text: string, place: LinePlace, parents: readonly string[]): Field | undefined {
    if (this.#naming === undefined) return undefined;
    const named = NAMED.exec(text);
    if (named === null || this.#naming.indent !== keyIndent(text)) return undefined;
    return this.#valueOf(text, named[0].length, [...this.#naming.words, named[1] ?? '', ...parents], place);
  }

  #valueOf(text: string, start: number, labels: readonly string[], place: LinePlace): Field | undefined {
    const value = text.slice(start).replace(/[\s"',;]{1,16}$/, '');
    if (value === '' || value.length > CONTINUED_CHARS) return undefined;
    const { line, span } = place;
    const offset = place.offset + (span === 'utf8' ? Buffer.byteLength(text.slice(0, start)) : start);
    const record = this.#recordOf(undefined, []);
    return { value, labels, tie: 'inline', record, offset, line, column: place.column + start, span };
  }

  /** Remembers what this line says of a `value:` beside it, until the key's element or object ends. */
  #tell(text: string): void {
    const naming = NAMING.exec(text)?.[2];
    if (naming === undefined && this.#naming === undefined) return;
    const indent = keyIndent(text);
    if (naming !== undefined) {
      const words = this.#vocabulary.find(naming).map((span) => naming.slice(span.start, span.end));
      if (words.length > 0) this.#naming = { indent, words };
    }
    if (this.#naming !== undefined && (indent < this.#naming.indent || (naming === undefined && /^\s*-/.test(text)))) {
      this.#naming = undefined;
    }
  }
}

function isOfPatient({ start, end, labels: [label = ''] }: LabelledValue): boolean {
  return end > start && OF_PATIENT.test(label);
}

/** How far in a line's key begins, the dash of an element counted as a blank. */
function keyIndent(text: string): number {
  return /^[\s-]*/.exec(text)?.[0].length ?? 0;
}

/** A row of a table. A native search for each separator is faster than one pattern for all. */
function isRowOf(text: string): boolean {
  return ROW_SEPARATORS.some(([separator, least]) => {
    let at = -1;
    for (let count = 0; count < least; count++) {
      at = text.indexOf(separator, at + 1);
      if (at < 0) return false;
    }
    return true;
  });
}

/** Labels at the end of a short line, whose value may stand alone on the next one. */
function pendingLabels(text: string, values: readonly LabelledValue[]): readonly string[] {
  const last = values.at(-1);
  if (last === undefined || last.end > last.start || text.length > OPENING_CHARS) return [];
  const leads = last.tie === 'key' || !/\w/.test(text.slice(0, last.keyStart));
  return leads ? last.labels : [];
}

/** Bytes of a line that are read at once: all, or a run that ends at a blank or comma where one is near. */
function runLength(line: Buffer): number {
  if (line.length <= limits.lineBytes) return line.length;
  const run = line.subarray(0, limits.lineBytes);
  for (const separator of [SPACE, COMMA]) {
    const last = run.lastIndexOf(separator);
    if (last > limits.lineBytes - RUN_SLACK) return last + 1;
  }
  let length = run.length;
  while (length > run.length - 3 && ((line[length] ?? 0) & 0xc0) === 0x80) length--;
  return length;
}
