/**
 * One block of bzip2: Huffman codes, move to front, Burrows-Wheeler, runs. The format is defined by its program
 * (decompress.c of bzip2 1.0.8). Own code: the kept packages tell neither where a stream ends nor what is behind a
 * block whose checksum differs, and take up to twice as long.
 */
import { bzip2Crc } from './bzip2-crc.ts';
import type { BitReader } from './bit-reader.ts';

const BLOCK_BYTES = 100_000;
const MAX_LEVEL = 9;
const GROUP_SYMBOLS = 50;
const MAX_SYMBOLS = 258;
const MAX_CODE_BITS = 20;
const MAX_TABLES = 6;
const MAX_SELECTORS = 32_768;

/** Codes up to this length are looked up; longer ones are rare, and searched. */
const LOOKUP_BITS = 10;
/** An entry of the lookup is the symbol and, in its low bits, the length of its code. */
const LENGTH_BITS = 5;
const LENGTH_MASK = 31;

/** Stored bytes that hold any block of the level: each of its bytes in the longest code, and the tables. */
export function maxStoredBytes(level: number): number {
  return (level * BLOCK_BYTES * MAX_CODE_BITS) / 8 + 64 * 1024;
}

export type BlockFault = 'truncated' | 'corrupt' | 'unsupported';

export class Bzip2Block {
  /** Low 8 bits: the transformed bytes; above, where the next byte is. */
  readonly #next: Uint32Array = new Uint32Array(MAX_LEVEL * BLOCK_BYTES);
  readonly #selectors = new Uint8Array(MAX_SELECTORS);
  readonly #lookups = Array.from({ length: MAX_TABLES }, () => new Uint16Array(1 << LOOKUP_BITS));
  /** For each table and length, the last code of that length, or -1. */
  readonly #lastCodes = Array.from({ length: MAX_TABLES }, () => new Int32Array(MAX_CODE_BITS + 1));
  /** For each table and length: what to add to a code to get the index of its symbol. */
  readonly #offsets = Array.from({ length: MAX_TABLES }, () => new Int32Array(MAX_CODE_BITS + 1));
  readonly #symbols = Array.from({ length: MAX_TABLES }, () => new Uint16Array(MAX_SYMBOLS));
  #left = 0;
  #at = 0;
  #run = 0;
  #previous = -1;
  #repeat = 0;
  #crc = 0;

  /** Of what `write` gave, once it gave all. */
  get crc(): number {
    return this.#crc;
  }

