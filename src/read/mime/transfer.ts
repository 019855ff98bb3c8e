import { limits } from '../../limits.ts';

/** Where a line of an encoded body stands in the mail, and what it decodes to. */
interface EncodedLine {
  /** Of the first byte that the line decodes to, in the decoded body. */
  readonly decoded: number;
  /** Of the line's first byte, in the mail. */
  readonly offset: number;
  readonly line: number;
}

const NEWLINE = 10;
const EQUALS = 0x3d;
const NO_BYTES = Buffer.alloc(0);
const NOT_BASE64 = /[^A-Za-z0-9+/]/g;
/** In a body that says it is base64: what cannot be, such as a part behind its end. */
const PLAIN_LINE = /[^A-Za-z0-9+/=\s]/;

/** Undoes a transfer encoding (RFC 2045 section 6.7 and 6.8) line by line, and remembers where each line stood. */
export class TransferDecoder {
  readonly #isBase64: boolean;
  readonly #lines: EncodedLine[] = [];
  /** Characters that do not fill a group of four yet. */
  #rest = '';
  #length = 0;
  /** What follows the end of base64 is read as it stands. */
  #isOver = false;

  constructor(encoding: 'base64' | 'quoted-printable') {
    this.#isBase64 = encoding === 'base64';
  }

  /** Whole lines that begin at `offset`. */
  decode(bytes: Buffer, offset: number, firstLine: number): Buffer {
    const decoded: Buffer[] = [];
    let line = firstLine;
    for (let start = 0; start < bytes.length; line++) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline + 1;
      if (this.#lines.length < limits.mimeLines) {
        this.#lines.push({ decoded: this.#length, offset: offset + start, line });
      }
      const part = bytes.subarray(start, end);
      const meant = this.#isBase64 ? this.#base64(part) : quotedPrintable(part);
      this.#length += meant.length;
      decoded.push(meant);
      start = end;
    }
    return Buffer.concat(decoded);
  }

  #base64(line: Buffer): Buffer {
    this.#isOver ||= PLAIN_LINE.test(line.toString('latin1'));
    if (this.#isOver) return quotedPrintable(line);
    const characters = this.#rest + line.toString('latin1').replace(NOT_BASE64, '');
    const whole = line.includes(EQUALS) ? characters.length : characters.length - (characters.length % 4);
    this.#rest = characters.slice(whole);
    return whole === 0 ? NO_BYTES : Buffer.from(characters.slice(0, whole), 'base64');
  }

  /** Where a byte of the decoded body stands in the mail: its line, and about where in that. */
  placeOf(decoded: number): { readonly offset: number; readonly line: number; readonly column: number } {
    let low = 0;
    let high = this.#lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lines[middle]?.decoded ?? 0) <= decoded) low = middle;
      else high = middle - 1;
    }
    const at = this.#lines[low] ?? { decoded: 0, offset: 0, line: 1 };
    const next = this.#lines[low + 1];
    const passed = Math.floor((decoded - at.decoded) * (this.#isBase64 ? 4 / 3 : 1));
    // In the last line that is remembered, the place is the line's.
    const within = next === undefined ? 0 : Math.max(0, Math.min(passed, next.offset - at.offset - 1));
    return { offset: at.offset + within, line: at.line, column: within + 1 };
  }
}

/** One line. What is no escape stays as it is. */
function quotedPrintable(line: Buffer): Buffer {
  if (!line.includes(EQUALS)) return line;
  const text = line
    .toString('latin1')
    .replace(/=[ \t]*\r?\n$/, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_escape, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return Buffer.from(text, 'latin1');
}
