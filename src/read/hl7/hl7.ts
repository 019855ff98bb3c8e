import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import type { EntryHead, Reader } from '../reader.ts';
import { RecordNumbers } from '../record-numbers.ts';
import { SegmentReading, type Segments } from '../segment-reading.ts';
import type { SegmentText } from '../segment-text.ts';
import { delimitersAt } from './delimiters.ts';
import { Hl7Messages } from './message.ts';

/**
 * HL7 v2 messages (2.1 to 2.9) in the encoding of delimiters: alone, several in a file, in batches, in the frames of the
 * minimal lower layer protocol; segments end in CR, LF or both. In other text they are read by read/embedded-segments.ts.
 */
export const hl7: Reader = {
  id: 'hl7',
  markers: [
    'PID\\|[0-9]{0,6}\\|',
    '(?:NK1|GT1|IN1)\\|[0-9]{1,4}\\|',
    'MRG\\|[^|\\r\\n]{1,64}[\\^|]',
    // HL7 v2 in XML, which the reader of XML takes.
    '<PID\\.[0-9]{1,2}[ >]',
    '@PID\\.[0-9]{1,2}[.^]',
    // `MSH|^~\\&|` in base64.
    'TVNIfF5\\+XCZ8',
    // Messages with delimiters of their own.
    '[\\r\\n]PID[!#$%*+;?@^~][0-9]{0,6}[!#$%*+;?@^~]',
  ],
  recognizes: (head) => delimitersAt(head.bytes.toString('latin1', 0, LEADING_BYTES), startOf(head)) !== undefined,
  open: (head, vocabulary) => {
    const numbers = new RecordNumbers();
    return new SegmentReading(new Hl7Segments(numbers, vocabulary), startOf(head), vocabulary, numbers);
  },
};

/** What may stand before the first message: a byte order mark, white space, the frame's start. */
const LEADING = /^(?:\xef\xbb\xbf)?[\s\x00\x0b]*/;
const LEADING_BYTES = 256;

function startOf({ bytes }: EntryHead): number {
  return LEADING.exec(bytes.toString('latin1', 0, LEADING_BYTES))?.[0].length ?? 0;
}

/** CR by the standard, LF by habit, FS where a frame ends. */
const ENDINGS: readonly string[] = ['\r', '\n', '\x1c'];

class Hl7Segments implements Segments {
  readonly #messages: Hl7Messages;

  constructor(numbers: RecordNumbers, vocabulary: Vocabulary) {
    this.#messages = new Hl7Messages(numbers, vocabulary);
  }

  endings(): readonly string[] {
    return ENDINGS;
  }

  read(source: SegmentText, start: number, end: number, fields: Field[]): boolean {
    if (!this.#messages.beginsAt(source.text, start)) return false;
    this.#messages.read(source, start, end, fields);
    return true;
  }
}
