import zlib from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { Xxh64 } from '../../src/unpack/xxh64.ts';
import { isMissing, noise, prose, reasons, run, unpack } from './compressed.ts';

// On a machine at work, a second of computing can take ten.
vi.setConfig({ testTimeout: 30_000 });

const NATIVE = 'createZstdDecompress' in zlib;
const TEXT = prose(400_000);
const MAGIC = Buffer.from('28b52ffd', 'hex');

function zstd(bytes: Buffer, ...options: readonly string[]): Buffer {
  return run('zstd', ['-c', '-q', ...options], bytes);
}

function skippable(kind: number, bytes: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a50 + kind, 0);
  header.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

/** A block of type 0 (raw), 1 (one byte repeated) or 2 (compressed). */
function block(type: number, size: number, bytes: Buffer, last = false): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE((size << 3) | (type << 1) | (last ? 1 : 0), 0, 3);
  return Buffer.concat([header, bytes]);
}

/** A frame with a window descriptor, no content size and no checksum. */
function frame(window: number, ...blocks: readonly Buffer[]): Buffer {
  return Buffer.concat([MAGIC, Buffer.from([0, window]), ...blocks]);
}

describe.skipIf(isMissing('zstd'))('against zstd', () => {
  it.each([
    ['fast', ['--fast=5']],
    ['the default', []],
    ['-19', ['-19']],
    ['no checksum', ['--no-check']],
    ['--long=27', ['--long=27']],
    ['a window of 128 KiB', ['--zstd=wlog=17']],
  ])('unpacks %s', async (_, options) => {
    const bytes = Buffer.concat([TEXT, noise(100_000), Buffer.alloc(500_000), TEXT]);
    const unpacked = await unpack('zstd', zstd(bytes, ...options), [30_000]);
    expect(unpacked.problems).toEqual([]);
    expect(unpacked.bytes.equals(bytes)).toBe(true);
  });

  it('joins the frames of parallel writers', async () => {
    const bytes = prose(3_000_000);
    const frames = Array.from({ length: 6 }, (_, part) => zstd(bytes.subarray(part * 500_000, (part + 1) * 500_000)));
    for (const lengths of [[Infinity], [65_536]]) {
      const unpacked = await unpack('zstd', Buffer.concat(frames), lengths);
      expect(unpacked.problems).toEqual([]);
      expect(unpacked.bytes.equals(bytes)).toBe(true);
    }
  });

  it('reads a frame for each file, with skippable frames among them, as zstd does', async () => {
    const files = Array.from({ length: 40 }, (_, index) => zstd(prose(index * 13, index + 1)));
    const parts = Array.from({ length: 2000 }, (_, index) =>
      index % 7 === 0 ? skippable(index % 16, noise(index % 300)) : (files[index % files.length] ?? MAGIC),
    );
    const stored = Buffer.concat([skippable(0, noise(700_000)), ...parts, skippable(14, noise(20))]);
    const unpacked = await unpack('zstd', stored, [65_536]);
    expect(unpacked.problems).toEqual([]);
    expect(unpacked.bytes.equals(zstd(stored, '-d'))).toBe(true);
  });
});

describe('headers', () => {
  it.skipIf(isMissing('zstd'))('names a window above the limit, and reads the frame before it', async () => {
    const stored = Buffer.concat([zstd(TEXT), zstd(TEXT, '--ultra', '--long=28')]);
    const unpacked = await unpack('zstd', stored);
    expect(reasons(unpacked)).toEqual(['unsupported']);
    expect(unpacked.bytes.equals(TEXT)).toBe(true);
    expect(unpacked.pulled).toBe(stored.length);
  });

  it('takes a content size of many gigabytes in one segment for a window that large', async () => {
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(1n << 60n);
    const stored = Buffer.concat([MAGIC, Buffer.from([0xe0]), size, block(0, 1, Buffer.from('a'), true)]);
    expect(reasons(await unpack('zstd', stored))).toEqual(['unsupported']);
  });

  it('names a frame that needs a dictionary', async () => {
    const stored = Buffer.concat([MAGIC, Buffer.from([0x01, 0x38, 5]), block(0, 1, Buffer.from('a'), true)]);
    expect(reasons(await unpack('zstd', stored))).toEqual(['unsupported']);
  });

  it.each([
    ['the reserved bit of a frame', Buffer.concat([MAGIC, Buffer.from([0x08, 0x38, 1, 0, 0])])],
    ['a block of the reserved type', frame(0x38, block(3, 5, noise(5)))],
    ['a block longer than 128 KiB', frame(0x78, block(1, 131_073, Buffer.from('a'), true))],
    ['a block longer than the window', frame(0x00, block(1, 1025, Buffer.from('a'), true))],
  ])('takes for corrupt: %s', async (_, stored) => {
    expect(reasons(await unpack('zstd', stored))).toEqual(['corrupt']);
  });

  it.each([
    ['raw and repeated blocks', frame(0x38, block(0, 3, Buffer.from('abc')), block(1, 9, Buffer.from('z'), true)), 12],
    ['an empty last block', frame(0x38, block(0, 3, Buffer.from('abc')), block(0, 0, Buffer.alloc(0), true)), 3],
    ['nothing', Buffer.concat([MAGIC, Buffer.from([0x20, 0]), block(0, 0, Buffer.alloc(0), true)]), 0],
    ['nothing but a skippable frame', skippable(3, noise(40)), 0],
  ])('unpacks %s', async (_, stored, length) => {
    const unpacked = await unpack('zstd', stored, [1]);
    expect(unpacked.problems).toEqual([]);
    expect(unpacked.bytes.length).toBe(length);
  });
});

describe('attacks on the decoder that has no bounds of its own', () => {
  it('ends a block that claims 98,000 copies of 128 KiB', async () => {
    // No literals; 0xff and two bytes: that many sequences; all three codes repeated: length 0, offset 0, match 52.
    const sequences = Buffer.from([0x00, 0xff, 0xff, 0xff, 0x54, 0x00, 0x00, 0x34, 0xff]);
    const started = performance.now();
    const unpacked = await unpack('zstd', frame(0x78, block(0, 4, Buffer.from('abcd')), block(2, 9, sequences, true)));
    expect(reasons(unpacked)).toEqual(['corrupt']);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('ends tiny blocks in a window of 128 MiB, or reads them fast', async () => {
    const blocks = Array.from({ length: 30_000 }, () => block(1, 1, Buffer.from('a')));
    const stored = frame(0x88, ...blocks, block(0, 0, Buffer.alloc(0), true));
    const started = performance.now();
    expect(reasons(await unpack('zstd', stored))).toEqual(NATIVE ? [] : ['unsupported']);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

it.skipIf(isMissing('zstd')).each([0, 1, 4, 7, 31, 32, 33, 63, 100, 131_072])(
  'hashes %d bytes as zstd does, however they are split',
  (length) => {
    const bytes = noise(length, length + 1);
    const expected = zstd(bytes, '--check').readUInt32LE(zstd(bytes, '--check').length - 4);
    for (const step of [1, 5, 32, 70_000]) {
      const hash = new Xxh64();
      for (let at = 0; at < length; at += step) hash.update(bytes.subarray(at, at + step));
      expect(hash.digest32()).toBe(expected);
    }
  },
);
