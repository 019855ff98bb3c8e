import fc from 'fast-check';
import { expect, test } from 'vitest';

import { countNewlines } from '../../src/engine/newlines.ts';

test('equals a count byte by byte, at any alignment', () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((random) => random.map((byte) => (byte % 3 === 0 ? 10 : byte)));
  fc.assert(
    fc.property(bytes, fc.nat(8), fc.nat(8), (random, before, after) => {
      const buffer = Buffer.concat([Buffer.from(random)]);
      const start = Math.min(before, buffer.length);
      const end = Math.max(start, buffer.length - after);
      expect(countNewlines(buffer, start, end)).toBe(buffer.subarray(start, end).filter((byte) => byte === 10).length);
    }),
  );
});

test('bytes of one bit difference, and many in a row', () => {
  expect(countNewlines(Buffer.from([0x0a, 0x0b, 0x8a, 0x0a, 0x0a, 0x00, 0xff, 0x0a, 0x1a]), 0, 9)).toBe(4);
  expect(countNewlines(Buffer.alloc(100_003, '\n'), 1, 100_003)).toBe(100_002);
});