  /** Reads the block behind its magic and checksum; `bits` is then behind the block. */
  read(bits: BitReader, level: number): BlockFault | undefined {
    this.#left = 0;
    if (bits.read(1) === 1) return 'unsupported';
    const origin = bits.read(24);
    const bytes = readByteMap(bits);
    const tables = bits.read(3);
    const selectors = bits.read(15);
    if (bytes.length === 0 || tables < 2 || tables > MAX_TABLES || selectors === 0) return faultAt(bits);
    const order = Uint8Array.from({ length: tables }, (_, index) => index);
    for (let index = 0; index < selectors; index++) {
      let place = 0;
      while (bits.read(1) === 1) if (++place >= tables) return faultAt(bits);
      this.#selectors[index] = moveToFront(order, place);
    }
    for (let table = 0; table < tables; table++) {
      if (!this.#readTable(bits, table, bytes.length + 2)) return faultAt(bits);
    }
    const counts = new Uint32Array(256);
    const length = this.#readSymbols(bits, level * BLOCK_BYTES, selectors, bytes, counts);
    if (bits.overrun) return 'truncated';
    if (length < 0 || origin >= length) return 'corrupt';
    this.#link(length, counts);
    this.#at = (this.#next[origin] ?? 0) >>> 8;
    this.#left = length;
    this.#run = 0;
    this.#previous = -1;
    this.#repeat = 0;
    this.#crc = 0xffff_ffff | 0;
    return undefined;
  }

  /** Unpacks the next bytes into `target`; returns how many, 0 at the end. */
  write(target: Buffer): number {
    const next = this.#next;
    let left = this.#left;
    let at = this.#at;
    let run = this.#run;
    let previous = this.#previous;
    let repeat = this.#repeat;
    const room = target.length;
    let filled = 0;
    while (filled < room) {
      if (repeat > 0) {
        const bytes = Math.min(repeat, room - filled);
        target.fill(previous, filled, filled + bytes);
        filled += bytes;
        repeat -= bytes;
        continue;
      }
      if (left === 0) break;
      left--;
      const entry = next[at] ?? 0;
      at = entry >>> 8;
      const byte = entry & 0xff;
      if (run === 4) {
        // Four equal bytes are followed by how many more there are.
        repeat = byte;
        run = 0;
        continue;
      }
      run = byte === previous ? run + 1 : 1;
      previous = byte;
      target[filled++] = byte;
    }
    this.#left = left;
    this.#at = at;
    this.#run = run;
    this.#previous = previous;
    this.#repeat = repeat;
    this.#crc = bzip2Crc(target, filled, this.#crc);
    return filled;
  }

  /** Code lengths, each told by its difference from the one before. False: no such code. */
  #readTable(bits: BitReader, table: number, symbolCount: number): boolean {
    const lengths = new Uint8Array(symbolCount);
    const counts = new Uint16Array(MAX_CODE_BITS + 1);
    let length = bits.read(5);
    for (let symbol = 0; symbol < symbolCount; symbol++) {
      for (;;) {
        if (length < 1 || length > MAX_CODE_BITS || bits.overrun) return false;
        if (bits.read(1) === 0) break;
        length += bits.read(1) === 0 ? 1 : -1;
      }
      lengths[symbol] = length;
      counts[length] = (counts[length] ?? 0) + 1;
    }
    const { lookup, lastCodes, offsets, symbols } = this.#table(table);
    lookup.fill(0);
    let code = 0;
    let index = 0;
    for (let bitLength = 1; bitLength <= MAX_CODE_BITS; bitLength++) {
      const count = counts[bitLength] ?? 0;
      offsets[bitLength] = index - code;
      for (let symbol = 0; symbol < symbolCount && count > 0; symbol++) {
        if (lengths[symbol] !== bitLength) continue;
        symbols[index++] = symbol;
        if (bitLength <= LOOKUP_BITS) {
          const from = code << (LOOKUP_BITS - bitLength);
          lookup.fill((symbol << LENGTH_BITS) | bitLength, from, from + (1 << (LOOKUP_BITS - bitLength)));
        }
        code++;
      }
      if (code > 1 << bitLength) return false;
      lastCodes[bitLength] = count > 0 ? code - 1 : -1;
      code <<= 1;
    }
    return true;
  }

