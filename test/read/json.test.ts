import { describe, expect, test } from 'vitest';
import { jsonReader } from '../../src/read/json.ts';
import type { Field } from '../../src/detect/field.ts';
import { bytesAt, fieldsOf, headOf, readerOf } from './reading.ts';

const json = jsonReader(() => []);
const ssn = [900 - 378, 41, 7000 + 312].join('-');
const mrn = ['00', '12'].join('');

function read(text: string): readonly Field[] {
  return fieldsOf(json, Buffer.from(text));
}

/** `pointer [labels] value`, of fields with a label. */
function shown(fields: readonly Field[]): readonly string[] {
  return fields
    .filter((field) => field.labels.length > 0)
    .map((field) => `${field.pointer ?? ''} [${field.labels.join(' ')}] ${field.value}`);
}

describe('recognizes', () => {
  test.each<[string, string, boolean]>([
    ['an object', '{"a": 1}', true],
    ['a list', ' [ "a" ]', true],
    ['lines of objects', '{"a":1}\n{"a":2}\n', true],
    ['a byte order mark', '\ufeff{"a": 1}', true],
    ['comments and a trailing comma', '{ // why\n "a": 1, /* and */ }', true],
    ['a text sequence of RFC 7464', '\x1e{"a":1}\n\x1e{"a":2}\n', true],
    ['a document that is cut off', '{"a": 1, "b": {"c": "d', true],
    ['nothing to read', '{}', false],
    ['an INI section', '[patient]\nssn = 1', false],
    ['a log line', '[2024-01-02 10:00:00] ssn=1', false],
    ['a footnote', '[1]: see below', false],
    ['source code', '{ int ssn = 1; }', false],
    ['a template', '{{ "a" }}', false],
    ['a string', '"ssn"', false],
    ['an empty entry', '', false],
  ])('%s', (_title, text, expected) => {
    expect(json.recognizes(headOf('a', Buffer.from(text)))).toBe(expected);
  });
});

describe('fields', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'keys upwards as labels, list indexes in the pointer only',
      JSON.stringify({ patients: [{ name: [{ use: 'official', family: 'Roe', given: ['Jane', 'Ann'] }] }] }),
      [
        'patients[0].name[0].use [use name patients] official',
        'patients[0].name[0].family [family name patients] Roe',
        'patients[0].name[0].given[0] [given name patients] Jane',
        'patients[0].name[0].given[1] [given name patients] Ann',
      ],
    ],
    ['a number', `{"ssn": ${ssn.replaceAll('-', '')}}`, [`ssn [ssn] ${ssn.replaceAll('-', '')}`]],
    ['a number longer than a double', '{"id": 12345678901234567890}', ['id [id] 12345678901234567890']],
    ['no constants, no empty strings', '{"a": null, "b": true, "c": "", "d": 0}', ['d [d] 0']],
    ['odd keys in quotes', '{"a.b": {"c d": "x"}, "": ["y"]}', ['["a.b"]["c d"] [c d a.b] x', '[""][0] [] y']],
    ['escapes', '{"k\\u0065y": "Zo\\u00eb\\n"}', ['key [key] Zoë\n']],
    [
      'an environment',
      JSON.stringify({ config: { Env: ['PATH=/bin', `PATIENT_SSN=${ssn}`] } }),
      ['config.Env[0] [PATH Env config] /bin', `config.Env[1] [PATIENT_SSN Env config] ${ssn}`],
    ],
    [
      'a name and its value',
      JSON.stringify([{ name: 'SSN', value: ssn }]),
      ['[0].name [name] SSN', `[0].value [SSN value] ${ssn}`],
    ],
    [
      'the system of an identifier',
      JSON.stringify({ identifier: [{ type: { coding: [{ code: 'MRN' }] }, value: mrn }] }),
      [
        'identifier[0].type.coding[0].code [code coding type identifier] MRN',
        `identifier[0].value [MRN value identifier] ${mrn}`,
      ],
    ],
    [
      'no name of a person as a label',
      JSON.stringify({ name: 'Jane', value: 'x' }),
      ['name [name] Jane', 'value [value] x'],
    ],
    [
      'JSON in a string',
      JSON.stringify({ m: JSON.stringify({ ssn, deep: JSON.stringify([{ dob: 'x' }]) }) }),
      [`m.ssn [ssn m] ${ssn}`, 'm.deep[0].dob [dob deep m] x'],
    ],
    [
      'text in a string',
      JSON.stringify({ note: `MRN 12, SSN ${ssn}` }),
      [`note [note] MRN 12, SSN ${ssn}`, 'note [MRN note] 12', `note [SSN note] ${ssn}`],
    ],
    [
      'base64 in a string',
      JSON.stringify({ ssn: Buffer.from(ssn).toString('base64') }),
      [`ssn [ssn] ${Buffer.from(ssn).toString('base64')}`, `ssn [ssn] ${ssn}`],
    ],
    ['a number with dashes, without quotes', `{"a": 1, "ssn": ${ssn}}`, ['a [a] 1', `ssn [ssn] ${ssn}`]],
    ['a document that is cut off', `{"a": {"ssn": "${ssn}", "b": "c`, [`a.ssn [ssn a] ${ssn}`]],
  ])('%s', (_title, text, expected) => {
    const fields = shown(read(text));
    expect(fields).toEqual(expected);
  });

  test('comments are read as text', () => {
    const fields = read(`{"a": /* ssn: ${ssn} */ 1}`);
    expect(shown(fields)).toContain(` [ssn] ${ssn}`);
  });

  test('a key with digits in it is text too', () => {
    expect(read(`{"${ssn}": 1}`)[0]).toMatchObject({ value: ssn, tie: 'bare', offset: 2, column: 3 });
  });

  test('what follows a fault is read as text, and what was before stays', () => {
    const text = `{"a": 1, "ssn": "${ssn}",\n "b" oops\n mrn: ${mrn} }`;
    const fields = read(text);
    expect(shown(fields)).toEqual(['a [a] 1', `ssn [ssn] ${ssn}`, ` [mrn] ${mrn}`]);
    expect(fields.at(-1)).toMatchObject({ line: 3, column: 7 });
  });

  test('a string that is longer than a line is read in runs', () => {
    const text = `{"a": {"note": "${'word '.repeat(20_000)} ssn: ${ssn}", "dob": "x"}}`;
    const fields = read(text);
    expect(shown(fields).slice(-2)).toEqual([`a.note [ssn note a] ${ssn}`, 'a.dob [dob a] x']);
    const bytes = Buffer.from(text);
    for (const field of fields) expect(bytesAt(bytes, field)).toBe(field.value);
  });
});

