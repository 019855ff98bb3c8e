import { describe, expect, it, vi } from 'vitest';
import { isMissing, noise, prose, reasons, run, unpack } from './compressed.ts';

// On a machine at work, a second of computing can take ten.
vi.setConfig({ testTimeout: 30_000 });

const TEXT = prose(400_000);

describe.skipIf(isMissing('xz'))('against xz', () => {
  it.each([
    ['CRC-64', ['-6']],
    ['CRC-32', ['--check=crc32']],
    ['no check', ['--check=none', '-0']],
    ['several blocks', ['-1', '--block-size=50000']],
    ['several blocks, with their sizes', ['-1', '-T2', '--block-size=50000']],
    ['other literal and position bits', ['--lzma2=preset=1,lc=1,lp=2,pb=0']],
    ['a dictionary of 64 MiB', ['-9']],
  ])('unpacks %s', async (_, options) => {
    const bytes = Buffer.concat([TEXT, noise(100_000), Buffer.alloc(500_000)]);
    const unpacked = await unpack('xz', run('xz', ['-c', ...options], bytes), [30_000]);
    expect(unpacked.problems).toEqual([]);
    expect(unpacked.bytes.equals(bytes)).toBe(true);
  });

  it.each([
    ['a dictionary above 64 MiB', ['--lzma2=preset=0,dict=128MiB']],
    ['a SHA-256 check', ['-0', '--check=sha256']],
    ['a filter for x86 code', ['--x86', '--lzma2=preset=0']],
  ])('names as unsupported: %s', async (_, options) => {
    const stored = run('xz', ['-c', ...options], TEXT);
    const unpacked = await unpack('xz', stored);
    expect(reasons(unpacked)).toEqual(['unsupported']);
    expect(unpacked.pulled).toBe(stored.length);
  });
});

it.skipIf(isMissing('xz'))('finds a change that the decoder itself cannot see, by the check', async () => {
  const stored = run('xz', ['-c', '-0'], noise(30_000));
  stored.writeUInt8(stored.readUInt8(15_000) ^ 1, 15_000); // Noise is stored as it is.
  expect(reasons(await unpack('xz', stored))).toEqual(['corrupt']);
});

it.skipIf(isMissing('xz'))(
  'gives the memory of large dictionaries back',
  async () => {
    const large = run('xz', ['-c', '-9'], TEXT);
    const small = run('xz', ['-c', '-0'], TEXT);
    const held: number[] = [];
    for (let round = 0; round < 60; round++) {
      expect(reasons(await unpack('xz', round % 2 === 0 ? large : small))).toEqual([]);
      held.push(process.memoryUsage().rss);
    }
    expect(Math.max(...held) - (held[5] ?? 0)).toBeLessThan(400_000_000);
  },
  30_000,
);
