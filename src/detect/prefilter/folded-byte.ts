/** Capitals as small letters, digits as one, and the other bytes as few: where any byte may stand, that is not many grams.
 * None is 0, whose hash would be 0. scripts/wasm/prefilter.ts folds in the same way. */
export function foldedByte(byte: number): number {
  if (byte >= 0x40 && byte <= 0x7f) return byte | 0x20;
  if (byte >= 0x30 && byte <= 0x39) return 0x30;
  return byte === 0 ? 3 : (byte & 0xb0) | 1;
}
