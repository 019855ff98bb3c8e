import { constants, crc32, deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { decompress } from '../../src/unpack/decompress.ts';
import { ENGINE_BYTES } from '../../src/unpack/engine.ts';
import { noise, prose, reasons, run, unpack } from './compressed.ts';

// On a machine at work, a second of computing can take ten.
vi.setConfig({ testTimeout: 30_000 });

const TEXT = prose(5000);

interface MemberParts {
  readonly flags?: number;
  readonly fields?: Buffer;
  readonly crc?: number;
  readonly size?: number;
  readonly method?: number;
}

/** A gzip member with its parts as told (RFC 1952, 2.3). */
function member(bytes: Buffer, parts: MemberParts = {}): Buffer {
  const header = Buffer.from([0x1f, 0x8b, parts.method ?? 8, parts.flags ?? 0, 0, 0, 0, 0, 0, 255]);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(parts.crc ?? crc32(bytes), 0);
  trailer.writeUInt32LE(parts.size ?? bytes.length, 4);
  return Buffer.concat([header, parts.fields ?? Buffer.alloc(0), deflateRawSync(bytes), trailer]);
}

describe('members', () => {
  it.each([
    ['name', 0x08, Buffer.from('a name\0')],
    ['comment longer than a block', 0x10, Buffer.concat([Buffer.alloc(700_000, 'c'), Buffer.alloc(1)])],
    ['extra field', 0x04, Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.alloc(0xffff, 7)])],
    ['extra field, name and comment', 0x1c, Buffer.from('\x02\x00xxname\0comment\0', 'latin1')],
  ])('reads over an optional field: %s', async (_, flags, fields) => {
    const stored = Buffer.concat([member(TEXT, { flags, fields }), member(TEXT, { flags, fields })]);
    const unpacked = await unpack('gzip', stored, [40_000]);
    expect(unpacked.problems).toEqual([]);
    expect(unpacked.bytes.equals(Buffer.concat([TEXT, TEXT]))).toBe(true);
  });

  it.each([
    ['right', 0, []],
    ['wrong', 1, ['corrupt']],
  ])('verifies the checksum of a header: %s', async (_, change, expected) => {
    const header = Buffer.from([0x1f, 0x8b, 8, 0x02, 0, 0, 0, 0, 0, 255]);
    const fields = Buffer.alloc(2);
    fields.writeUInt16LE((crc32(header) & 0xffff) ^ change);
    expect(reasons(await unpack('gzip', member(TEXT, { flags: 0x02, fields })))).toEqual(expected);
  });

  it.each([
    ['another method than deflate', { method: 9 }],
    ['a flag that has no meaning yet', { flags: 0x20 }],
  ])('names as unsupported: %s', async (_, parts) => {
    const stored = Buffer.concat([member(TEXT), member(TEXT, parts)]);
    const unpacked = await unpack('gzip', stored);
    expect(reasons(unpacked)).toEqual(['unsupported']);
    expect(unpacked.bytes.equals(TEXT)).toBe(true);
  });

  it.each([
    ['checksum', { crc: 1 }],
    ['size', { size: 1 }],
  ])('goes on behind a member with a wrong %s, and says so once', async (_, parts) => {
    const stored = Buffer.concat([member(TEXT), member(TEXT, parts), member(TEXT, parts), member(TEXT)]);
    const unpacked = await unpack('gzip', stored);
    expect(reasons(unpacked)).toEqual(['corrupt']);
    expect(unpacked.bytes.length).toBe(4 * TEXT.length);
  });

  it('reads a member for each file, small and large in turn, as gzip does', async () => {
    const files = Array.from({ length: 3000 }, (_, index) =>
      prose(index % 500 === 7 ? 600_000 : index % 300, index + 1),
    );
    const stored = Buffer.concat(files.map((file) => gzipSync(file, { level: constants.Z_BEST_SPEED })));
    const unpacked = await unpack('gzip', stored, [65_536]);
    expect(unpacked.problems).toEqual([]);
    expect(unpacked.bytes.equals(run('gzip', ['-dc'], stored))).toBe(true);
  });

  it('reads the members behind NUL padding, where node stops', async () => {
    const stored = Buffer.concat([gzipSync(TEXT), Buffer.alloc(10_240), gzipSync(TEXT), Buffer.alloc(600_000)]);
    expect(gunzipSync(stored).length).toBe(TEXT.length);
    const unpacked = await unpack('gzip', stored, [4096]);
    expect(unpacked.problems).toEqual([]);
    expect(unpacked.bytes.length).toBe(2 * TEXT.length);
  });

  it.each(['-1', '-9'])('unpacks what gzip %s packed', async (level) => {
    const bytes = Buffer.concat([prose(2_000_000), noise(500_000)]);
    const unpacked = await unpack('gzip', run('gzip', ['-c', level], bytes), [65_536]);
    expect(unpacked.problems).toEqual([]);
    expect(unpacked.bytes.equals(bytes)).toBe(true);
  });
});

describe('faults', () => {
  /** A block of type 3, which no deflate stream may have, behind what was flushed. */
  function broken(before: Buffer, after: Buffer): Buffer {
    const flushed = deflateRawSync(before, { finishFlush: constants.Z_SYNC_FLUSH });
    return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]), flushed, Buffer.from([0x06]), after]);
  }

  it('yields all that is before a fault in the first block', async () => {
    const unpacked = await unpack('gzip', broken(TEXT, noise(5000)));
    expect(reasons(unpacked)).toEqual(['corrupt']);
    expect(unpacked.bytes.equals(TEXT)).toBe(true);
  });

  it('loses at most the output of one call before a fault further on', async () => {
    const bytes = Buffer.concat([noise(700_000), prose(3_000_000), noise(700_000)]);
    const unpacked = await unpack('gzip', broken(bytes, noise(900_000)), [65_536]);
    expect(reasons(unpacked)).toEqual(['corrupt']);
    expect(unpacked.bytes.length).toBeGreaterThanOrEqual(bytes.length - ENGINE_BYTES);
    expect(bytes.subarray(0, unpacked.bytes.length).equals(unpacked.bytes)).toBe(true);
  });

  it('counts the stored bytes behind a fault', async () => {
    const stored = Buffer.concat([gzipSync(TEXT), Buffer.from([0x1f, 0x8b, 8, 0xff]), Buffer.alloc(996)]);
    expect((await unpack('gzip', stored)).problems).toMatchObject([{ reason: 'unsupported', bytes: 1000 }]);
  });

  it('makes of a bomb only what is asked for', async () => {
    const stored = gzipSync(Buffer.alloc(200_000_000));
    let pulled = 0;
    async function* source(): AsyncGenerator<Buffer> {
      for (let at = 0; at < stored.length; at += 4096) {
        pulled += 4096;
        yield stored.subarray(at, at + 4096);
      }
      await Promise.resolve();
    }
    const before = process.memoryUsage().arrayBuffers;
    let unpacked = 0;
    for await (const bytes of decompress('gzip', source(), () => undefined)) {
      unpacked += bytes.length;
      if (unpacked > 20_000_000) break;
    }
    expect(pulled).toBeLessThanOrEqual(stored.length + 4096);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
  });
});
