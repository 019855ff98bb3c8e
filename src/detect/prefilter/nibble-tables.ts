import { ANY_BYTE, type ByteClass } from './byte-class.ts';
import type { TrieNode } from './hint-trie.ts';

/** Bytes that the search looks at in each step; what it finds there goes through the states. */
const POSITIONS = 4;
/** One bit each of two bytes. */
const BUCKETS = 16;
const SET_BUCKETS = 8;
const SET_BYTES: number = POSITIONS * 32;
/** Beginnings with so many equal first bytes stay together: all of them are too many to compare each with each. */
const KEPT_TOGETHER = 2;

/** For each position, the bits of the low and of the high halves of the bytes that belong to it. */
interface Bucket {
  readonly lows: number[];
  readonly highs: number[];
}

/**
 * Two sets of eight buckets; in each, for each position, 16 bytes by low and 16 by high half of a byte, each bit a bucket of
 * beginnings. A byte belongs to a bucket when both its halves do, which lets a few too many through; beginnings that look
 * alike share a bucket, so that it is few.
 */
export function nibbleTables(root: TrieNode): Uint8Array {
  const tables = new Uint8Array((BUCKETS / SET_BUCKETS) * SET_BYTES);
  for (const [index, { lows, highs }] of grouped(bucketsOf(root)).entries()) {
    const bit = index % SET_BUCKETS;
    for (let position = 0; position < POSITIONS; position++) {
      const at = Math.floor(index / SET_BUCKETS) * SET_BYTES + position * 32;
      setBit(tables.subarray(at, at + 16), lows[position] ?? 0, bit);
      setBit(tables.subarray(at + 16, at + 32), highs[position] ?? 0, bit);
    }
  }
  return tables;
}

function setBit(table: Uint8Array, flags: number, bit: number): void {
  for (let half = 0; half < 16; half++) {
    if ((flags & (1 << half)) !== 0) table[half] = (table[half] ?? 0) | (1 << bit);
  }
}

/** One bucket for all beginnings whose first bytes are equal. */
function bucketsOf(root: TrieNode): Bucket[] {
  const buckets: Bucket[] = [];
  const visit = (node: TrieNode, path: readonly ByteClass[]): void => {
    if (node.isEnd || path.length === KEPT_TOGETHER) {
      const bucket = { lows: path.map(({ lows }) => lows), highs: path.map(({ highs }) => highs) };
      widen(bucket, node);
      buckets.push(bucket);
      return;
    }
    for (const [byteClass, next] of node.next) visit(next, [...path, byteClass]);
  };
  visit(root, []);
  return buckets;
}

function widen(bucket: Bucket, { next, depth, isEnd }: TrieNode): void {
  if (depth === POSITIONS) return;
  const allowed = isEnd ? [ANY_BYTE] : next.keys();
  for (const { lows, highs } of allowed) {
    bucket.lows[depth] = (bucket.lows[depth] ?? 0) | lows;
    bucket.highs[depth] = (bucket.highs[depth] ?? 0) | highs;
  }
  if (isEnd) {
    for (let position = depth; position < POSITIONS; position++) {
      bucket.lows[position] = ANY_BYTE.lows;
      bucket.highs[position] = ANY_BYTE.highs;
    }
    return;
  }
  for (const node of next.values()) widen(bucket, node);
}

/** Joins, again and again, the two buckets that together let the fewest further bytes through. */
function grouped(buckets: Bucket[]): Bucket[] {
  const left = buckets.map((bucket) => ({ bucket, share: passedShare(bucket) }));
  // For each bucket, the best of those before it.
  const partners = left.map((_, row) => partnerOf(row, left));
  while (left.length > BUCKETS) {
    const row = partners.reduce((best, { added }, at) => (added < (partners[best]?.added ?? Infinity) ? at : best), 0);
    const column = partners[row]?.column ?? 0;
    const [one, other] = [left[row], left[column]];
    if (one === undefined || other === undefined) break;
    const bucket = joined(one.bucket, other.bucket);
    left[column] = { bucket, share: passedShare(bucket) };
    left.splice(row, 1);
    partners.splice(row, 1);
    for (const [at, partner] of partners.entries()) {
      // A bucket that is joined with another only gets worse, so that nobody turns to it who did not before.
      if (at === column || partner.column === column || partner.column === row) partners[at] = partnerOf(at, left);
      else if (partner.column > row) partners[at] = { ...partner, column: partner.column - 1 };
    }
  }
  return left.map(({ bucket }) => bucket);
}

interface Partner {
  readonly column: number;
  readonly added: number;
}

function partnerOf(row: number, left: readonly Shared[]): Partner {
  const its = left[row];
  let best: Partner = { column: 0, added: Infinity };
  for (let column = 0; column < row; column++) {
    const other = left[column];
    if (its === undefined || other === undefined) break;
    const added = addedShare(its, other);
    if (added < best.added) best = { column, added };
  }
  return best;
}

interface Shared {
  readonly bucket: Bucket;
  readonly share: number;
}

function addedShare(one: Shared, other: Shared): number {
  return passedShare(joined(one.bucket, other.bucket)) - one.share - other.share;
}

function joined(one: Bucket, other: Bucket): Bucket {
  return {
    lows: one.lows.map((flags, position) => flags | (other.lows[position] ?? 0)),
    highs: one.highs.map((flags, position) => flags | (other.highs[position] ?? 0)),
  };
}

/** The share of random places that a bucket lets through. */
function passedShare({ lows, highs }: Bucket): number {
  let share = 1;
  for (let position = 0; position < POSITIONS; position++) {
    share *= (bits(lows[position] ?? 0) * bits(highs[position] ?? 0)) / 256;
  }
  return share;
}

function bits(flags: number): number {
  let count = 0;
  for (let left = flags; left !== 0; left &= left - 1) count++;
  return count;
}
