import { describe, expect, it } from 'vitest';
import { byteSize, counted, duration } from '../../src/report/units.ts';

describe('byteSize', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.00 kB'],
    [9_994, '9.99 kB'],
    [9_996, '10.0 kB'],
    [99_960, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [1_840_000_000, '1.84 GB'],
    [5_000_000_000_000_000, '5,000 TB'],
  ])('%d is %s', (bytes, text) => {
    expect(byteSize(bytes)).toBe(text);
  });
});

describe('counted', () => {
  it.each([
    [0, '0 entries'],
    [1, '1 entry'],
    [12_345, '12,345 entries'],
    [1_234_567, '1,234,567 entries'],
  ])('%d', (count, text) => {
    expect(counted(count, 'entry', 'entries')).toBe(text);
  });
});

describe('duration', () => {
  it.each([
    [-5, '0.0 s'],
    [9_949, '9.9 s'],
    [9_960, '10 s'],
    [59_499, '59 s'],
    [59_500, '1 min'],
    [185_000, '3 min 5 s'],
    [7_800_000, '2 h 10 min'],
    [3_600_000, '1 h'],
  ])('%d ms', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
