import type { Field } from '../detect/field.ts';
import { limits } from '../limits.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import { plainText } from './plain-text.ts';
import type { EntryHead, OnUnread, Reader } from './reader.ts';
import type { RecordNumbers } from './record-numbers.ts';

/** What the reading of a file inside a value needs. */
export interface Attaching {
  readonly vocabulary: Vocabulary;
  readonly numbers: RecordNumbers;
  /** All readers; the one that recognizes the file gets it. */
  readonly readers: () => readonly Reader[];
  readonly onUnread?: OnUnread | undefined;
}

/** A file in base64 inside of a document, put together from the runs of its string. Longer ones are read up to the bound. */
export class Attached {
  readonly #parts: string[] = [];
  #chars = 0;
  #isCut = false;
  /** Where it begins. */
  readonly #place: Field;

  constructor(place: Field) {
    this.#place = place;
  }

  add(base64: string): void {
    const missing = limits.attachedBytes - this.#chars;
    this.#isCut ||= base64.length > missing;
    if (missing <= 0) return;
    this.#parts.push(base64.slice(0, missing));
    this.#chars += Math.min(missing, base64.length);
  }

  /** The beginning of a picture, as the data URI that it would be (RFC 2397). */
  asPicture(contentType: string): Field {
    const type = /^image\/[a-z+.-]{2,20}$/.test(contentType) ? contentType : 'image/jpeg';
    const beginning = this.#parts.join('').slice(0, PICTURE_CHARS);
    return { ...this.#place, value: `data:${type};base64,${beginning}`, span: 'fixed' };
  }

  /** Its fields, all of them at the place of the value; persons in it are records of their own. */
  *fields({ vocabulary, numbers, readers, onUnread }: Attaching): Iterable<Field> {
    if (this.#isCut) onUnread?.('byte-limit', `a file in base64 of more than ${limits.attachedBytes} characters`);
    const bytes = Buffer.from(this.#parts.join(''), 'base64');
    if (bytes.length < FEWEST_BYTES) return;
    const head: EntryHead = {
      path: '',
      bytes: bytes.subarray(0, limits.headBytes),
      whole: bytes.length <= limits.headBytes,
    };
    const known = readers().find((reader) => reader.recognizes(head));
    if (known === undefined && head.bytes.subarray(0, SAMPLE_BYTES).includes(0)) return;
    const reading = (known ?? plainText).open(head, vocabulary, onUnread);
    const { offset, line, column, pointer } = this.#place;
    const records = new Map<number, number>();
    for (const fields of [reading.write(bytes), reading.end()]) {
      for (const field of fields) {
        let record = records.get(field.record);
        if (record === undefined) records.set(field.record, (record = numbers.next()));
        const { pointer: _inner, ...rest } = field;
        const place = { offset, line, column, record, span: 'fixed' } as const;
        yield { ...rest, ...place, ...(pointer === undefined ? {} : { pointer }) };
      }
    }
  }
}

/** Shorter ones hold nobody. */
const FEWEST_BYTES = 8;
const SAMPLE_BYTES = 4096;
const PICTURE_CHARS = 128;
