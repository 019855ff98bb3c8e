import { limits } from '../limits.ts';

/** `phiscan:ignore REASON` on a line of a text file: the values on that line are accepted. */
export interface LineMark {
  /** As written, bounded, not masked; empty where it says none: such a mark accepts nothing. */
  readonly reason: string;
}

interface MarkedLine extends LineMark {
  /** Offsets in the entry, as its reader counts; `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

const MARK = Buffer.from('phiscan:ignore');
const LF = 10;
/** Longest part of a line behind the mark that is looked at, in bytes: what is cut off is behind what is shown. */
const REASON_BYTES = 4 * limits.answerCharacters;
const NO_BYTES = Buffer.alloc(0);

/**
 * The marks of one entry, as its bytes pass. A line longer than `limits.lineBytes` has none: in minified text it would stand
 * for everything. Nothing is looked at but where the bytes of the mark are and where the last line begins.
 */
export class LineMarks {
  readonly #lines: MarkedLine[] = [];
  /** Every line that ends before this offset is known. */
  #complete = 0;
  /** Of the next byte. */
  #offset = 0;
  /** The line that has not ended, unless it is too long. */
  #open: Buffer[] = [];
  #openBytes = 0;

  /** The next bytes, in order. They are valid during the call only. */
  write(bytes: Buffer): void {
    const first = bytes.indexOf(LF);
    if (first < 0) {
      this.#hold(bytes);
      this.#offset += bytes.length;
      return;
    }
    const start = this.#openBytes === 0 ? 0 : first + 1;
    if (start > 0) {
      this.#hold(bytes.subarray(0, first));
      this.#closeOpen();
    }
    const last = bytes.lastIndexOf(LF) + 1;
    this.#find(bytes.subarray(start, last), this.#offset + start);
    this.#complete = this.#offset + last;
    this.#offset += last;
    this.#hold(bytes.subarray(last));
    this.#offset += bytes.length - last;
  }

  /** Whole lines from this offset on, of an entry that is read in parts. */
  lines(bytes: Buffer, offset: number): void {
    this.#find(bytes, offset);
    this.#complete = offset + bytes.length;
  }

  /** The entry goes on at this offset, where a line begins; or a line that is too long has been read so far. */
  skipTo(offset: number): void {
    this.#closeOpen();
    this.#offset = this.#complete = offset;
  }

  end(): void {
    this.#closeOpen();
    this.#complete = Infinity;
  }

  /** False while the line of this offset may still have a mark. */
  isKnown(offset: number): boolean {
    return offset < this.#complete;
  }

  /** Of the line that the offset is in. */
  markAt(offset: number): LineMark | undefined {
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const line = this.#lines[low];
    return line !== undefined && line.start <= offset ? line : undefined;
  }

  #hold(bytes: Buffer): void {
    this.#openBytes += bytes.length;
    if (this.#openBytes <= limits.lineBytes) {
      if (bytes.length > 0) this.#open.push(Buffer.from(bytes));
      return;
    }
    this.#open = [];
    this.#complete = this.#offset + bytes.length;
  }

  #closeOpen(): void {
    const bytes = this.#openBytes;
    if (bytes > 0 && bytes <= limits.lineBytes) {
      const line = this.#open.length === 1 ? (this.#open[0] ?? NO_BYTES) : Buffer.concat(this.#open);
      // Complete is where the open line begins.
      this.#find(line, this.#complete);
    }
    this.#open = [];
    this.#openBytes = 0;
  }

  /** Of whole lines. */
  #find(bytes: Buffer, offset: number): void {
    for (let at = bytes.indexOf(MARK); at >= 0;) {
      const start = bytes.lastIndexOf(LF, at) + 1;
      const newline = bytes.indexOf(LF, at);
      const end = newline < 0 ? bytes.length : newline + 1;
      const reason = end - start > limits.lineBytes + 1 ? undefined : reasonAt(bytes, at, end);
      if (reason !== undefined && this.#lines.length < limits.lineMarks) {
        this.#lines.push({ start: offset + start, end: offset + end, reason });
      }
      at = bytes.indexOf(MARK, reason === undefined ? at + MARK.length : end);
    }
  }
}

/** Before the mark, these would make it another word. */
const WORD = /[\w-]/;
/** What may follow the mark: the reason, or what ends a comment or a text. */
const FOLLOWS = /^(?:$|:?\s|\*\/|--!?>|%>|#\}|\}\}|["'`])/;
/** Ends the reason: of a comment, of a text in quotes, and of a cell, behind which the row goes on with its values. */
const ENDS = /\*\/|--!?>|%>|#\}|\}\}|["`\t|]|'(?=\s*(?:[,;)\]}]|$))|[,;](?=\S)/;

/** What stands behind the mark; undefined where it is a part of another word. */
function reasonAt(bytes: Buffer, at: number, end: number): string | undefined {
  const before = at === 0 ? '' : String.fromCharCode(bytes[at - 1] ?? 0);
  const behind = at + MARK.length;
  const text = bytes.toString('utf8', behind, Math.min(end, behind + REASON_BYTES));
  if (WORD.test(before) || !FOLLOWS.test(text)) return undefined;
  const [told = ''] = text.replace(/^:/, '').split(ENDS, 1);
  const reason = told.replace(/\s+/g, ' ').trim();
  return /\p{L}{2}/u.test(reason) ? reason : '';
}
