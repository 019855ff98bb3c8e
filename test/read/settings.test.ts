import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settings } from '../../src/read/settings.ts';
import { bytesAt, fieldsOf, headOf, labelled } from './reading.ts';

const ssn = [900 - 378, 41, 7000 + 312].join('-');
const day = [1961, '03', 12].join('-');

function fieldsOfText(text: string): ReturnType<typeof fieldsOf> {
  return fieldsOf(settings, Buffer.from(text), 'a.toml');
}

describe('labels', () => {
  test.each<[string, string, readonly string[]]>([
    ['TOML in a table', `[patient.id]\nssn = "${ssn}"\n`, [`ssn < id < patient: ${ssn}`]],
    ['TOML in an array of tables', `[[patients]]\nssn = '${ssn}' # x\n`, [`ssn < patients: ${ssn}`]],
    ['a date of TOML', `dob = ${day}\n`, [`dob: ${day}`]],
    ['a dotted key', `patient.ssn = "${ssn}"\n`, [`patient.ssn: ${ssn}`]],
    [
      'an inline table',
      `patient = { ssn = "${ssn}", dob = ${day} }\n`,
      [`ssn < patient: ${ssn}`, `dob < patient: ${day}`],
    ],
    ['an array', `ssn = ["${ssn}", "x"]\n`, [`ssn: ${ssn}`, 'ssn: x']],
    ['an array over lines', `ssn = [\n  "${ssn}",\n  "x",\n]\nmrn = 1\n`, [`ssn: ${ssn}`, 'ssn: x', 'mrn: 1']],
    ['a text of several lines', `note = """\nSSN: ${ssn}\n"""\nmrn = 1\n`, [`SSN < note: ${ssn}`, 'mrn: 1']],
    ['INI', `[patient]\nssn=${ssn}\n; dob: ${day}\n`, [`ssn < patient: ${ssn}`, `dob: ${day}`]],
    ['properties', `patient.ssn: ${ssn}\n`, [`patient.ssn: ${ssn}`]],
    ['properties that go on', `ssn = \\\n  ${ssn}\nmrn = 1\n`, [`ssn: \\`, `ssn: ${ssn}`, 'mrn: 1']],
    ['.env', `export PATIENT_SSN="${ssn}"\n`, [`PATIENT_SSN: ${ssn}`]],
    ['a key of several words', `Home Phone = 555\n`, ['Home Phone: 555']],
    ['JSON in .env', `P='{"ssn": "${ssn}"}'\n`, [`ssn < P: ${ssn}`]],
    ['escaped JSON', `P="{\\"ssn\\": \\"${ssn}\\"}"\n`, [`ssn < P: ${ssn}`]],
    ['a line that is none', `see SSN ${ssn}\n`, [`SSN: ${ssn}`]],
    ['nothing behind a key', `ssn=\nmrn=1\n`, ['mrn: 1']],
  ])('%s', (_title, text, expected) => {
    expect(labelled(fieldsOfText(text))).toEqual(expected);
  });
});

describe('pointers', () => {
  test.each<[string, string, readonly string[]]>([
    ['.env', `export PATIENT_SSN=${ssn}\n`, ['PATIENT_SSN']],
    ['JSON in .env', `P='{"people": [{"ssn": "${ssn}"}]}'\n`, ['P.people[0].ssn']],
    ['a key in a table of TOML', `[patient.home]\nphone = 1\n`, ['patient.home.phone']],
    [
      'arrays of tables, one in another',
      '[[a]]\n[[a]]\n[[a.b]]\nssn=1\n[[a.b]]\nssn=2\n',
      ['a[1].b[0].ssn', 'a[1].b[1].ssn'],
    ],
    ['a table in an array of tables', '[[a]]\nssn=1\n[a.home]\nphone=2\n', ['a[0].ssn', 'a[0].home.phone']],
    ['an inline table: its key', `[a]\np = { ssn = "${ssn}" }\n`, ['a.p']],
    ['a list over lines: its key', `ssn = [\n  "${ssn}",\n]\n`, ['ssn']],
    ['a text of several lines: its key', `note = """\nSSN: ${ssn}\n"""\n`, ['note']],
    ['dotted properties', `patient.ssn=${ssn}\npatients[3].ssn=1\n`, ['patient.ssn', 'patients[3].ssn']],
    ['properties that go on', `ssn = \\\n  ${ssn}\n`, ['ssn']],
    ['a section and a key of several words', `[smoke test]\nHome Phone=1\n`, ['["smoke test"]["Home Phone"]']],
    ['numbered sections, which are one of many', '[patient12]\nssn=1\n', ['["patient12"].ssn']],
    ['a comment behind a value: none', `a = 1 # SSN: ${ssn}\n`, ['a', '-']],
  ])('%s', (_title, text, expected) => {
    const pointers = fieldsOfText(text)
      .filter(({ labels }) => labels.length > 0)
      .map(({ pointer }) => pointer ?? '-');
    expect([...new Set(pointers)]).toEqual(expected);
  });

  test('elements of the thousandth list and one have no number', () => {
    const lists = Array.from({ length: 1001 }, (_, index) => `[[list_${String(index)}_]]\n`);
    const last = fieldsOfText(`${lists.join('')}ssn=1\n`).at(-1);
    expect(last?.pointer).toMatch(/\[\*\]\.ssn$/);
  });
});

