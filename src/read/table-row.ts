import { limits } from '../limits.ts';

/** Longest row that is read as one, in bytes; a longer one is text. */
export const ROW_BYTES: number = 4 * limits.lineBytes;

/** What `RowScanner.scan` says when there is no row. `more`: it ends behind the text; `long`: it is no row. */
export type NoRow = 'more' | 'long';

/**
 * Cuts one row after the other out of delimited text (RFC 4180, and what programs make of it), into indexes of cells.
 *
 * csv-parse can be driven synchronously and in pieces, but it reads 14 to 25 MB/s here, and 2 MB/s when it is asked
 * where each cell begins; so this is our own, on indexOf.
 */
export class RowScanner {
  /** Of the row scanned last: two indexes for each cell, without quotes and outer blanks. */
  readonly cells: number[] = [];
  /** Cells of that row in which doubled quotes stand for one. */
  readonly doubled: Set<number> = new Set<number>();
  /** Where the next row begins. */
  end = 0;
  readonly #delimiter: string;
  #text = '';
  #final = false;
  /** The next of each at or behind the place scanned. */
  #newline = -1;
  #quote = -1;
  #separator = -1;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** Text with one character for each byte; `final` when nothing follows it. */
  load(text: string, final: boolean): void {
    this.#text = text;
    this.#final = final;
    this.#newline = this.#quote = this.#separator = -1;
  }

  /** Scans the row that begins at `from`. `literal`: quotes are characters like others. */
  scan(from: number, literal: boolean): NoRow | undefined {
    const text = this.#text;
    this.cells.length = 0;
    if (this.doubled.size > 0) this.doubled.clear();
    this.#newline = this.#newline < from ? ahead(text, '\n', from) : this.#newline;
    this.#quote = this.#quote < from ? ahead(text, '"', from) : this.#quote;
    if (this.#newline === NEVER && !this.#final) return text.length - from > ROW_BYTES ? 'long' : 'more';
    if (Math.min(this.#newline, text.length) - from > ROW_BYTES) return 'long';
    if (literal || this.#quote > this.#newline) {
      this.#plain(from, Math.min(this.#newline, text.length));
      return undefined;
    }
    return this.#quoted(from);
  }

  /** A row without quotes that ends at `end`. */
  #plain(from: number, end: number): void {
    let start = from;
    for (;;) {
      if (this.#separator < start) this.#separator = ahead(this.#text, this.#delimiter, start);
      if (this.#separator >= end) break;
      this.#cell(start, this.#separator);
      start = this.#separator + 1;
    }
    this.#cell(start, end);
    this.end = end + 1;
  }

  #quoted(from: number): NoRow | undefined {
    const text = this.#text;
    let start = from;
    for (;;) {
      const opened = this.#skipBlanks(start, text.length);
      let next: number;
      if (text[opened] === '"') {
        const close = this.#closing(opened + 1, from + ROW_BYTES, this.cells.length);
        if (close < 0) return text.length - from > ROW_BYTES || this.#final ? 'long' : 'more';
        this.cells.push(opened + 1, close);
        next = this.#skipBlanks(close + 1, text.length);
        if (text[next] === '\r') next++;
      } else {
        if (this.#newline < start) this.#newline = ahead(text, '\n', start);
        if (this.#newline === NEVER && !this.#final) return text.length - from > ROW_BYTES ? 'long' : 'more';
        if (this.#separator < start) this.#separator = ahead(text, this.#delimiter, start);
        next = Math.min(this.#newline, this.#separator, text.length);
        this.#cell(start, next);
      }
      if (text[next] !== this.#delimiter) {
        this.end = next + 1;
        return next - from > ROW_BYTES ? 'long' : undefined;
      }
      start = next + 1;
    }
  }

  /** The quote before a delimiter or the row's end; others inside are characters, as in `"5" long"`. Or less than 0. */
  #closing(from: number, reach: number, cell: number): number {
    const text = this.#text;
    for (let quote = text.indexOf('"', from); quote >= 0 && quote <= reach; quote = text.indexOf('"', quote + 1)) {
      if (text[quote + 1] === '"') {
        this.doubled.add(cell);
        quote++;
        continue;
      }
      const after = this.#skipBlanks(quote + 1, text.length);
      if (after >= text.length) return this.#final ? quote : -1;
      if (text[after] === '\r' && after + 1 === text.length && !this.#final) return -1;
      if (text[after] === '\n' || text[after] === '\r' || text[after] === this.#delimiter) return quote;
    }
    return -1;
  }

  #cell(from: number, to: number): void {
    const start = this.#skipBlanks(from, to);
    let end = to;
    while (end > start && isBlank(this.#text.charCodeAt(end - 1))) end--;
    this.cells.push(start, end);
  }

  #skipBlanks(from: number, to: number): number {
    let index = from;
    while (index < to && this.#text.charCodeAt(index) === 0x20) index++;
    return index;
  }
}

const NEVER = Number.POSITIVE_INFINITY;

function ahead(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? NEVER : found;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0d;
}
