/** A set of byte values. Equal sets are one object, so that they compare by identity. */
export interface ByteClass {
  /** Rising. */
  readonly bytes: readonly number[];
}

const known = new Map<string, ByteClass>();

/** The class of the given byte values. */
export function byteClass(values: readonly number[]): ByteClass {
  const bytes = [...new Set(values)].sort((a, b) => a - b);
  const key = bytes.join();
  const same = known.get(key);
  if (same !== undefined) return same;
  const made = { bytes };
  known.set(key, made);
  return made;
}

/** From the first to the last value, both included. */
export function byteRange(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

export const ANY_BYTE: ByteClass = byteClass(byteRange(0, 255));
export const WORD_BYTE: ByteClass = byteClass([
  ...byteRange(0x30, 0x39),
  ...byteRange(0x41, 0x5a),
  0x5f,
  ...byteRange(0x61, 0x7a),
]);
export const NO_WORD_BYTE: ByteClass = byteClass(ANY_BYTE.bytes.filter((byte) => !WORD_BYTE.bytes.includes(byte)));
/** Stands for `\b`, which takes no byte. */
export const BOUNDARY: ByteClass = byteClass([]);

export function isWord(set: ByteClass): boolean {
  return set.bytes.length > 0 && set.bytes.every((byte) => WORD_BYTE.bytes.includes(byte));
}

/** The bit by which a small letter of ASCII differs from its capital. */
const CASE = 0x20;
const bothKnown = new Map<ByteClass, ByteClass>();

/** With the other case of each of its letters. */
export function bothCases(set: ByteClass): ByteClass {
  let both = bothKnown.get(set);
  if (both === undefined) {
    both = byteClass(set.bytes.flatMap((byte) => (isLetter(byte) ? [byte, byte ^ CASE] : [byte])));
    bothKnown.set(set, both);
  }
  return both;
}

function isLetter(byte: number): boolean {
  const small = byte | CASE;
  return small >= 0x61 && small <= 0x7a;
}
