/** A set of byte values. Equal sets are one object, so that they compare by identity. */
export interface ByteClass {
  /** Rising. */
  readonly bytes: readonly number[];
  /** The bits of the low and of the high halves of its bytes. */
  readonly lows: number;
  readonly highs: number;
}

const known = new Map<string, ByteClass>();

/** The class of the given byte values. */
export function byteClass(values: readonly number[]): ByteClass {
  const bytes = [...new Set(values)].sort((a, b) => a - b);
  const key = bytes.join();
  const same = known.get(key);
  if (same !== undefined) return same;
  const lows = bytes.reduce((flags, byte) => flags | (1 << (byte & 15)), 0);
  const highs = bytes.reduce((flags, byte) => flags | (1 << (byte >> 4)), 0);
  const made = { bytes, lows, highs };
  known.set(key, made);
  return made;
}

/** From the first to the last value, both included. */
export function byteRange(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

export const ANY_BYTE: ByteClass = byteClass(byteRange(0, 255));