describe('records', () => {
  /** `record:value` with records numbered as they come. */
  function recordsOf(value: unknown): string {
    const numbers: number[] = [];
    return read(typeof value === 'string' ? value : JSON.stringify(value))
      .filter((field) => field.tie === 'key')
      .map((field) => {
        if (!numbers.includes(field.record)) numbers.push(field.record);
        return `${numbers.indexOf(field.record) + 1}${field.value}`;
      })
      .join(' ');
  }

  test.each<[string, unknown, string]>([
    ['a document', { a: 'a', b: { c: 'b' }, d: ['c'] }, '1a 1b 1c'],
    ['elements of a list', [{ a: 'a', b: { c: 'b' } }, { a: 'c' }], '1a 1b 2c'],
    ['lines', '{"a":"a"}\n{"a":"b"}', '1a 2b'],
    ['a list in a person', { a: 'a', visits: [{ b: 'b' }, { b: 'c' }], d: 'd' }, '1a 2b 3c 1d'],
    [
      'parts of a person',
      { resourceType: 'a', name: [{ family: 'b' }], telecom: [{ value: 'c' }], d: 'd' },
      '1a 1b 1c 1d',
    ],
    ['a list of parts that is all there is', { addresses: [{ a: 'a' }, { a: 'b' }] }, '1a 2b'],
    ['persons of a department', { departments: [{ n: 'a', patients: [{ n: 'b' }, { n: 'c' }] }] }, '1a 2b 3c'],
    [
      'rows as lists',
      {
        rows: [
          ['a', 'b'],
          ['c', 'd'],
        ],
      },
      '1a 1b 2c 2d',
    ],
  ])('%s', (_title, value, expected) => {
    expect(recordsOf(value)).toBe(expected);
  });
});

test('a place counts characters in its line, and bytes in the entry', () => {
  const text = `{\n  "é": "ü",\n  "😀": "x", "b": "y" }`;
  expect(read(text).map(({ value, line, column, offset }) => [value, line, column, offset])).toEqual([
    ['ü', 2, 9, 11],
    ['x', 3, 10, 27],
    ['y', 3, 20, 37],
  ]);
});

test('JSON with another extension is JSON', () => {
  expect(readerOf('a.csv', Buffer.from('{"a":1,"b":2}\n{"a":1,"b":2}')).id).toBe('json');
});
