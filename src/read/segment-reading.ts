import type { Field } from '../detect/field.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import { limits } from '../limits.ts';
import { Blocks } from './blocks.ts';
import type { Reading } from './reader.ts';
import type { RecordNumbers } from './record-numbers.ts';
import { BlockText, type SegmentText } from './segment-text.ts';
import { TextReading } from './text.ts';

/** How a format cuts its bytes into segments, and what it reads in them. */
export interface Segments {
  /** The characters that end a segment, in force at `at`, where one begins. The same list as long as they are the same. */
  endings(text: string, at: number): readonly string[];
  /** Adds the fields of the segment from `start` to `end`; false where it is none. */
  read(source: SegmentText, start: number, end: number, fields: Field[]): boolean;
}

/** Bytes of a segment that are read by position; further ones, of a report inside a message, as text. */
const SEGMENT_BYTES: number = 2 * limits.lineBytes;
const SPACE = 32;
const NEWLINE = 10;

/** One reading of an entry of segments. What is no segment is read as text. */
export class SegmentReading implements Reading {
  readonly #segments: Segments;
  readonly #source = new BlockText();
  readonly #prose: TextReading;
  readonly #blocks: Blocks;
  /** Where the first segment begins. */
  readonly #start: number;
  /** In a segment that is longer than `SEGMENT_BYTES`. */
  #inLong = false;
  #endings: readonly string[] = [];
  /** For each of `#endings` its next index in the block, at or behind the place read. */
  #next: number[] = [];

  constructor(segments: Segments, start: number, vocabulary: Vocabulary, numbers: RecordNumbers) {
    this.#segments = segments;
    this.#start = start;
    this.#prose = new TextReading(vocabulary, numbers);
    this.#blocks = new Blocks((block, offset, final, fields) => this.#take(block, offset, final, fields));
  }

  write(bytes: Buffer): Iterable<Field> {
    return this.#blocks.write(bytes);
  }

  end(): Iterable<Field> {
    return this.#blocks.end();
  }

  #take(block: Buffer, offset: number, final: boolean, fields: Field[]): number {
    this.#source.load(block, offset);
    this.#next = this.#endings.map(() => -1);
    let at = offset === 0 ? Math.min(this.#start, block.length) : 0;
    while (at < block.length) {
      // A declaration of other endings must be in sight.
      if (!final && block.length - at < limits.hintBytes) break;
      const ending = this.#ending(at);
      if (ending < 0 && !final && block.length - at < SEGMENT_BYTES) break;
      const stop = ending < 0 ? block.length : ending;
      if (this.#inLong) {
        const end = ending < 0 && !final ? at + wholeRuns(stop - at) : stop;
        this.#text(block, at, end, offset, fields);
        at = end;
      } else {
        const end = Math.min(stop, at + SEGMENT_BYTES);
        this.#segment(block, at, end, offset, fields);
        at = end;
      }
      this.#inLong = at < stop || (ending < 0 && !final);
      // The ending itself belongs to no segment.
      if (!this.#inLong && at < block.length) at++;
    }
    this.#source.lineAt(at);
    return at;
  }

  /** Where the segment that `at` is in ends; -1 when not in the block. */
  #ending(at: number): number {
    const { text } = this.#source;
    if (!this.#inLong) {
      let start = at;
      while (start < text.length && text.charCodeAt(start) <= SPACE) start++;
      const endings = this.#segments.endings(text, start);
      if (endings !== this.#endings) {
        this.#endings = endings;
        this.#next = endings.map(() => -1);
      }
    }
    let nearest = Infinity;
    for (const [index, ending] of this.#endings.entries()) {
      let next = this.#next[index] ?? -1;
      if (next < at) {
        const found = text.indexOf(ending, at);
        this.#next[index] = next = found < 0 ? Infinity : found;
      }
      nearest = Math.min(nearest, next);
    }
    return nearest === Infinity ? -1 : nearest;
  }

  #segment(block: Buffer, at: number, end: number, offset: number, fields: Field[]): void {
    const { text } = this.#source;
    let start = at;
    while (start < end && text.charCodeAt(start) <= SPACE) start++;
    if (start === end || this.#segments.read(this.#source, start, end, fields)) return;
    this.#text(block, start, end, offset, fields);
  }

  /** What is no segment, or too long for one. */
  #text(block: Buffer, at: number, end: number, offset: number, fields: Field[]): void {
    const line = this.#source.lineAt(at);
    const { column } = this.#source.pin(at, at);
    const whole = block[end] === NEWLINE ? end + 1 : end;
    for (const field of this.#prose.read(block.subarray(at, whole), { offset: offset + at, line, column })) {
      fields.push(field);
    }
  }
}

/** Bytes of whole runs, so that runs do not depend on where blocks end. */
function wholeRuns(length: number): number {
  return length - (length % limits.lineBytes);
}
