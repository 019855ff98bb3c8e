import { ANY_BYTE, type ByteClass } from './byte-class.ts';
import type { TrieNode } from './hint-trie.ts';

/** Bytes that the search looks at first; what it finds there goes through the states. */
const GRAM_BYTES = 4;
/** Bits of the table, and those of the hash that counts them: it should stay in the processor's nearest cache. */
const HASH_BITS = 17;
const TABLE_BYTES: number = 2 ** HASH_BITS / 8;
/** Knuth's multiplicative hash; scripts/wasm/prefilter.ts has the same. */
const MULTIPLIER = 0x9e3779b1;
/** More of them would let every place through. */
const MOST_GRAMS = 2 ** HASH_BITS / 8;

/**
 * One bit for the hash of each run of four bytes that a hint can begin with, capitals as small letters and all digits as one.
 * Undefined when these are so many that the table would be no help.
 */
export function gramTable(root: TrieNode): Uint8Array | undefined {
  const grams = new Set<number>();
  const visit = (node: TrieNode, gram: number, depth: number): void => {
    if (grams.size > MOST_GRAMS) return;
    if (depth === GRAM_BYTES) {
      grams.add(gram >>> 0);
      return;
    }
    const follow = (byteClass: ByteClass, next: TrieNode): void => {
      for (const byte of foldedBytes(byteClass)) visit(next, gram | (byte << (8 * depth)), depth + 1);
    };
    if (node.isEnd) follow(ANY_BYTE, node);
    else for (const [byteClass, next] of node.next) follow(byteClass, next);
  };
  visit(root, 0, 0);
  if (grams.size > MOST_GRAMS) return undefined;
  const table = new Uint8Array(TABLE_BYTES);
  for (const gram of grams) {
    const bit = Math.imul(gram, MULTIPLIER) >>> (32 - HASH_BITS);
    table[bit >> 3] = (table[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return table;
}

const folded = new Map<ByteClass, readonly number[]>();

function foldedBytes(byteClass: ByteClass): readonly number[] {
  let bytes = folded.get(byteClass);
  if (bytes === undefined) folded.set(byteClass, (bytes = [...new Set(byteClass.bytes.map(foldedByte))]));
  return bytes;
}

function foldedByte(byte: number): number {
  if (byte >= 0x41 && byte <= 0x5a) return byte + 0x20;
  return byte >= 0x30 && byte <= 0x39 ? 0x30 : byte;
}
