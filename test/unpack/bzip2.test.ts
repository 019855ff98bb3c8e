import { describe, expect, it, vi } from 'vitest';
import { isMissing, noise, prose, reasons, run, unpack } from './compressed.ts';

// On a machine at work, a second of computing can take ten.
vi.setConfig({ testTimeout: 30_000 });

const TEXT = prose(300_000);

/** Puts bits together, the highest first. */
function bitString(...fields: readonly (readonly [value: number, bits: number])[]): Buffer {
  const text = fields.map(([value, bits]) => value.toString(2).padStart(bits, '0')).join('');
  const bytes = text.padEnd(Math.ceil(text.length / 8) * 8, '0').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

const HEADER = Buffer.from('BZh9');
const BLOCK = [
  [0x314159, 24],
  [0x265359, 24],
  [0, 32],
] as const;
/** One byte value, two tables of codes of two bits (00 run A, 01 run B, 10 end), one selector. */
const TABLES = [
  [0x8000, 16],
  [0x8000, 16],
  [2, 3],
  [1, 15],
  [0, 1],
  [2, 5],
  [0, 3],
  [2, 5],
  [0, 3],
] as const;

describe.skipIf(isMissing('bzip2'))('against bzip2', () => {
  it.each([
    ['text', TEXT],
    ['runs of every length around 4 and 259', Buffer.concat(Array.from({ length: 600 }, (_, n) => Buffer.alloc(n, n)))],
    ['one byte, two million times', Buffer.alloc(2_000_000, 'z')],
    ['noise', noise(200_000)],
    ['a periodic text', Buffer.alloc(300_000, 'abcabd')],
    ['all byte values', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
  ])('unpacks %s', async (_, bytes) => {
    for (const level of ['-1', '-9']) {
      const unpacked = await unpack('bzip2', run('bzip2', ['-c', level], bytes), [30_000]);
      expect(unpacked.problems).toEqual([]);
      expect(unpacked.bytes.equals(bytes)).toBe(true);
    }
  });

  it('joins streams of different levels', async () => {
    const stored = ['-9', '-1', '-5'].map((level) => run('bzip2', ['-c', level], TEXT));
    const unpacked = await unpack('bzip2', Buffer.concat(stored), [1000]);
    expect(unpacked.problems).toEqual([]);
    expect(unpacked.bytes.equals(run('bzip2', ['-dc'], Buffer.concat(stored)))).toBe(true);
  });
});

describe('faults', () => {
  it.skipIf(isMissing('bzip2'))('yields a block whose checksum differs, and the blocks behind it', async () => {
    const stored = run('bzip2', ['-c', '-1'], TEXT);
    stored.writeUInt8(stored.readUInt8(10) ^ 1, 10); // The checksum of the first block.
    const unpacked = await unpack('bzip2', stored);
    expect(reasons(unpacked)).toEqual(['corrupt']);
    expect(unpacked.bytes.equals(TEXT)).toBe(true);
  });

  it('ends at a run that is longer than a block, on which 32-bit arithmetic would loop', async () => {
    for (const digits of [20, 21, 31, 32, 33, 60]) {
      const run = Array.from({ length: digits < 50 ? digits : 49 }, () => [1, 2] as const);
      const stored = Buffer.concat([
        HEADER,
        bitString(...BLOCK, [0, 1], [0, 24], ...TABLES, ...run, [2, 2]),
        noise(100),
      ]);
      expect([digits, reasons(await unpack('bzip2', stored))]).toEqual([digits, ['corrupt']]);
    }
  });

  it('names a randomised block, which no bzip2 since 1999 makes', async () => {
    const stored = Buffer.concat([HEADER, bitString(...BLOCK, [1, 1]), noise(100)]);
    expect(reasons(await unpack('bzip2', stored))).toEqual(['unsupported']);
  });

  it('ends at code lengths that go up and down for ever', async () => {
    const zigzag = Array.from({ length: 3_000_000 }, (_, turn) => (turn % 2 === 0 ? 0b10 : 0b11)).map(
      (bits) => [bits, 2] as const,
    );
    const head = bitString(...BLOCK, [0, 1], [0, 24], ...TABLES.slice(0, 5), [10, 5]);
    const stored = Buffer.concat([HEADER, head, bitString(...zigzag.slice(0, 8)), Buffer.alloc(4_000_000, 0b10111011)]);
    expect(reasons(await unpack('bzip2', stored))).toEqual(['corrupt']);
  });
});