describe('records', () => {
  /** The record of each labelled value, from 1. */
  const recordsOf = (text: string): readonly number[] => {
    const records = fieldsOfText(text).filter(({ labels }) => labels.length > 0);
    const order = [...new Set(records.map(({ record }) => record))];
    return records.map(({ record }) => order.indexOf(record) + 1);
  };
  test.each<[string, string, readonly number[]]>([
    ['a table is a record, blank lines or not', '[a]\nssn = 1\n\ndob = 2\n', [1, 1]],
    ['two tables', '[a]\nssn = 1\n[b]\nssn = 2\n', [1, 2]],
    ['a table inside belongs to it', '[[a]]\nssn = 1\n[a.home]\nphone = 2\n[[a]]\nssn = 3\n', [1, 1, 2]],
    ['paragraphs of .env', 'SSN=1\nDOB=2\n\nMRN=3\n', [1, 1, 2]],
    ['a key that comes again', 'SSN=1\nDOB=2\nSSN=3\nDOB=4\n', [1, 1, 2, 2]],
    ['numbers in keys', 'p[0].ssn=1\np[0].dob=2\np[1].ssn=3\np[1].dob=4\n', [1, 1, 2, 2]],
    ['tables in lines', 'p = [\n  {ssn = 1, dob = 2},\n  {ssn = 3, dob = 4},\n]\n', [1, 1, 2, 2]],
  ])('%s', (_title, text, expected) => {
    expect(recordsOf(text)).toEqual(expected);
  });
});

describe('recognized', () => {
  test.each<[string, string, string, boolean]>([
    ['.env', 'app/.env', 'A=1', true],
    ['.env of a stage', '.env.production', 'A=1', true],
    ['Cargo.toml', 'Cargo.toml', '[package]\n', true],
    ['by a section', 'a', '# x\n[patient]\nssn = 1\n', true],
    ['not a list in JSON', 'a', '[1]\n{"a": 1}\n', false],
    ['not a text', 'notes.txt', 'Patient: x\n', false],
    ['not the environment of something', 'environment.txt', 'A=1\n', false],
  ])('%s', (_title, path, text, expected) => {
    expect(settings.recognizes(headOf(path, Buffer.from(text)))).toBe(expected);
  });
});

const part = fc.constantFrom(
  'ssn',
  ' = ',
  '=',
  ': ',
  '\n',
  '[a.b]',
  '[[p]]',
  '"',
  '"""',
  "'",
  '{',
  '}',
  '[',
  ']',
  '# ',
  '; ',
  '\\',
  'é😀',
  'dob',
  ', ',
  '1',
  '\r\n',
  'p.1.',
);
const texts = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(''));

test('any text, split anywhere: the same fields, where they say', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (text, sizes) => {
      const entry = Buffer.from(text);
      const fields = fieldsOf(settings, entry, 'a.toml');
      expect(fieldsOf(settings, entry, 'a.toml', sizes)).toEqual(fields);
      for (const field of fields) {
        const before = entry.toString('utf8', 0, field.offset).split('\n');
        expect([field.line, field.column]).toEqual([before.length, (before.at(-1)?.length ?? 0) + 1]);
        if (field.span !== 'fixed') expect(bytesAt(entry, field)).toBe(field.value);
      }
    }),
    { numRuns: 1000 },
  );
});

test('a long line is the same in any pieces', () => {
  const entry = Buffer.from(`a=1\nssn=${'x y=1 '.repeat(60_000)}\nssn=${ssn}\n`);
  expect(fieldsOf(settings, entry, 'a.env', [7001, 90_001])).toEqual(fieldsOf(settings, entry, 'a.env', [1e6]));
});
