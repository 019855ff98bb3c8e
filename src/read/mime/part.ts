import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { limits } from '../../limits.ts';
import { decodeCharset, isPlainCharset } from '../named-charset.ts';
import { plainText, PlainTextReading } from '../plain-text.ts';
import type { OnUnread, Reader, Reading } from '../reader.ts';
import type { PartHead } from './headers.ts';
import { TransferDecoder } from './transfer.ts';

/** What the reading of a mail's parts needs. */
export interface PartParts {
  readonly vocabulary: Vocabulary;
  /** All readers; the one that recognizes a part gets it. */
  readonly readers: () => readonly Reader[];
  readonly onUnread: OnUnread | undefined;
}

/** The body of one part: whole lines, in order. */
export interface PartBody {
  readonly write: (bytes: Buffer, offset: number, line: number) => Iterable<Field>;
  readonly end: () => Iterable<Field>;
}

/** HTML of mails is seldom well-formed; its lines tell labels and values as text does. */
const PAGE = 'text/html';
/** Pictures and sounds are not looked into. */
const NO_TEXT = /^(?:image|audio|video|font)\//;
/** Of files that have a format of their own and no text that could be read here: zip and PDF. */
const CLOSED = /^(?:PK\x03\x04|%PDF-|\x1f\x8b|7z\xbc\xaf)/;

/** A part without a transfer encoding: its bytes are the mail's. */
export class PlainBody implements PartBody {
  readonly #vocabulary: Vocabulary;
  #text: PlainTextReading | undefined;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  *write(bytes: Buffer, offset: number, line: number): Iterable<Field> {
    this.#text ??= new PlainTextReading(this.#vocabulary, { offset, line });
    yield* this.#text.write(bytes);
  }

  *end(): Iterable<Field> {
    if (this.#text !== undefined) yield* this.#text.end();
  }
}

/** A part in base64 or quoted-printable: it is read as the file that it is, and told at the lines that it stands in. */
export class EncodedBody implements PartBody {
  readonly #parts: PartParts;
  readonly #head: PartHead;
  readonly #decoder: TransferDecoder;
  /** The beginning, until the reader is chosen. */
  #beginning: Buffer[] = [];
  #length = 0;
  #reading: Reading | undefined;
  #isClosed = false;

  constructor(parts: PartParts, head: PartHead, encoding: 'base64' | 'quoted-printable') {
    this.#parts = parts;
    this.#head = head;
    this.#decoder = new TransferDecoder(encoding);
    this.#isClosed = NO_TEXT.test(head.type);
  }

  *write(bytes: Buffer, offset: number, line: number): Iterable<Field> {
    if (this.#isClosed) return;
    const decoded = this.#decoder.decode(bytes, offset, line);
    if (this.#reading !== undefined) {
      yield* this.#placed(this.#reading.write(decoded));
      return;
    }
    this.#beginning.push(decoded);
    this.#length += decoded.length;
    const most = this.#isTranscoded ? limits.attachedBytes : limits.headBytes;
    if (this.#length > most) yield* this.#open(false);
  }

  *end(): Iterable<Field> {
    if (this.#isClosed) return;
    if (this.#reading === undefined) yield* this.#open(true);
    if (this.#reading !== undefined) yield* this.#placed(this.#reading.end());
  }

  get #isTranscoded(): boolean {
    const { type, charset } = this.#head;
    return type.startsWith('text/') && charset !== '' && !isPlainCharset(charset);
  }

  *#open(whole: boolean): Iterable<Field> {
    const stored = Buffer.concat(this.#beginning);
    this.#beginning = [];
    const text = this.#isTranscoded && whole ? decodeCharset(stored, this.#head.charset) : undefined;
    const bytes = text === undefined ? stored : Buffer.from(text);
    if (CLOSED.test(bytes.toString('latin1', 0, 8))) {
      this.#isClosed = true;
      this.#parts.onUnread?.('unsupported', 'a file inside of a mail is a container');
      return;
    }
    const head = {
      path: this.#head.name,
      bytes: bytes.subarray(0, limits.headBytes),
      whole: whole && bytes.length <= limits.headBytes,
    };
    const isPage = this.#head.type === PAGE;
    const reader = isPage ? plainText : (this.#parts.readers().find((known) => known.recognizes(head)) ?? plainText);
    this.#reading = reader.open(head, this.#parts.vocabulary, this.#parts.onUnread);
    yield* this.#placed(this.#reading.write(bytes));
  }

  *#placed(fields: Iterable<Field>): Iterable<Field> {
    for (const field of fields) yield { ...field, ...this.#decoder.placeOf(field.offset), span: 'fixed' };
  }
}
