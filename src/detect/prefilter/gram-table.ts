import { BEGINNING_BYTES } from './beginnings.ts';
import { ANY_BYTE, type ByteClass } from './byte-class.ts';
import { foldedByte } from './folded-byte.ts';
import { FREQUENT_GRAMS } from './frequent-grams.ts';
import type { TrieNode } from './hint-trie.ts';

/** Bytes that the search looks at first; what it finds there goes through the states. */
const GRAM_BYTES = 4;
/**
 * Where in a beginning a gram may stand. Every second place is looked at, so each beginning has a gram at an even offset and one
 * at an odd offset: of each the one that ordinary bytes show least often.
 */
const EVEN_OFFSETS: readonly number[] = [0, 2, 4];
const ODD_OFFSETS: readonly number[] = [1, 3];

/** The first table should nearly stay in the processor's nearest cache. */
export const GRAM_TABLE_BYTES: number = 32 * 1024;
const START_TABLE_BYTES: number = 32 * 1024;
/** Knuth's multiplicative hash, and another one; scripts/wasm/prefilter.ts has these numbers, too. */
const GRAM_MULTIPLIER = 0x9e3779b1;
const WORD_SHIFT = 20;
const BIT_SHIFTS: readonly number[] = [14, 8];
const START_MULTIPLIER = 0x85ebca6b;
const START_SHIFT = 17;
/** More of them would let every place through. */
const MOST_GRAMS: number = GRAM_TABLE_BYTES / 2;

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
      const [best = 0] = offsets.toSorted((a, b) => costOf(beginning, a) - costOf(beginning, b));
      const here = beginning.slice(best, best + GRAM_BYTES);
      if (grams.size + countOf(here) > MOST_GRAMS) return undefined;
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

/** What one more gram in the table costs, in places of a megabyte that are looked at: others have its hash. */
const GRAM_COST = 0.4;
/** Grams of one place that are looked up; more are too many in any case. */
const MOST_LOOKED_UP = 4096;

/** Places of a megabyte that are looked at when the beginning's grams at this offset are in the table. */
function costOf(beginning: readonly ByteClass[], offset: number): number {
  const here = beginning.slice(offset, offset + GRAM_BYTES);
  const count = countOf(here);
  if (count > MOST_LOOKED_UP) return Infinity;
  return gramsOf(here).reduce((sum, gram) => sum + (frequentGrams().get(gram) ?? 0), GRAM_COST * count);
}

let frequent: ReadonlyMap<number, number> | undefined;

/** By gram, how often it stands in a megabyte. */
function frequentGrams(): ReadonlyMap<number, number> {
  if (frequent !== undefined) return frequent;
  const rows = Buffer.from(FREQUENT_GRAMS, 'base64');
  const grams = new Map<number, number>();
  for (let at = 0; at < rows.length; at += 6) grams.set(rows.readInt32LE(at), rows.readUInt16LE(at + 4));
  return (frequent = grams);
}

function countOf(classes: readonly ByteClass[]): number {
  return classes.reduce((all, byteClass) => all * foldedBytes(byteClass).length, 1);
}

const folded = new Map<ByteClass, readonly number[]>();

function foldedBytes(byteClass: ByteClass): readonly number[] {
  let bytes = folded.get(byteClass);
  if (bytes === undefined) folded.set(byteClass, (bytes = [...new Set(byteClass.bytes.map(foldedByte))]));
  return bytes;
}
