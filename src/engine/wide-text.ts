import { limits } from '../limits.ts';

/** Bytes of UTF-16 inside other bytes, in a window. */
export interface WideRun {
  readonly start: number;
  readonly end: number;
  /** Latin-1 characters only: in other scripts a run in the middle of a binary cannot be told from chance. */
  readonly text: string;
}

/**
 * The run of letter and NUL pairs around a hint, at most `limits.hintReach` to each side and not before `from`. Both byte
 * orders look the same from the first letter to the last.
 */
export function wideRunAround(window: Buffer, hint: { readonly start: number }, from: number): WideRun {
  const lowest = Math.max(from, hint.start - limits.hintReach);
  const highest = Math.min(window.length, hint.start + limits.hintReach);
  let start = hint.start;
  while (start - 2 >= lowest && isCharacter(window[start - 2]) && window[start - 1] === 0) start -= 2;
  let end = hint.start;
  while (end < highest && isCharacter(window[end]) && (end + 1 >= window.length || window[end + 1] === 0)) end += 2;
  // Big endian: the last character's NUL stands before it.
  if (window[start - 1] === 0 && end < highest && isCharacter(window[end])) end += 1;
  let text = '';
  for (let at = start; at < end; at += 2) text += String.fromCharCode(window[at] ?? 0);
  return { start, end, text };
}

/** Printable Latin-1, tab and line ends. */
function isCharacter(byte: number | undefined): boolean {
  return (
    byte !== undefined && ((byte >= 0x20 && byte < 0x7f) || byte >= 0xa0 || byte === 9 || byte === 10 || byte === 13)
  );
}
