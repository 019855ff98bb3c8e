import type { Field } from '../detect/field.ts';
import { limits } from '../limits.ts';
import { Blocks } from './blocks.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import type { Position, Reader, Reading } from './reader.ts';
import type { RecordNumbers } from './record-numbers.ts';
import { TextReading } from './text.ts';

/** Text as a format of its own: what is left when no reader knows an entry, and what a reader cannot go on with. */
export const plainText: Reader = {
  id: 'text',
  recognizes: () => true,
  open: (_head, vocabulary) => new PlainTextReading(vocabulary, { offset: 0, line: 1 }),
};

/** Cuts bytes from `at` on into lines, and long lines into runs, for a TextReading. */
export class PlainTextReading implements Reading {
  readonly #text: TextReading;
  readonly #blocks: Blocks;
  #line: number;
  /** Of the first byte; later ones the TextReading counts. */
  #column: number;

  constructor(vocabulary: Vocabulary, at: Position, numbers?: RecordNumbers) {
    this.#text = new TextReading(vocabulary, numbers);
    this.#line = at.line;
    this.#column = at.column ?? 1;
    this.#blocks = new Blocks((block, offset, final, fields) => this.#take(block, offset, final, fields), at.offset);
  }

  write(bytes: Buffer): Iterable<Field> {
    return this.#blocks.write(bytes);
  }

  *end(): Iterable<Field> {
    yield* this.#blocks.end();
    yield* this.#text.end();
  }

  /** Whole lines of the block; of a line that is longer, whole runs. */
  #take(block: Buffer, offset: number, final: boolean, fields: Field[]): number {
    let length = final ? block.length : block.lastIndexOf(10) + 1;
    if (length === 0) length = block.length - (block.length % limits.lineBytes);
    const bytes = block.subarray(0, length);
    for (const field of this.#text.read(bytes, { offset, line: this.#line, column: this.#column })) fields.push(field);
    if (length > 0) this.#column = 1;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) this.#line++;
    return length;
  }
}
