import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Field } from '../../src/detect/field.ts';
import { limits } from '../../src/limits.ts';
import type { Reader } from '../../src/read/reader.ts';
import { bytesAt, drain, fieldsOf } from './reading.ts';

const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 200_000 })), {
  minLength: 1,
  maxLength: 6,
});

/** Valid bytes with some changed, cut or repeated. */
export function mutations(valid: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc
    .tuple(valid, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat(), fc.integer({ min: 1, max: 3 }))
    .map(([bytes, changes, cut, times]) => {
      const repeated = Buffer.concat(Array.from({ length: times }, () => bytes));
      const copy = Buffer.from(repeated.subarray(0, 1 + (cut % (repeated.length + 1))));
      for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
      return copy;
    });
}

export const randomBytes: fc.Arbitrary<Buffer> = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

/** What holds for every reader, whatever the bytes are. `valid` makes entries of its format. */
export function holdsForAnyBytes(reader: Reader, valid: fc.Arbitrary<Buffer>, path = ''): void {
  const entries = fc.oneof(
    { weight: 2, arbitrary: valid },
    { weight: 2, arbitrary: mutations(valid) },
    { weight: 1, arbitrary: randomBytes },
  );
  const long = fc.tuple(entries, fc.integer({ min: 1, max: 3000 })).map(([part, times]) => {
    const count = Math.min(times, Math.ceil(400_000 / (part.length + 1)));
    return Buffer.concat(Array.from({ length: count }, () => part));
  });

  test('the fields do not depend on how the bytes are split', () => {
    fc.assert(
      fc.property(entries, sizes, (entry, pieces) => {
        expectSame(fieldsOf(reader, entry, path, pieces), fieldsOf(reader, entry, path));
      }),
      { numRuns: 350 },
    );
    fc.assert(
      fc.property(long, sizes, (entry, pieces) => {
        const large = pieces.map((size) => size + 5000);
        expectSame(fieldsOf(reader, entry, path, large), fieldsOf(reader, entry, path, [entry.length + 1]));
      }),
      { numRuns: 8 },
    );
  });

  test('a value stands where its field says, and no field is longer than a line', () => {
    const check = (entry: Buffer): void => {
      // One expectation for thousands of fields: each takes longer than the reading of one.
      const wrong = fieldsOf(reader, entry, path).find(
        (field) =>
          field.value.length > limits.lineBytes ||
          !(field.record > 0) ||
          field.offset >= entry.length ||
          (field.span !== 'fixed' && bytesAt(entry, field) !== field.value),
      );
      expect(wrong).toBeUndefined();
    };
    fc.assert(fc.property(entries, check), { numRuns: 500 });
    fc.assert(fc.property(long, check), { numRuns: 8 });
  });
}

/** What holds where an entry is text: line and column, from 1, lead to the same place as the offset. */
export function tellsLineAndColumn(reader: Reader, texts: fc.Arbitrary<string>, path = ''): void {
  test('line and column lead to the same place as the offset', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const entry = Buffer.from(text);
        const wrong = fieldsOf(reader, entry, path).find(({ offset, line, column }) => {
          const before = entry.toString('utf8', 0, offset).split('\n');
          return line !== before.length || column !== (before.at(-1)?.length ?? 0) + 1;
        });
        expect(wrong).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
}

/** An input that could cost more than its length, made with a number of repetitions. */
export type Hostile = readonly [title: string, make: (times: number) => string | Buffer];

interface Measure {
  readonly path?: string;
  /** Repetitions in the shorter input. */
  readonly times?: number;
  /** Milliseconds: a shorter run says nothing, and counts as so long. */
  readonly least?: number;
}

export function takesTimeInProportion(
  reader: Reader,
  hostile: readonly Hostile[],
  { path = '', times = 30_000, least = 1 }: Measure = {},
): void {
  test.each(hostile)('%s: twice the input takes twice the time', (_title, make) => {
    const [once, twice] = [Buffer.from(make(times)), Buffer.from(make(2 * times))];
    drain(reader, once, path);
    const ratios: number[] = [];
    // Other work on the machine slows single runs down: the best of some counts.
    for (let attempt = 0; attempt < 12 && !ratios.some((ratio) => ratio <= 2.5); attempt++) {
      const first = processorTime(() => {
        drain(reader, once, path);
      });
      ratios.push(
        processorTime(() => {
          drain(reader, twice, path);
        }) / Math.max(first, least),
      );
    }
    expect(Math.min(...ratios)).toBeLessThanOrEqual(2.5);
  });
}

/** Milliseconds. */
export function processorTime(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The comparison that shows where two differ takes a second for what is told alike in a millisecond. */
function expectSame(fields: readonly Field[], wanted: readonly Field[]): void {
  if (JSON.stringify(fields) !== JSON.stringify(wanted)) expect(fields).toEqual(wanted);
}
