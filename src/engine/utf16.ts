import { TextDecoder } from 'node:util';

/** Byte order of UTF-16 text. */
export type Utf16 = 'utf-16le' | 'utf-16be';

/** Bytes that must look like UTF-16 before a text without a byte order mark is taken for it. */
const SAMPLE_BYTES = 1024;
/** Decoded bytes that are kept to find a place again: more than any reader looks back, with the rows that are held. */
const KEPT_BYTES = 2 * 1024 * 1024;

/** The byte order, when the entry begins with its mark, or when one byte of each pair is NUL and the other is not. */
export function utf16Of(head: Buffer): Utf16 | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const length = Math.min(head.length, SAMPLE_BYTES) & ~1;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < length; at += 2) {
    if (head[at] === 0) even++;
    if (head[at + 1] === 0) odd++;
  }
  const most = 0.4 * length;
  if (length < 8) return undefined;
  if (odd >= most && even === 0) return 'utf-16le';
  if (even >= most && odd === 0) return 'utf-16be';
  return undefined;
}

/** UTF-16 as UTF-8, with a way back to the stored bytes. */
export class Utf16Text {
  readonly #decoder: TextDecoder;
  /** Decoded pieces, with where each begins in UTF-8 and in the stored bytes. */
  readonly #pieces: { readonly start: number; readonly stored: number; readonly bytes: Buffer }[] = [];
  #length = 0;
  #stored = 0;

  constructor(encoding: Utf16) {
    // The mark is kept, so that every character of the text is two stored bytes or four.
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
  }

  decode(bytes: Buffer | undefined): Buffer {
    const text = bytes === undefined ? this.#decoder.decode() : this.#decoder.decode(bytes, { stream: true });
    const decoded = Buffer.from(text);
    if (decoded.length === 0) return decoded;
    this.#pieces.push({ start: this.#length, stored: this.#stored, bytes: decoded });
    this.#length += decoded.length;
    this.#stored += 2 * text.length;
    while (this.#length - (this.#pieces[1]?.start ?? this.#length) > KEPT_BYTES) this.#pieces.shift();
    return decoded;
  }

  /** Offset in the stored bytes of a byte of the UTF-8. */
  storedOffset(offset: number): number {
    const piece = this.#pieces.findLast(({ start }) => start <= offset) ?? this.#pieces[0];
    if (piece === undefined) return 0;
    return piece.stored + 2 * piece.bytes.toString('utf8', 0, Math.max(0, offset - piece.start)).length;
  }
}
