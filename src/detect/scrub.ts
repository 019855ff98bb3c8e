import { normalized } from './value-hashes.ts';
import type { ValueHashes } from './value-hashes.ts';

/** Stands where a text repeats a value of which only the hash is left. */
export const SCRUBBED = '[masked]';

const PIECE = /\p{L}+|\p{N}+/gu;
/** Letter and digit pieces of the longest value that is looked for: a street address, a UUID. */
const MAX_PIECES = 16;
/** A shorter value is a word of any language. */
const MIN_LENGTH = 4;

/** The text without any value that was seen, however its letters and digits are separated there. */
export function scrub(text: string, seen: ValueHashes): string {
  if (seen.size === 0) return text;
  const pieces = [...text.matchAll(PIECE)];
  let scrubbed = '';
  let copied = 0;
  for (let first = 0; first < pieces.length;) {
    const last = lastPieceOfValue(pieces, first, seen);
    if (last === undefined) {
      first++;
      continue;
    }
    scrubbed += text.slice(copied, pieces[first]?.index) + SCRUBBED;
    copied = (pieces[last]?.index ?? 0) + (pieces[last]?.[0].length ?? 0);
    first = last + 1;
  }
  return scrubbed + text.slice(copied);
}

function lastPieceOfValue(pieces: readonly RegExpMatchArray[], first: number, seen: ValueHashes): number | undefined {
  let joined = '';
  let longest: number | undefined;
  for (let last = first; last < Math.min(pieces.length, first + MAX_PIECES); last++) {
    joined += normalized(pieces[last]?.[0] ?? '');
    if (joined.length >= MIN_LENGTH && seen.has(joined)) longest = last;
  }
  return longest;
}
