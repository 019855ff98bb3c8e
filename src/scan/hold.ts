import type { Chunks } from '../unpack/chunks.ts';
import { replay } from '../unpack/peek.ts';

/** At first, where nobody says how long the whole is; for stray bytes that is Infinity. */
const FIRST_BYTES = 64 * 1024;

/** All bytes together; or, when they are too many, all of them as they came. */
export type Held = { readonly fits: true; readonly whole: Buffer } | { readonly fits: false; readonly all: Chunks };

/**
 * Takes the bytes into one buffer of at most `most`. `expected` is how many there should be: memory is taken once for
 * them, and costs nothing until it is written.
 */
export async function hold(chunks: Chunks, expected: number | undefined, most: number): Promise<Held> {
  let held = Buffer.allocUnsafeSlow(Math.min(Number.isFinite(expected) ? (expected ?? 0) : FIRST_BYTES, most));
  let length = 0;
  const iterator = chunks[Symbol.asyncIterator]();
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return { fits: true, whole: held.subarray(0, length) };
    const needed = length + next.value.length;
    if (needed > most) return { fits: false, all: replay([held.subarray(0, length), next.value], iterator) };
    if (needed > held.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(needed, 2 * held.length), most));
      held.copy(grown, 0, 0, length);
      held = grown;
    }
    next.value.copy(held, length);
    length = needed;
  }
}
