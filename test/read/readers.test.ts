import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { jsonReader } from '../../src/read/json.ts';
import { plainText } from '../../src/read/plain-text.ts';
import { settings } from '../../src/read/settings.ts';
import { table } from '../../src/read/table.ts';
import { yaml } from '../../src/read/yaml.ts';
import { bytesAt, fieldsOf, readerOf } from './reading.ts';

const json = jsonReader(() => []);
const word = fc.constantFrom(
  'ssn',
  'patient',
  'Zoë',
  'a b',
  'x',
  '1961-03-12',
  'MRN# 7',
  'é',
  '😀',
  '',
  'name=Roe',
  'a%20b',
);
const text = fc
  .array(
    fc.oneof(
      word,
      fc.constantFrom(': ', '=', '\n', '\r\n', '\n\n', ', ', '"', "'", '{', '}', '<ssn>', '  ', '- ', '&', '\\"'),
    ),
    {
      maxLength: 60,
    },
  )
  .map((parts) => parts.join(''));
const cell = fc.oneof(
  word,
  word.map((value) => `"${value}"`),
  fc.constantFrom('"a""b"', '"a\nb"', '"ssn: 1\nmrn: 2, more text that makes it a note, and more of it"', '"x'),
);
const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 2, maxLength: 12 });
const csv = rows.map((table) => ['id,ssn,name,note', ...table.map((row) => row.join(','))].join('\n'));
const documents = fc
  .array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 5 })
  .map((values) => values.map((value) => JSON.stringify({ name: value, ssn: ['a=b', 'é', value] })).join('\n'));
const bytes = fc.oneof(
  text.map((value) => Buffer.from(value)),
  csv.map((value) => Buffer.from(value)),
  documents.map((value) => Buffer.from(value)),
  fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value)),
);
/** Valid input with some of its bytes changed, cut or repeated. */
const mutated = fc
  .tuple(bytes, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat(), fc.integer({ min: 1, max: 3 }))
  .map(([valid, changes, cut, times]) => {
    const broken = Buffer.concat(Array.from({ length: times }, () => valid)).subarray(
      0,
      1 + (cut % (times * valid.length + 1)),
    );
    const copy = Buffer.from(broken);
    for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
    return copy;
  });
/** The same thing so often that it is longer than a block. */
const long = fc.tuple(fc.oneof(bytes, mutated), fc.integer({ min: 1, max: 3000 })).map(([part, times]) => {
  const repeated = Buffer.concat(
    Array.from({ length: Math.min(times, Math.ceil(400_000 / (part.length + 1))) }, () => part),
  );
  return repeated;
});
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 200_000 })), {
  minLength: 1,
  maxLength: 6,
});

describe.each([json, yaml, settings, table, plainText])('$id', (reader) => {
  test('the fields do not depend on how the bytes are split', () => {
    fc.assert(
      fc.property(fc.oneof(bytes, mutated), sizes, (entry, pieces) => {
        expect(fieldsOf(reader, entry, 'a.csv', pieces)).toEqual(fieldsOf(reader, entry, 'a.csv'));
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(long, sizes, (entry, pieces) => {
        const large = pieces.map((size) => size + 5000);
        expect(fieldsOf(reader, entry, 'a.csv', large)).toEqual(fieldsOf(reader, entry, 'a.csv', [entry.length + 1]));
      }),
      { numRuns: 8 },
    );
  });

  test('a value stands where its field says, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.oneof(bytes, mutated), (entry) => {
        for (const field of fieldsOf(reader, entry, 'a.csv')) {
          expect(field.offset).toBeLessThan(entry.length);
          if (field.span !== 'fixed') expect(bytesAt(entry, field)).toBe(field.value);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('line and column lead to the same place as the offset', () => {
    fc.assert(
      fc.property(fc.oneof(text, csv, documents), (content) => {
        const entry = Buffer.from(content);
        for (const field of fieldsOf(reader, entry, 'a.csv')) {
          const before = entry.toString('utf8', 0, field.offset).split('\n');
          expect([field.line, field.column]).toEqual([before.length, (before.at(-1)?.length ?? 0) + 1]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('no field is longer than a line, and no record number comes from nowhere', () => {
    fc.assert(
      fc.property(long, (entry) => {
        for (const field of fieldsOf(reader, entry, 'a.csv')) {
          expect(field.value.length).toBeLessThanOrEqual(limits.lineBytes);
          expect(field.record).toBeGreaterThan(0);
        }
      }),
      { numRuns: 8 },
    );
  });
});

test('some reader takes any bytes, and none throws', () => {
  fc.assert(
    fc.property(fc.oneof(bytes, mutated), fc.constantFrom('a.csv', 'a.json', 'a'), (entry, path) => {
      expect(Array.isArray(fieldsOf(readerOf(path, entry), entry, path))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

/** Inputs made to cost more than their length. */
const HOSTILE: readonly (readonly [string, (times: number) => string])[] = [
  ['quotes that are never closed', (times) => 'a,b,c\n' + 'x,"y,z\n'.repeat(times)],
  ['a row of empty quoted cells', (times) => 'a,b,c\n' + '"",'.repeat(times)],
  ['a line without end', (times) => 'a,b,c\n' + 'x'.repeat(3 * times)],
  ['open brackets', (times) => '['.repeat(times)],
  [
    'keys that never come again',
    (times) => '{' + Array.from({ length: times }, (_, index) => `"k${index}":1`).join() + '}',
  ],
  ['a string without end', (times) => '{"a":"' + 'x y '.repeat(times)],
  ['backslashes', (times) => '{"a":"' + '\\'.repeat(4 * times) + '"}'],
  ['labels without values', (times) => 'ssn '.repeat(times)],
  ['quotes after labels', (times) => 'ssn="'.repeat(times)],
  [
    'deeper and deeper indents',
    (times) => Array.from({ length: Math.ceil(times / 100) }, (_, index) => `${' '.repeat(index % 90)}key:`).join('\n'),
  ],
  [
    'JSON in JSON in JSON',
    (times) => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify(['x'.repeat(100)]) }) }).repeat(times / 50),
  ],
  ['spaces', (times) => '{"a"' + ' '.repeat(3 * times)],
];

describe.each(HOSTILE)('%s', (_title, make) => {
  test.each([json, settings, table, plainText])('$id takes time in proportion', (reader) => {
    const [once, twice] = [Buffer.from(make(30_000)), Buffer.from(make(60_000))];
    fieldsOf(reader, once, 'a.csv');
    const ratios: number[] = [];
    // Other work on the machine slows single runs down: the best of some counts.
    for (let attempt = 0; attempt < 12 && !ratios.some((ratio) => ratio <= 2.5); attempt++) {
      ratios.push(
        timed(() => fieldsOf(reader, twice, 'a.csv')) /
          Math.max(
            timed(() => fieldsOf(reader, once, 'a.csv')),
            2,
          ),
      );
    }
    expect(Math.min(...ratios)).toBeLessThanOrEqual(2.5);
  });
});

/** Milliseconds of processor time. */
function timed(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
