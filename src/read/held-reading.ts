import type { Field } from '../detect/field.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import { PlainTextReading } from './plain-text.ts';
import type { Reading } from './reader.ts';

/** Fields of a whole entry; undefined where it is not of the format after all. */
export type ReadWhole = (bytes: Buffer) => Iterable<Field> | undefined;

/**
 * A reading for formats whose parser needs all of the text: it is held up to `most` bytes. What is longer, or not of the
 * format, is read as text: no gap.
 */
export class HeldReading implements Reading {
  readonly #vocabulary: Vocabulary;
  readonly #readWhole: ReadWhole;
  readonly #most: number;
  #pieces: Buffer[] = [];
  #length = 0;
  #rest: PlainTextReading | undefined;

  constructor(vocabulary: Vocabulary, most: number, readWhole: ReadWhole) {
    this.#vocabulary = vocabulary;
    this.#most = most;
    this.#readWhole = readWhole;
  }

  *write(bytes: Buffer): Iterable<Field> {
    if (this.#rest === undefined) {
      this.#pieces.push(Buffer.from(bytes));
      this.#length += bytes.length;
      if (this.#length > this.#most) yield* this.#asText(this.#taken());
      return;
    }
    yield* this.#rest.write(bytes);
  }

  *end(): Iterable<Field> {
    if (this.#rest === undefined) {
      const whole = this.#taken();
      const fields = this.#readWhole(whole);
      if (fields !== undefined) {
        yield* fields;
        return;
      }
      yield* this.#asText(whole);
    }
    if (this.#rest !== undefined) yield* this.#rest.end();
  }

  #taken(): Buffer {
    const whole = Buffer.concat(this.#pieces);
    this.#pieces = [];
    return whole;
  }

  #asText(whole: Buffer): Iterable<Field> {
    this.#rest = new PlainTextReading(this.#vocabulary, { offset: 0, line: 1 });
    return this.#rest.write(whole);
  }
}
