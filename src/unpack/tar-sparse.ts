import { limits } from '../limits.ts';
import { isZero, parseNumber } from './tar-header.ts';
import { BLOCK_BYTES, type TarInput } from './tar-input.ts';
import type { TarMetadata } from './tar-entry.ts';
import { numberOf } from './tar-pax.ts';

/** A run of stored bytes and where it belongs in the file; everything between is zeros. */
export interface Segment {
  readonly offset: number;
  readonly length: number;
}

/** What the headers say of a sparse file. */
export interface SparseFile {
  /** Logical size. */
  readonly size: number;
  /** Undefined: the map stands before the stored bytes, as text (pax format 1.0). */
  readonly segments: readonly Segment[] | undefined;
}

/** Fits no file. */
const UNFIT: readonly Segment[] = [{ offset: 0, length: Infinity }];

/** True when the segments rise, lie within the file, and are all stored. */
export function segmentsFit(segments: readonly Segment[], size: number, storedSize: number): boolean {
  let end = 0;
  let stored = 0;
  for (const { offset, length } of segments) {
    if (offset < end) return false;
    end = offset + length;
    stored += length;
  }
  return end <= size && stored <= storedSize;
}

/** pax formats 0.0 (repeated records), 0.1 (one list) and 1.0; undefined when the records describe no sparse file. */
export function paxSparseFile(records: TarMetadata): SparseFile | undefined {
  if (records.length === 0) return undefined;
  const last = new Map(records);
  const size = numberOf(last.get('GNU.sparse.realsize')) ?? numberOf(last.get('GNU.sparse.size'));
  if (size === undefined) return undefined;
  if (last.get('GNU.sparse.major') === '1') return { size, segments: undefined };
  const list = last.get('GNU.sparse.map');
  const numbers =
    list === undefined
      ? records.filter(([key]) => key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes').map(([, text]) => text)
      : list.split(',').filter((text) => text !== '');
  return { size, segments: segmentsOf(numbers.map(numberOf)) ?? UNFIT };
}

function segmentsOf(numbers: readonly (number | undefined)[]): Segment[] | undefined {
  const segments: Segment[] = [];
  for (let at = 0; at < numbers.length; at += 2) {
    const offset = numbers[at];
    const length = numbers[at + 1];
    if (offset === undefined || length === undefined) return undefined;
    segments.push({ offset, length });
  }
  return segments;
}

/** The map of an old GNU sparse file: four segments in the header, then 21 in each further block. */
export class GnuSparseMap {
  readonly size: number;
  readonly segments: Segment[] = [];
  /** False: a number is none, or the map is longer than `limits.tarRecordBytes`. */
  valid = true;
  #extended: boolean;
  #blocks = 0;

  constructor(header: Buffer) {
    this.size = parseNumber(header, 483, 12);
    if (!(this.size >= 0)) this.valid = false;
    this.#extended = header[482] !== 0;
    if (!this.#read(header, 386, 4)) this.valid = false;
  }

  /** Reads the further blocks. False: fill and ask again. A block that is no map is left in place. */
  readBlocks(input: TarInput): boolean {
    while (this.#extended) {
      const block = input.peek(BLOCK_BYTES);
      if (block === undefined) return false;
      this.#extended = block !== null && block[504] !== 0;
      if (block === null || !this.#read(block, 0, 21)) {
        this.valid = this.#extended = false;
        return true;
      }
      input.skip(BLOCK_BYTES);
      // Longer maps are read to their end, so that the next header is found, but not kept.
      if (++this.#blocks * BLOCK_BYTES > limits.tarRecordBytes) {
        this.valid = false;
        this.segments.length = 0;
      }
    }
    return true;
  }

  #read(block: Buffer, start: number, count: number): boolean {
    for (let at = start; at < start + count * 24 && block[at] !== 0; at += 24) {
      const offset = parseNumber(block, at, 12);
      const length = parseNumber(block, at + 12, 12);
      if (!(offset >= 0) || !(length >= 0)) return false;
      this.segments.push({ offset, length });
    }
    return true;
  }
}

/** The map of pax format 1.0: decimal numbers, one a line, the first their count; padded with zeros to a block. */
export class SparseTextMap {
  #blocks: Buffer[] = [];
  #lines: string[] = [];
  #partial = '';

  /** Its bytes, to be read as the file's own when they are no map. */
  get bytes(): Buffer {
    return Buffer.concat(this.#blocks);
  }

  /** Adds a block. Undefined: one more; false: this is no map, or one longer than `limits.tarRecordBytes`. */
  add(block: Buffer): readonly Segment[] | false | undefined {
    this.#blocks.push(Buffer.from(block));
    const nul = block.indexOf(0);
    const end = nul < 0 ? block.length : nul;
    this.#partial += block.toString('latin1', 0, end);
    if (/[^\d\n]/.test(this.#partial) || !isZero(block.subarray(end))) return false;
    const lines = this.#partial.split('\n');
    this.#partial = lines.pop() ?? '';
    // Not push(...lines): a block has few lines, and the count is bounded below.
    for (const line of lines) this.#lines.push(line);
    const count = numberOf(this.#lines[0]);
    if (count === undefined) return this.#lines.length > 0 || end < block.length ? false : undefined;
    if (this.#lines.length < 1 + 2 * count) {
      return end < block.length || this.#blocks.length * BLOCK_BYTES > limits.tarRecordBytes ? false : undefined;
    }
    if (this.#lines.length > 1 + 2 * count || this.#partial !== '') return false;
    return segmentsOf(this.#lines.slice(1).map(numberOf)) ?? false;
  }
}
