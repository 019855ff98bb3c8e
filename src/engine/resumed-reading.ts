import type { Field } from '../detect/field.ts';
import type { Reading } from '../read/reader.ts';

/** What a reading has passed over. */
export interface Skipped {
  /** Offset in the entry from which on bytes were passed over. */
  readonly from: number;
  readonly bytes: number;
  readonly lines: number;
}

/** A reading that does not get all bytes of its entry: its fields stand where they do in the entry. */
export class ResumedReading implements Reading {
  readonly #reading: Reading;
  readonly #skipped: Skipped;

  constructor(reading: Reading, skipped: Skipped) {
    this.#reading = reading;
    this.#skipped = skipped;
  }

  *write(bytes: Buffer): Iterable<Field> {
    for (const field of this.#reading.write(bytes)) yield this.#placed(field);
  }

  *end(): Iterable<Field> {
    for (const field of this.#reading.end()) yield this.#placed(field);
  }

  /** Rows were not counted. */
  #placed(field: Field): Field {
    const { from, bytes, lines } = this.#skipped;
    if (field.offset < from) return field;
    const { row, ...rest } = field;
    return { ...rest, offset: field.offset + bytes, line: field.line + lines };
  }
}
