import { limits } from '../limits.ts';
import type { Reader } from '../read/reader.ts';
import { TextReading } from '../read/text.ts';
import type { HintSearch, HintSpan } from '../detect/hint-search.ts';
import type { LineMarks } from '../detect/line-marks.ts';
import type { FieldScan } from '../detect/field-scan.ts';
import { type EmbeddedParts, withEmbedded } from './embedded.ts';
import { HintWindow } from './hint-window.ts';
import type { Labels } from '../detect/labels.ts';
import { lineRunAt, wholeLines } from './line-runs.ts';
import { countNewlines } from './newlines.ts';
import { wideRunAround } from './wide-text.ts';

const LF = 10;

/** What is to be read around one hint or several near ones. Offsets in the entry. */
type Region =
  | { readonly kind: 'lines'; readonly start: number; end: number }
  | { readonly kind: 'wide'; readonly hint: HintSpan; readonly end: number };

/** How an entry is read on from some place. */
export interface Rest {
  write(bytes: Buffer): void;
  end(): void;
}

/** Who reads an entry from its first hint on, and from which of the bytes before it. */
interface Successor {
  readonly rest: Rest;
  readonly at: number;
}

/**
 * Asked once, at the first hint.
 *
 * @param before - The bytes before it, as many as a window surely has.
 * @param offset - Of these bytes in the entry.
 * @param lineAt - Tells the line of an index in them.
 */
export type Succeed = (before: Buffer, offset: number, lineAt: (index: number) => number) => Successor | undefined;

export interface HintedTextParts {
  readonly automaton: HintSearch;
  readonly labels: Labels;
  readonly readers: readonly Reader[];
  readonly fields: FieldScan;
  readonly marks?: LineMarks | undefined;
  readonly countsLines: boolean;
  /** No hint begins before this offset: the head was searched already. */
  readonly searched: number;
  readonly succeed?: Succeed;
}

/** Bytes before a hint that a window has in any case. */
const BEFORE_BYTES = 3 * limits.lineBytes;

/**
 * Reads an entry as text around its hints: whole lines within `limits.hintReach` of one. Which lines these are depends on
 * the entry alone, not on how its bytes arrive.
 */
export class HintedText {
  readonly #window: HintWindow;
  readonly #reading: TextReading;
  readonly #parts: EmbeddedParts;
  readonly #fields: FieldScan;
  readonly #countsLines: boolean;
  readonly #marks: LineMarks | undefined;
  /** In order. The first may wait for bytes, and the later ones for it. */
  readonly #regions: Region[] = [];
  /** Every byte before this one is read or passed over. Offset in the entry. */
  #done = 0;
  /** The same for runs of UTF-16. */
  #wideDone = 0;
  /** Line number of the byte at `#counted`. */
  #line = 1;
  #counted = 0;
  /** Where the window's first line begins, as offset in the entry. */
  #lineStart = 0;
  /** Until it was asked. */
  #succeed: Succeed | undefined;
  #successor: Rest | undefined;

  /** `whole`: all bytes of the entry; then only `end` is called. */
  constructor(parts: HintedTextParts, whole?: Buffer) {
    const { automaton, labels, readers, fields, marks, countsLines, searched, succeed } = parts;
    this.#marks = marks;
    this.#window = new HintWindow(automaton, searched, whole);
    this.#reading = new TextReading(labels);
    this.#parts = { automaton, labels, readers };
    this.#fields = fields;
    this.#countsLines = countsLines;
    this.#succeed = succeed;
  }

