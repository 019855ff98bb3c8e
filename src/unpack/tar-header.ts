import { isUtf8 } from 'node:buffer';
import { BLOCK_BYTES } from './tar-input.ts';

/** One 512-byte header, before extension headers change it. */
export interface TarHeader {
  /** The type flag, one character. */
  readonly flag: string;
  readonly name: string;
  readonly linkName: string;
  /** NaN where the field is no number; may be negative. */
  readonly size: number;
  /** `gnu`: the bytes from 345 on are GNU's, not a name prefix. */
  readonly dialect: 'v7' | 'ustar' | 'gnu';
}

const CHECKSUM = 148;
const CHECKSUM_END = 156;
const OWNERS = 265;
const OWNERS_END = 329;
const ZEROS = Buffer.alloc(BLOCK_BYTES);

/** At most a block. */
export function isZero(bytes: Buffer): boolean {
  return (bytes[0] ?? 0) === 0 && bytes.compare(ZEROS, 0, bytes.length) === 0;
}

const WORDS = BLOCK_BYTES / 4;
const scratch = Buffer.alloc(BLOCK_BYTES);
const scratchWords = new Int32Array(scratch.buffer, scratch.byteOffset, WORDS);

/** True when the checksum holds; nothing else tells a v7 header from any other block. */
export function isTarHeader(block: Buffer): boolean {
  const stored = parseNumber(block, CHECKSUM, 8);
  // 8 spaces stand for the field itself.
  if (!(stored >= 256)) return false;
  return unsignedSum(block) === stored || signedSum(block) === stored;
}

/** Four bytes at a time: 128 words of two bytes for each half never overflow 16 bits. */
function unsignedSum(block: Buffer): number {
  block.copy(scratch, 0, 0, BLOCK_BYTES);
  scratch.fill(0x20, CHECKSUM, CHECKSUM_END);
  let halves = 0;
  // Not for…of, which is ten times slower here.
  for (let at = 0; at < WORDS; at++) {
    const word = scratchWords[at] ?? 0;
    halves = (halves + (word & 0xff00ff) + ((word >>> 8) & 0xff00ff)) | 0;
  }
  return (halves & 0xffff) + (halves >>> 16);
}

/** Some old writers add the bytes as signed numbers. */
function signedSum(block: Buffer): number {
  let sum = 256;
  for (let at = 0; at < BLOCK_BYTES; at++) {
    if (at < CHECKSUM || at >= CHECKSUM_END) sum += block.readInt8(at);
  }
  return sum;
}

export function parseTarHeader(block: Buffer): TarHeader {
  const ustar =
    block[257] === 0x75 && block[258] === 0x73 && block[259] === 0x74 && block[260] === 0x61 && block[261] === 0x72;
  const dialect = !ustar ? 'v7' : block[262] === 0x20 && block[263] === 0x20 ? 'gnu' : 'ustar';
  const name = textOf(block, 0, 100);
  const prefix = dialect === 'ustar' && block[345] !== 0 ? textOf(block, 345, 500) : '';
  return {
    flag: String.fromCharCode(block[156] ?? 0),
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: block[157] === 0 ? '' : textOf(block, 157, 257),
    size: parseNumber(block, 124, 12),
    dialect,
  };
}

/** User and group name of a header with the ustar magic. Most entries have the owner of the one before. */
export class TarOwner {
  readonly #bytes: Buffer = Buffer.alloc(OWNERS_END - OWNERS);
  #names: readonly (readonly [key: string, value: string])[] = [];

  /** The same array as before when the names are the same. */
  read(block: Buffer): readonly (readonly [key: string, value: string])[] {
    if (block.compare(this.#bytes, 0, this.#bytes.length, OWNERS, OWNERS_END) !== 0) {
      block.copy(this.#bytes, 0, OWNERS, OWNERS_END);
      this.#names = [
        ['uname', textOf(block, OWNERS, 297)] as const,
        ['gname', textOf(block, 297, OWNERS_END)] as const,
      ].filter(([, value]) => value !== '');
    }
    return this.#names;
  }
}

/** Up to the first NUL: UTF-8, or latin1 where that is not valid, so that no byte is lost. */
function textOf(bytes: Buffer, start: number, end: number): string {
  const nul = bytes.indexOf(0, start);
  return decodeText(bytes, start, nul >= 0 && nul < end ? nul : end);
}

export function decodeText(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('latin1', start, end);
  if (!/[\u0080-\u00ff]/.test(text)) return text;
  return isUtf8(bytes.subarray(start, end)) ? bytes.toString('utf8', start, end) : text;
}

/**
 * An octal field, or a base-256 one (GNU, star: the first bit is set, the second is the sign). Blank is 0, as in
 * libarchive and Go. NaN where it is no number; never above 2^53 - 1, which no stream reaches.
 */
export function parseNumber(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0;
  if (first >= 0x80) return parseBase256(block, start, length, first);
  const end = start + length;
  let at = start;
  while (at < end && (block[at] === 0x20 || block[at] === 0)) at++;
  let value = 0;
  for (; at < end; at++) {
    const byte = block[at] ?? 0;
    if (byte === 0x20 || byte === 0) break;
    if (byte < 0x30 || byte > 0x37) return NaN;
    value = value * 8 + (byte - 0x30);
  }
  return value;
}

function parseBase256(block: Buffer, start: number, length: number, first: number): number {
  // Two's complement of 8 * length - 1 bits: only that it is negative matters.
  if ((first & 0x40) !== 0) return -1;
  let value = first & 0x3f;
  for (let at = start + 1; at < start + length; at++) value = value * 256 + (block[at] ?? 0);
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}
