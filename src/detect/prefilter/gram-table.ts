import { BEGINNING_BYTES } from './beginnings.ts';
import { ANY_BYTE, type ByteClass } from './byte-class.ts';
import type { TrieNode } from './hint-trie.ts';

/** Bytes that the search looks at first; what it finds there goes through the states. */
const GRAM_BYTES = 4;
/**
 * Where in a beginning a gram may stand. Every second place is looked at, so each beginning has a gram at an even offset and one
 * at an odd offset: of each the one that ordinary bytes show least often.
 */
const EVEN_OFFSETS: readonly number[] = [0, 2, 4];
const ODD_OFFSETS: readonly number[] = [1, 3];

/** The first table should stay in the processor's nearest cache. */
export const GRAM_TABLE_BYTES: number = 16 * 1024;
const START_TABLE_BYTES: number = 32 * 1024;
/** Knuth's multiplicative hash, and another one; scripts/wasm/prefilter.ts has these numbers, too. */
const GRAM_MULTIPLIER = 0x9e3779b1;
const WORD_SHIFT = 21;
const BIT_SHIFTS: readonly number[] = [15, 9];
const START_MULTIPLIER = 0x85ebca6b;
const START_SHIFT = 17;
/** More of them would let every place through. */
const MOST_GRAMS: number = GRAM_TABLE_BYTES;

export interface GramTables {
  /** 64-bit words: the hash of a gram counts one, and two bits of it, which are set. */
  readonly grams: Uint8Array;
  /** For another hash of it: bit n is set where a beginning may stand n bytes before the gram. */
  readonly starts: Uint8Array;
}

/** The grams of all hints, folded; undefined when they are so many that the tables would be no help. */
export function gramTables(root: TrieNode): GramTables | undefined {
  const grams = new Set<number>();
  const tables: GramTables = { grams: new Uint8Array(GRAM_TABLE_BYTES), starts: new Uint8Array(START_TABLE_BYTES) };
  for (const beginning of beginningsIn(root, [])) {
    for (const offsets of [EVEN_OFFSETS, ODD_OFFSETS]) {
      const [best = 0] = offsets.toSorted((a, b) => gramShare(beginning, a) - gramShare(beginning, b));
      const here = beginning.slice(best, best + GRAM_BYTES);
      const count = here.reduce((all, byteClass) => all * foldedBytes(byteClass).length, 1);
      if (grams.size + count > MOST_GRAMS) return undefined;
      for (const gram of gramsOf(here)) {
        grams.add(gram);
        const hash = Math.imul(gram, GRAM_MULTIPLIER);
        for (const shift of BIT_SHIFTS) setBit(tables.grams, (hash >>> WORD_SHIFT) * 64 + ((hash >>> shift) & 63));
        setBit(tables.starts, (Math.imul(gram, START_MULTIPLIER) >>> START_SHIFT) * 8 + best);
      }
    }
  }
  return tables;
}

/** All ways from the node to an end, each as long as the longest. */
function* beginningsIn(node: TrieNode, before: readonly ByteClass[]): Generator<readonly ByteClass[]> {
  if (node.isEnd) {
    yield [...before, ...Array.from({ length: BEGINNING_BYTES - before.length }, () => ANY_BYTE)];
    return;
  }
  for (const [byteClass, next] of node.next) yield* beginningsIn(next, [...before, byteClass]);
}

function gramsOf(classes: readonly ByteClass[]): readonly number[] {
  let grams: readonly number[] = [0];
  for (const [index, byteClass] of classes.entries()) {
    grams = grams.flatMap((gram) => foldedBytes(byteClass).map((byte) => gram | (byte << (8 * index))));
  }
  return grams;
}

function setBit(bytes: Uint8Array, bit: number): void {
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
}

/** The most frequent one is this share of all letters and digits; each next one is rarer by as much again. */
const LETTERS = 'etaoinsrhldcumpfgbvywkxjqz';
const FIRST_SHARE = 0.12;
const RARER = 0.88;
/** Of each of the other bytes that folding leaves. */
const OTHER_SHARE = 0.1;

/** How often ordinary bytes are a gram of these classes, in a rough guess that only has to tell the rare from the frequent. */
function gramShare(beginning: readonly ByteClass[], offset: number): number {
  let share = 1;
  for (const byteClass of beginning.slice(offset, offset + GRAM_BYTES)) {
    let sum = 0;
    for (const byte of foldedBytes(byteClass)) {
      const rank = LETTERS.indexOf(String.fromCharCode(byte));
      sum += rank < 0 ? OTHER_SHARE : FIRST_SHARE * RARER ** rank;
    }
    share *= Math.min(1, sum);
  }
  return share;
}

const folded = new Map<ByteClass, readonly number[]>();

function foldedBytes(byteClass: ByteClass): readonly number[] {
  let bytes = folded.get(byteClass);
  if (bytes === undefined) folded.set(byteClass, (bytes = [...new Set(byteClass.bytes.map(foldedByte))]));
  return bytes;
}

/** Capitals as small letters, digits as one, and the other bytes as few: where any byte may stand, that is not many grams.
 * None is 0, whose hash would be 0. */
function foldedByte(byte: number): number {
  if (byte >= 0x40 && byte <= 0x7f) return byte | 0x20;
  if (byte >= 0x30 && byte <= 0x39) return 0x30;
  return byte === 0 ? 3 : (byte & 0xb0) | 1;
}
