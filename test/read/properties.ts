import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import type { Reader } from '../../src/read/reader.ts';
import { bytesAt, fieldsOf } from './reading.ts';

const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 200_000 })), {
  minLength: 1,
  maxLength: 6,
});

/** Valid bytes with some changed, cut or repeated. */
function mutations(valid: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc
    .tuple(valid, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat(), fc.integer({ min: 1, max: 3 }))
    .map(([bytes, changes, cut, times]) => {
      const repeated = Buffer.concat(Array.from({ length: times }, () => bytes));
      const copy = Buffer.from(repeated.subarray(0, 1 + (cut % (repeated.length + 1))));
      for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
      return copy;
    });
}

/** What holds for every reader, whatever the bytes are. `valid` makes entries of its format. */
export function holdsForAnyBytes(reader: Reader, valid: fc.Arbitrary<Buffer>, path = ''): void {
  const entries = fc.oneof(
    valid,
    mutations(valid),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );
  const long = fc.tuple(entries, fc.integer({ min: 1, max: 3000 })).map(([part, times]) => {
    const count = Math.min(times, Math.ceil(400_000 / (part.length + 1)));
    return Buffer.concat(Array.from({ length: count }, () => part));
  });

  test('the fields do not depend on how the bytes are split', () => {
    fc.assert(
      fc.property(entries, sizes, (entry, pieces) => {
        expect(fieldsOf(reader, entry, path, pieces)).toEqual(fieldsOf(reader, entry, path));
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(long, sizes, (entry, pieces) => {
        const large = pieces.map((size) => size + 5000);
        expect(fieldsOf(reader, entry, path, large)).toEqual(fieldsOf(reader, entry, path, [entry.length + 1]));
      }),
      { numRuns: 8 },
    );
  });

  test('a value stands where its field says, and no field is longer than a line', () => {
    const check = (entry: Buffer): void => {
      for (const field of fieldsOf(reader, entry, path)) {
        expect(field.value.length).toBeLessThanOrEqual(limits.lineBytes);
        expect(field.record).toBeGreaterThan(0);
        expect(field.offset).toBeLessThan(entry.length);
        if (field.span !== 'fixed') expect(bytesAt(entry, field)).toBe(field.value);
      }
    };
    fc.assert(fc.property(entries, check), { numRuns: 300 });
    fc.assert(fc.property(long, check), { numRuns: 8 });
  });
}

/** Inputs that could cost more than their length, each made with a number of repetitions. */
export function takesTimeInProportion(
  reader: Reader,
  hostile: readonly (readonly [title: string, make: (times: number) => string | Buffer])[],
  path = '',
): void {
  test.each(hostile)('%s: twice the input takes twice the time', (_title, make) => {
    const [once, twice] = [Buffer.from(make(30_000)), Buffer.from(make(60_000))];
    fieldsOf(reader, once, path);
    const ratios: number[] = [];
    // Other work on the machine slows single runs down: the best of some counts.
    for (let attempt = 0; attempt < 12 && !ratios.some((ratio) => ratio <= 2.5); attempt++) {
      ratios.push(
        timed(() => fieldsOf(reader, twice, path)) /
          Math.max(
            timed(() => fieldsOf(reader, once, path)),
            1,
          ),
      );
    }
    expect(Math.min(...ratios)).toBeLessThanOrEqual(2.5);
  });
}

/** Milliseconds of processor time. */
function timed(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
