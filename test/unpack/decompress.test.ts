import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { limits } from '../../src/limits.ts';
import { decompress } from '../../src/unpack/decompress.ts';
import type { Compression } from '../../src/unpack/magic.ts';
import { isMissing, noise, prose, reasons, run, unpack } from './compressed.ts';

// On a machine at work, a second of computing can take ten.
vi.setConfig({ testTimeout: 30_000 });

const PROGRAMS: readonly (readonly [Compression, string, readonly string[]])[] = [
  ['gzip', 'gzip', ['-c', '-n']],
  ['zstd', 'zstd', ['-c', '-q', '--check']],
  ['xz', 'xz', ['-c', '-1']],
  ['bzip2', 'bzip2', ['-c', '-1']],
];

const TEXT = prose(3000);
const LARGE = Buffer.concat([prose(700_000), Buffer.alloc(400_000), noise(900_000), prose(500_000, 7)]);

describe.each(PROGRAMS)('%s', (compression, program, args) => {
  const test = it.skipIf(isMissing(program));
  const stored = run(program, args, TEXT);
  const large = run(program, args, LARGE);

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from('a')],
    ['text', TEXT],
    ['more than a block, text and zeros and noise', LARGE],
  ])('unpacks what the program packed: %s', async (_, bytes) => {
    const unpacked = await unpack(compression, run(program, args, bytes), [65_536]);
    expect(unpacked.problems).toEqual([]);
    expect(unpacked.bytes.equals(bytes)).toBe(true);
    expect(unpacked.largest).toBeLessThanOrEqual(limits.chunkBytes);
  });

  test('joins what follows one another, with NUL padding between and after', async () => {
    const unpacked = await unpack(
      compression,
      Buffer.concat([stored, large, Buffer.alloc(512), stored, Buffer.alloc(4)]),
    );
    expect(unpacked.problems).toEqual([]);
    expect(unpacked.bytes.equals(Buffer.concat([TEXT, LARGE, TEXT]))).toBe(true);
  });

  test.each([
    ['short', 5],
    ['long', 1_000_000],
  ])('counts a rest that is not of the format, and loses nothing before it: %s', async (_, length) => {
    const rest = Buffer.alloc(length, 'rest');
    const unpacked = await unpack(compression, Buffer.concat([large, rest]), [10_000]);
    expect(unpacked.bytes.equals(LARGE)).toBe(true);
    // xz-embedded takes the first 12 bytes of a rest for a stream header.
    if (compression === 'xz' && length < 12) expect(reasons(unpacked)).toEqual(['truncated']);
    else expect(unpacked.problems).toMatchObject([{ reason: 'unread-rest', bytes: length }]);
    expect(unpacked.pulled).toBe(large.length + length);
  });

  test('tells what is not of the format at all', async () => {
    const unpacked = await unpack(compression, Buffer.alloc(40_000, 'no such format'), [999]);
    expect(reasons(unpacked)).toEqual(['corrupt']);
    expect(unpacked.pulled).toBe(40_000);
    expect(unpacked.bytes.length).toBe(0);
  });

  test('reports a cut at any byte, and yields a prefix', async () => {
    for (let cut = 0; cut < stored.length; cut += cut < 64 || cut > stored.length - 64 ? 1 : 13) {
      const unpacked = await unpack(compression, stored.subarray(0, cut));
      expect([cut, reasons(unpacked)]).toEqual([cut, ['truncated']]);
      expect(TEXT.subarray(0, unpacked.bytes.length).equals(unpacked.bytes)).toBe(true);
    }
  });

  test('yields what comes before a cut in a large input', async () => {
    const unpacked = await unpack(compression, large.subarray(0, large.length - 200_000), [65_536]);
    expect(reasons(unpacked)).toEqual(['truncated']);
    expect(unpacked.bytes.length).toBeGreaterThan(1_000_000);
    expect(LARGE.subarray(0, unpacked.bytes.length).equals(unpacked.bytes)).toBe(true);
  });

  test('gives the same for any split of the stored bytes', async () => {
    const whole = Buffer.concat([stored, stored, Buffer.alloc(3), stored, Buffer.from('rest that is no stream')]);
    const expected = await unpack(compression, whole);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 8 }), async (lengths) => {
        const unpacked = await unpack(compression, whole, lengths);
        expect(unpacked.problems).toEqual(expected.problems);
        expect(unpacked.bytes.equals(expected.bytes)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('never takes changed bytes for sound', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(stored.length * 8 - 1), fc.boolean()), { minLength: 1, maxLength: 3 }),
        async (flips) => {
          const changed = Buffer.from(stored);
          for (const [bit] of flips) changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
          const unpacked = await unpack(compression, changed);
          if (unpacked.problems.length === 0) expect(unpacked.bytes.equals(TEXT)).toBe(true);
          expect(unpacked.pulled).toBe(stored.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('gives the same for any split of corrupt bytes', async () => {
    const changed = Buffer.from(large);
    changed.fill(0xa5, large.length - 400_000, large.length - 399_000);
    const expected = await unpack(compression, changed);
    expect(expected.problems.length).toBeGreaterThan(0);
    expect(expected.bytes.length).toBeGreaterThan(500_000);
    for (const lengths of [[65_536], [1000, 300_000], [524_288]]) {
      const unpacked = await unpack(compression, changed, lengths);
      expect(unpacked.problems).toEqual(expected.problems);
      expect(unpacked.bytes.equals(expected.bytes)).toBe(true);
    }
  });

  test('closes its source when the consumer stops early', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Buffer> {
      try {
        for (let at = 0; at < large.length; at += 65_536) yield large.subarray(at, at + 65_536);
        await Promise.resolve();
      } finally {
        closed = true;
      }
    }
    for await (const bytes of decompress(compression, source(), () => undefined)) {
      expect(bytes.length).toBeGreaterThan(0);
      break;
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(true);
  });

  test('passes an error of its source through', async () => {
    async function* source(): AsyncGenerator<Buffer> {
      for (let at = 0; at < 700_000; at += 65_536) yield large.subarray(at, at + 65_536);
      await Promise.resolve();
      throw new Error('the source broke');
    }
    const problems: unknown[] = [];
    const all = async (): Promise<void> => {
      for await (const bytes of decompress(compression, source(), (problem) => problems.push(problem))) bytes.at(0);
    };
    await expect(all()).rejects.toThrow('the source broke');
    expect(problems).toEqual([]);
  });

  test('lets the event loop turn where there is no output', async () => {
    const empty = run(program, args, Buffer.alloc(0));
    const many = Buffer.concat(Array.from({ length: 10_000 }, () => empty));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const unpacked = await unpack(compression, many);
    clearInterval(timer);
    expect(unpacked.problems).toEqual([]);
    expect(turns).toBeGreaterThan(0);
  });

  test('lets the event loop turn', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await unpack(compression, run(program, args, Buffer.concat([LARGE, LARGE])));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });
});

it.skipIf(isMissing('xz'))('unpacks one format inside another, both at once', async () => {
  const [, xz, xzArgs] = PROGRAMS[2] ?? ['xz', 'xz', []];
  const inner = run(xz, xzArgs, LARGE);
  const outer = run(xz, xzArgs, gzipSync(inner));
  const parts: Buffer[] = [];
  async function* source(): AsyncGenerator<Buffer> {
    await Promise.resolve();
    yield outer;
  }
  const fail = (): void => {
    throw new Error('a problem in sound bytes');
  };
  const middle = decompress('gzip', decompress('xz', source(), fail), fail);
  for await (const bytes of decompress('xz', middle, fail)) parts.push(Buffer.from(bytes));
  expect(Buffer.concat(parts).equals(LARGE)).toBe(true);
});

it('stops at once although its source waits for a peer', async () => {
  const large = gzipSync(LARGE, { level: 1 });
  async function* source(): AsyncGenerator<Buffer> {
    yield large.subarray(0, 600_000);
    await new Promise(() => undefined);
  }
  for await (const bytes of decompress('gzip', source(), () => undefined)) {
    expect(bytes.length).toBeGreaterThan(0);
    break;
  }
});
