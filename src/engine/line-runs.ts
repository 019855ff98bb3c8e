import { limits } from '../limits.ts';

const LF = 10;
/** So that a run with what is read around it is no longer than one line for the text reader. */
const RUN_BYTES = limits.lineBytes - 2 * limits.hintBytes;

/** A line, or a run of a long one: what is read as text at once. In bytes of the window. */
export interface LineRun {
  /** The bytes that this run owns. */
  readonly start: number;
  readonly end: number;
  /** The bytes to be read: those it owns and, of a long line, some before and after. */
  readonly readStart: number;
  readonly readEnd: number;
  /** Where the line begins; before the window where it is negative. */
  readonly lineStart: number;
}

/** Where the window begins, as far as lines are concerned. */
export interface LineStart {
  /** How far before the window its first line begins, in bytes. */
  readonly before: number;
}

/**
 * The line that holds byte `at` of a window; of a line longer than `RUN_BYTES` the run that holds it. Runs begin
 * at multiples of that size from the line's start, whatever the window. Undefined when it ends after the window.
 */
export function lineRunAt(window: Buffer, at: number, { before }: LineStart, isLast: boolean): LineRun | undefined {
  const newline = at === 0 ? -1 : window.lastIndexOf(LF, at - 1);
  const lineStart = newline >= 0 ? newline + 1 : -before;
  const start = lineStart + Math.floor((at - lineStart) / RUN_BYTES) * RUN_BYTES;
  const limit = start + RUN_BYTES;
  const found = window.subarray(at, limit).indexOf(LF);
  const isWholeLine = found >= 0;
  const end = isWholeLine ? at + found + 1 : Math.min(limit, window.length);
  const readEnd = isWholeLine ? end : end + limits.hintBytes;
  if (!isLast && readEnd > window.length) return undefined;
  const readStart = start === lineStart ? start : characterStart(window, Math.max(0, start - limits.hintBytes));
  return {
    start: Math.max(0, start),
    end,
    readStart: Math.max(0, readStart),
    readEnd: Math.min(readEnd, window.length),
    lineStart,
  };
}

/** The end of the whole lines from `from` on, the first of which begin before `to`: those that are no longer than a run. */
export function wholeLines(window: Buffer, from: number, to: number): number {
  let end = from;
  while (end < to) {
    const newline = window.indexOf(LF, end);
    if (newline < 0 || newline - end >= RUN_BYTES) break;
    end = newline + 1;
  }
  return end;
}

/** The next byte that is no continuation byte of UTF-8. */
function characterStart(window: Buffer, at: number): number {
  let start = at;
  while (start < at + 3 && ((window[start] ?? 0) & 0xc0) === 0x80) start++;
  return start;
}