  write(bytes: Buffer): void {
    if (this.#successor !== undefined) {
      this.#successor.write(bytes);
      return;
    }
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(this.#window.fill(rest));
      if (!this.#window.isFull) continue;
      const successor = this.#scan(false);
      if (successor !== undefined) {
        successor.write(rest);
        return;
      }
      this.#window.shift((dropped) => {
        this.#pass(dropped);
      });
    }
  }

  end(): void {
    const successor = this.#successor ?? this.#scan(true);
    if (successor !== undefined) {
      successor.end();
      return;
    }
    this.#fields.read(this.#reading.end());
    this.#window.release();
  }

  /** Who reads the entry from the first hint on, if somebody does. */
  #succeededAt(hint: HintSpan, bytes: Buffer): Rest | undefined {
    const first = Math.max(0, hint.start - BEFORE_BYTES);
    const offset = this.#window.offset + first;
    const lineAt = (index: number): number => this.#countLines(offset + index);
    const successor = this.#succeed?.(bytes.subarray(first, hint.start), offset, lineAt);
    this.#succeed = undefined;
    if (successor === undefined) return undefined;
    successor.rest.write(bytes.subarray(first + successor.at));
    this.#window.release();
    return (this.#successor = successor.rest);
  }

  #pass(dropped: Buffer): void {
    const newline = dropped.lastIndexOf(LF);
    if (newline >= 0) this.#lineStart = this.#window.offset + newline + 1;
    this.#countLines(this.#window.offset + dropped.length);
  }

  /** Brings the line number to this offset, which is in the window. */
  #countLines(offset: number): number {
    if (this.#countsLines && offset > this.#counted) {
      const base = this.#window.offset;
      this.#line += countNewlines(this.#window.bytes, this.#counted - base, offset - base);
      this.#counted = offset;
    }
    return this.#line;
  }

  /** Returns who reads on instead, from the end of the window. */
  #scan(isLast: boolean): Rest | undefined {
    const bytes = this.#window.bytes;
    for (const hint of this.#window.hints(isLast)) {
      const successor = this.#succeed === undefined ? undefined : this.#succeededAt(hint, bytes);
      if (successor !== undefined) return successor;
      this.#mark(hint, bytes);
    }
    for (let region = this.#regions[0]; region !== undefined; region = this.#regions[0]) {
      const isRead = region.kind === 'lines' ? this.#readLines(region, isLast) : this.#readWide(region, isLast);
      if (!isRead) return undefined;
      this.#regions.shift();
    }
    return undefined;
  }

  #mark(hint: HintSpan, bytes: Buffer): void {
    const start = this.#window.offset + hint.start;
    const end = this.#window.offset + hint.end + limits.hintReach;
    if (bytes.subarray(hint.start, hint.end).includes(0)) {
      // Of LE and BE the first letter's NUL is on either side; the letter is where the run is counted from.
      const letter = bytes[hint.start] === 0 ? start + 1 : start;
      this.#regions.push({ kind: 'wide', hint: { start: letter, end: letter }, end });
      return;
    }
    const last = this.#regions.at(-1);
    if (last?.kind === 'lines' && start - limits.hintReach <= last.end) last.end = end;
    else this.#regions.push({ kind: 'lines', start: Math.max(0, start - limits.hintReach), end });
  }

  /** False when the window ends before the region. */
  #readLines(region: { readonly start: number; readonly end: number }, isLast: boolean): boolean {
    const base = this.#window.offset;
    const bytes = this.#window.bytes;
    // A table in the text is read to its end, however far its rows are from a hint.
    for (
      let at = Math.max(region.start, this.#done);
      at < region.end || (at === this.#done && this.#reading.goesOn);
      at = this.#done
    ) {
      if (at >= base + bytes.length) return isLast;
      const run = lineRunAt(bytes, at - base, { before: base - this.#lineStart }, isLast);
      if (run === undefined) return false;
      const first = Math.max(run.start + base, this.#done);
      if (
        this.#countsLines &&
        first === run.start + base &&
        run.readStart === run.lineStart &&
        run.readEnd === run.end
      ) {
        const end = wholeLines(bytes, run.end, region.end - base);
        const line = this.#countLines(first);
        this.#marks?.lines(bytes.subarray(run.start, end), first);
        const fields = this.#reading.read(bytes.subarray(run.start, end), { offset: first, line, column: 1 });
        this.#fields.read(withEmbedded(fields, this.#parts));
        this.#done = end + base;
        continue;
      }
      const end = run.end + base;
      // Of a line that is too long for a mark.
      this.#marks?.skipTo(end);
      const line = this.#countLines(first);
      this.#fields.read(
        withEmbedded(
          this.#reading.read(bytes.subarray(run.readStart, run.readEnd), {
            offset: run.readStart + base,
            line,
            // In a line that is too long to be read whole, characters are not counted: bytes serve.
            column: run.readStart - run.lineStart + 1,
          }),
          this.#parts,
        ),
        (offset) => offset >= first && offset < end,
      );
      this.#done = end;
    }
    return true;
  }

  #readWide(region: { readonly hint: HintSpan; readonly end: number }, isLast: boolean): boolean {
    const base = this.#window.offset;
    const bytes = this.#window.bytes;
    if (!isLast && region.end > base + bytes.length) return false;
    const from = region.hint.start - base;
    if (region.hint.start < this.#wideDone) return true;
    const run = wideRunAround(bytes, { start: from }, Math.max(0, this.#wideDone - base));
    this.#wideDone = run.end + base;
    const text = Buffer.from(run.text);
    const start = run.start + base;
    this.#fields.read(
      this.#reading.read(text, { offset: start, line: this.#countLines(Math.max(start, this.#counted)) }),
      undefined,
      (offset) => start + 2 * text.toString('utf8', 0, offset - start).length,
    );
    return true;
  }
}
