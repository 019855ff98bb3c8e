const LF = 0x0a0a0a0a;
const LOW_BITS = 0x7f7f7f7f;
/** Rounds after which the four counts in one word would overflow. */
const MAX_ROUNDS = 255;
const NO_WORDS = new Int32Array(0);

/**
 * How many newlines there are in `bytes[start, end)`. Four bytes at a time: a byte of `word ^ LF` is zero where the
 * newline is, and only a zero byte keeps its top bit clear in `(byte & 0x7f) + 0x7f | byte`.
 */
export function countNewlines(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  let index = start;
  while (index < end && (bytes.byteOffset + index) % 4 !== 0) if (bytes[index++] === 10) count++;
  const whole = Math.max(0, (end - index) >> 2);
  // An empty view may not begin at an odd place either.
  const words = whole === 0 ? NO_WORDS : new Int32Array(bytes.buffer, bytes.byteOffset + index, whole);
  index += words.length * 4;
  for (let word = 0; word < words.length;) {
    const stop = Math.min(words.length, word + MAX_ROUNDS);
    let sums = 0;
    for (; word < stop; word++) {
      const folded = (words[word] ?? 0) ^ LF;
      sums += ~(((folded & LOW_BITS) + LOW_BITS) | folded | LOW_BITS) >>> 7;
    }
    count += (sums & 0xff) + ((sums >>> 8) & 0xff) + ((sums >>> 16) & 0xff) + (sums >>> 24);
  }
  while (index < end) if (bytes[index++] === 10) count++;
  return count;
}
