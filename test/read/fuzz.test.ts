import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/detect/field.ts';
import { plainText } from '../../src/read/plain-text.ts';
import { readers } from '../../src/read/readers.ts';
import { patients } from '../support/patients.ts';
import { processorTime } from './properties.ts';
import { drain, fieldsOf, labelled, readerOf } from './reading.ts';
import { samples } from './samples.ts';
import type { Sample } from './samples.ts';

/** One mutation of a file: where (a share of its length), how much, and what. */
interface Change {
  readonly kind: 'byte' | 'cut' | 'drop' | 'repeat' | 'swap' | 'insert';
  readonly at: number;
  readonly length: number;
  readonly bytes: Uint8Array;
}

/** Bytes that mean something in one format or another: delimiters, quotes, counts, ends. */
const TELLING = [
  '\0',
  '\r',
  '\n',
  '"',
  "'",
  '\\',
  '|',
  '^',
  '~',
  '*',
  '<',
  '>',
  '&',
  '{',
  ']',
  ',',
  '(',
  ';',
  '\u00ff',
  '%',
  '=',
  '- ',
  '--',
  '/*',
  '<![CDATA[',
];

const share = fc.double({ min: 0, max: 1, noNaN: true });
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('byte', 'cut', 'drop', 'repeat', 'swap', 'insert'),
  at: share,
  length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 5000 })),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 6 }),
    fc.constantFrom(...TELLING).map((telling) => Buffer.from(telling, 'latin1')),
  ),
});

function changed(file: Buffer, { kind, at, length, bytes }: Change): Buffer {
  const from = Math.floor(at * file.length);
  const to = Math.min(file.length, from + length);
  const [before, part, after] = [file.subarray(0, from), file.subarray(from, to), file.subarray(to)];
  switch (kind) {
    case 'byte':
      return Buffer.concat([before, bytes, file.subarray(Math.min(file.length, from + bytes.length))]);
    case 'cut':
      return before;
    case 'drop':
      return Buffer.concat([before, after]);
    case 'repeat':
      return Buffer.concat([before, part, part, after]);
    case 'swap':
      return Buffer.concat([after, part, before]);
    case 'insert':
      return Buffer.concat([before, bytes, file.subarray(from)]);
  }
}

const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 90_000 })), {
  minLength: 1,
  maxLength: 5,
});
const people = fc.integer({ min: 1, max: 6 }).map((count) => patients(count));
const rows = [...readers, plainText].map((reader) => ({ id: reader.id, reader, ofReader: samples[reader.id] ?? [] }));

/** Milliseconds in which any input of a few kilobytes is read, on a machine that is busy with other things too. */
const HANG = 5000;

describe.each(rows)('reader $id', ({ reader, ofReader }) => {
  const sample = fc.constantFrom<Sample | undefined>(...(ofReader.length === 0 ? [undefined] : ofReader));
  const mutated = fc
    .tuple(sample, people, fc.array(change, { minLength: 0, maxLength: 4 }))
    .map(([one, some, changes]) => ({
      path: one?.path ?? '',
      bytes: changes.reduce(changed, one?.make(some) ?? Buffer.alloc(0)),
    }));
  const random = fc.uint8Array({ maxLength: 2000 }).map((bytes) => ({ path: 'a', bytes: Buffer.from(bytes) }));

  test('has a sample of its format (test/read/samples.ts), recognizes it and finds labelled values in it', () => {
    expect(ofReader.length).toBeGreaterThan(0);
    for (const { path, make } of ofReader) {
      const bytes = make(patients(3));
      expect(readerOf(path, bytes).id).toBe(reader.id);
      expect(labelled(fieldsOf(reader, bytes, path)).length).toBeGreaterThan(2);
    }
  });

  test('mutated and random input: it throws nothing, ends in time, and no value lies outside', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: mutated }, random), ({ path, bytes }) => {
        const begun = performance.now();
        const wrong = fieldsOf(reader, bytes, path).find(
          ({ offset, record, line }) => !(offset >= 0 && offset <= bytes.length && record > 0 && line > 0),
        );
        expect(wrong).toBeUndefined();
        expect(performance.now() - begun).toBeLessThan(HANG);
      }),
      { numRuns: 400 },
    );
  });

  test('the fields do not depend on how the bytes are split', () => {
    fc.assert(
      fc.property(mutated, sizes, ({ path, bytes }, pieces) => {
        expect(placed(fieldsOf(reader, bytes, path, pieces))).toEqual(placed(fieldsOf(reader, bytes, path)));
      }),
      { numRuns: 200 },
    );
  });

  test('twice the input takes at most two and a half times the time', () => {
    for (const { path, make } of ofReader) {
      const count = Math.ceil(400_000 / (make(patients(100)).length / 100));
      const some = patients(count);
      const [once, twice] = [make(some), make([...some, ...some])];
      expect(
        bestRatio(
          () => {
            drain(reader, once, path);
          },
          () => {
            drain(reader, twice, path);
          },
        ),
      ).toBeLessThanOrEqual(2.5);
    }
  });
});

test('any mutated input is taken by some reader', () => {
  const all = rows.flatMap(({ ofReader }) => ofReader);
  fc.assert(
    fc.property(
      fc.constantFrom(...all),
      people,
      fc.array(change, { maxLength: 4 }),
      ({ path, make }, some, changes) => {
        const bytes = changes.reduce(changed, make(some));
        expect(fieldsOf(readerOf(path, bytes), bytes, path).length).toBeGreaterThanOrEqual(0);
      },
    ),
    { numRuns: 300 },
  );
});

/** Without what fast-check would print of a field of thousands. */
function placed(fields: readonly Field[]): readonly string[] {
  return fields.map((field) => JSON.stringify(field));
}

/** Other work on the machine slows single runs down: the best of some counts. */
function bestRatio(once: () => unknown, twice: () => unknown): number {
  once();
  let [best, first, second] = [Infinity, Infinity, Infinity];
  for (let attempt = 0; attempt < 25 && best > 2.5; attempt++) {
    first = Math.min(first, processorTime(once));
    second = Math.min(second, processorTime(twice));
    best = second / Math.max(first, 2);
  }
  return best;
}