  #table(table: number): {
    readonly lookup: Uint16Array;
    readonly lastCodes: Int32Array;
    readonly offsets: Int32Array;
    readonly symbols: Uint16Array;
  } {
    const lookup = this.#lookups[table];
    const lastCodes = this.#lastCodes[table];
    const offsets = this.#offsets[table];
    const symbols = this.#symbols[table];
    if (lookup === undefined || lastCodes === undefined || offsets === undefined || symbols === undefined) {
      throw new RangeError(`no Huffman table ${table}`);
    }
    return { lookup, lastCodes, offsets, symbols };
  }

  /** Fills the low bytes of `#next` and counts them; returns how many, or -1 at a fault. */
  #readSymbols(bits: BitReader, room: number, selectors: number, bytes: Uint8Array, counts: Uint32Array): number {
    const next = this.#next;
    const order = Uint8Array.from(bytes);
    const end = bytes.length + 1;
    let { lookup, lastCodes, offsets, symbols } = this.#table(0);
    let selector = 0;
    let groupLeft = 0;
    let length = 0;
    let run = 0;
    let power = 1;
    // The reader's state in local variables: this loop is half of the time.
    const stored = bits.bytes;
    let at = bits.position >>> 3;
    let window = 0;
    let held = 0;
    const done = (result: number): number => {
      bits.seek(8 * at - held);
      return result;
    };
    if ((bits.position & 7) > 0) {
      window = stored[at++] ?? 0;
      held = 8 - (bits.position & 7);
    }
    for (;;) {
      if (groupLeft === 0) {
        if (selector >= selectors || at > stored.length + 4) return done(-1);
        ({ lookup, lastCodes, offsets, symbols } = this.#table(this.#selectors[selector++] ?? 0));
        groupLeft = GROUP_SYMBOLS;
      }
      groupLeft--;
      while (held < MAX_CODE_BITS) {
        window = (window << 8) | (at < stored.length ? (stored[at] ?? 0) : 0);
        at++;
        held += 8;
      }
      const peeked = (window >>> (held - MAX_CODE_BITS)) & ((1 << MAX_CODE_BITS) - 1);
      const entry = lookup[peeked >>> (MAX_CODE_BITS - LOOKUP_BITS)] ?? 0;
      let symbol = entry >>> LENGTH_BITS;
      let bitLength = entry & LENGTH_MASK;
      if (bitLength === 0) {
        for (bitLength = LOOKUP_BITS + 1; bitLength <= MAX_CODE_BITS; bitLength++) {
          if (peeked >>> (MAX_CODE_BITS - bitLength) <= (lastCodes[bitLength] ?? -1)) break;
        }
        if (bitLength > MAX_CODE_BITS) return done(-1);
        symbol = symbols[(peeked >>> (MAX_CODE_BITS - bitLength)) + (offsets[bitLength] ?? 0)] ?? end;
      }
      held -= bitLength;

      if (symbol <= 1) {
        // A run's length in bijective base 2: digit 1 or 2, the lowest first.
        run += power << symbol;
        power <<= 1;
        if (run > room - length) return done(-1);
        continue;
      }
      if (run > 0) {
        const byte = order[0] ?? 0;
        next.fill(byte, length, length + run);
        counts[byte] = (counts[byte] ?? 0) + run;
        length += run;
        run = 0;
        power = 1;
      }
      if (symbol === end) return done(length);
      if (length === room) return done(-1);
      const byte = moveToFront(order, symbol - 1);
      counts[byte] = (counts[byte] ?? 0) + 1;
      next[length++] = byte;
    }
  }

  /** The inverse transform: the bytes, sorted, say where each one's successor is. */
  #link(length: number, counts: Uint32Array): void {
    const next = this.#next;
    let start = 0;
    for (let byte = 0; byte < 256; byte++) {
      const count = counts[byte] ?? 0;
      counts[byte] = start;
      start += count;
    }
    for (let index = 0; index < length; index++) {
      const byte = (next[index] ?? 0) & 0xff;
      const place = counts[byte] ?? 0;
      counts[byte] = place + 1;
      next[place] = (next[place] ?? 0) | (index << 8);
    }
  }
}

/** The bytes that occur, from 16 times 16 bits. */
function readByteMap(bits: BitReader): Uint8Array {
  const bytes: number[] = [];
  const rows = bits.read(16);
  for (let row = 0; row < 16; row++) {
    if (((rows >>> (15 - row)) & 1) === 0) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column++) {
      if (((columns >>> (15 - column)) & 1) === 1) bytes.push(16 * row + column);
    }
  }
  return Uint8Array.from(bytes);
}

function moveToFront(order: Uint8Array, place: number): number {
  const moved = order[place] ?? 0;
  if (place < 16) for (let index = place; index > 0; index--) order[index] = order[index - 1] ?? 0;
  else order.copyWithin(1, 0, place);
  order[0] = moved;
  return moved;
}

function faultAt(bits: BitReader): BlockFault {
  return bits.overrun ? 'truncated' : 'corrupt';
}
