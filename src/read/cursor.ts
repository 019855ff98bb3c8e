/**
 * Line and column of rising places in an entry that comes in blocks. Bytes are held as latin1 strings, one character
 * for each; columns count characters, so the bytes that continue a UTF-8 sequence are left out.
 */
export class Cursor {
  /** From 1. */
  line: number;
  #text = '';
  #ascii = true;
  /** Of the block in the entry, in bytes. */
  #base = 0;
  /** Of the line's first byte in the entry. */
  #lineStart: number;
  /** Bytes of this line before `#counted` that are no characters of their own. */
  #extra = 0;
  #counted: number;
  /** Index of the next newline in the block. */
  #newline = -1;

  constructor(offset = 0, line = 1) {
    this.#lineStart = offset;
    this.#counted = offset;
    this.line = line;
  }

  /** The block that the places of `seek` are in; it follows, or overlaps, the one before. */
  load(text: string, base: number, ascii: boolean): void {
    this.#text = text;
    this.#base = base;
    this.#ascii = ascii;
    this.#findNewline(this.#counted - base);
  }

  /** Goes to an index of the block, never backwards, and returns its column, from 1. */
  seek(index: number): number {
    while (this.#newline < index) {
      this.line++;
      this.#lineStart = this.#base + this.#newline + 1;
      this.#counted = this.#lineStart;
      this.#extra = 0;
      this.#findNewline(this.#newline + 1);
    }
    const offset = this.#base + index;
    if (!this.#ascii) this.#count(index);
    this.#counted = offset;
    return offset - this.#lineStart - this.#extra + 1;
  }

  #findNewline(from: number): void {
    const found = this.#text.indexOf('\n', from);
    this.#newline = found < 0 ? Number.POSITIVE_INFINITY : found;
  }

  /** A sequence of four bytes is two UTF-16 characters. */
  #count(to: number): void {
    for (let index = this.#counted - this.#base; index < to; index++) {
      const byte = this.#text.charCodeAt(index);
      if ((byte & 0xc0) === 0x80) this.#extra++;
      else if (byte >= 0xf0) this.#extra--;
    }
  }
}
