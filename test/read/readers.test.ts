import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonReader } from '../../src/read/json.ts';
import { plainText } from '../../src/read/plain-text.ts';
import { settings } from '../../src/read/settings.ts';
import { table } from '../../src/read/table.ts';
import { yaml } from '../../src/read/yaml.ts';
import {
  type Hostile,
  holdsForAnyBytes,
  mutations,
  randomBytes,
  takesTimeInProportion,
  tellsLineAndColumn,
} from './properties.ts';
import { fieldsOf, readerOf } from './reading.ts';

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
const valid = fc.oneof(text, csv, documents).map((content) => Buffer.from(content));

describe.each([json, yaml, settings, table, plainText])('$id', (reader) => {
  holdsForAnyBytes(reader, valid, 'a.csv');
  tellsLineAndColumn(reader, fc.oneof(text, csv, documents), 'a.csv');
});

test('some reader takes any bytes, and none throws', () => {
  fc.assert(
    fc.property(
      fc.oneof(valid, mutations(valid), randomBytes),
      fc.constantFrom('a.csv', 'a.json', 'a'),
      (entry, path) => {
        expect(Array.isArray(fieldsOf(readerOf(path, entry), entry, path))).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

/** Inputs made to cost more than their length. */
const HOSTILE: readonly Hostile[] = [
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

describe.each([json, settings, table, plainText])('$id', (reader) => {
  takesTimeInProportion(reader, HOSTILE, { path: 'a.csv', least: 2 });
});
