import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/limits.ts';
import { yaml } from '../../src/read/yaml.ts';
import { takesTimeInProportion } from './properties.ts';
import { bytesAt, fieldsOf, headOf, labelled } from './reading.ts';

const ssn = [900 - 378, 41, 7000 + 312].join('-');
const day = [1961, '03', 12].join('-');

function fieldsOfText(text: string): ReturnType<typeof fieldsOf> {
  return fieldsOf(yaml, Buffer.from(text), 'a.yaml');
}

describe('labels', () => {
  test.each<[string, string, readonly string[]]>([
    ['key paths', `patient:\n  id:\n    ssn: ${ssn}\n`, [`ssn < id < patient: ${ssn}`]],
    ['quotes', `ssn: '${ssn}'\n`, [`ssn: ${ssn}`]],
    ['flow', `{patient: {ssn: ${ssn}, dob: ${day}}}`, [`ssn < patient: ${ssn}`, `dob < patient: ${day}`]],
    ['a list', `ssn:\n- ${ssn}\n`, [`ssn: ${ssn}`]],
    ['a second document', `a: 1\n---\nssn: ${ssn}\n`, ['a: 1', `ssn: ${ssn}`]],
    ['an alias below another key', `x: &a ${ssn}\nssn: *a\n`, [`x: ${ssn}`, `ssn: ${ssn}`]],
    ['a name and its value', `- name: SSN\n  value: ${ssn}\n`, ['name: SSN', `SSN < value: ${ssn}`]],
    ['base64 as in a secret', `data:\n  ssn: ${btoa(ssn)}\n`, [`ssn < data: ${btoa(ssn)}`, `ssn < data: ${ssn}`]],
    ['a text of lines', `notes: |\n  SSN: ${ssn}\n  x\n`, [`notes: SSN: ${ssn}\nx\n`, `SSN: ${ssn}`]],
    ['JSON in a string', `a: '{"ssn": "${ssn}"}'\n`, [`ssn < a: ${ssn}`]],
    ['a comment', `a: b # ssn: ${ssn}\nc: d\n`, ['a: b', `ssn: ${ssn}`, 'c: d']],
    ['a comment at the end', `a: b\n# ssn: ${ssn}\n`, ['a: b', `ssn: ${ssn}`]],
    ['a number with zeros', 'zip: 00712', ['zip: 00712']],
    ['a template: no YAML, read as lines', `ssn: ${ssn}\n{{- if x }}\n  b: c\n`, [`ssn: ${ssn}`]],
    ['constants', 'mrn: null\nssn: true\n', []],
  ])('%s', (_title, text, expected) => {
    expect(labelled(fieldsOfText(text))).toEqual(expected);
  });
});

test('pointers', () => {
  const pointers = fieldsOfText(`people:\n- name: x\n  phones: [1, 2]\n`).map(({ pointer }) => pointer);
  expect(pointers).toEqual(['people[0].name', 'people[0].phones[0]', 'people[0].phones[1]']);
});

describe('records', () => {
  const recordsOf = (text: string): readonly number[] => fieldsOfText(text).map(({ record }) => record);
  test.each<[string, string, readonly number[]]>([
    ['siblings are one person', `ssn: 1\nname: x\naddress:\n  zip: 3\n`, [1, 1, 1]],
    ['elements are persons', `- ssn: 1\n  name: x\n- ssn: 2\n  name: y\n`, [2, 2, 3, 3]],
    ['mappings that are alike, as in fixtures', `jane: {ssn: 1, mrn: x}\njohn: {ssn: 2, mrn: y}\n`, [2, 2, 3, 3]],
    ['mappings that are not', `name: {given: x}\naddress: {zip: 1}\n`, [1, 1]],
    ['documents', `ssn: 1\n---\nssn: 2\n`, [1, 2]],
  ])('%s', (_title, text, expected) => {
    expect(recordsOf(text)).toEqual(expected);
  });
});

describe('recognized', () => {
  test.each<[string, string, string, boolean]>([
    ['by its name', 'a.yml', 'x: 1', true],
    ['by its marker', 'a', '# x\n---\nx: 1\n', true],
    ['Kubernetes', 'a', 'apiVersion: v1\n', true],
    ['not a rule of dashes', 'a', '---\nand then text goes on\n', false],
    ['not a patch', 'a', '--- a/x\n+++ b/x\n', false],
    ['not a line of a log', 'a', 'x: 1\n', false],
  ])('%s', (_title, path, text, expected) => {
    expect(yaml.recognizes(headOf(path, Buffer.from(text)))).toBe(expected);
  });
});

test('a text that is too long is read as lines', () => {
  const text = `# ${'x'.repeat(99)}\n`.repeat(limits.yamlBytes / 100) + `patient:\n  ssn: ${ssn}\n`;
  expect(labelled(fieldsOfText(text))).toEqual([`ssn < patient: ${ssn}`]);
});

const part = fc.constantFrom(
  'ssn: ',
  'a',
  '- ',
  '\n',
  '\n  ',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  '|',
  '#',
  '&x ',
  '*x',
  'é😀',
  ': ',
  '---\n',
  ', ',
  '\\u00e9',
  '\r\n',
  '1',
);
const texts = fc.array(part, { maxLength: 60 }).map((parts) => parts.join(''));

test('any text, split anywhere: the same fields, where they say', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (text, sizes) => {
      const entry = Buffer.from(text);
      const fields = fieldsOf(yaml, entry, 'a.yaml');
      expect(fieldsOf(yaml, entry, 'a.yaml', sizes)).toEqual(fields);
      for (const field of fields) {
        const before = entry.toString('utf8', 0, field.offset).split('\n');
        expect([field.line, field.column]).toEqual([before.length, (before.at(-1)?.length ?? 0) + 1]);
        if (field.span !== 'fixed') expect(bytesAt(entry, field)).toBe(field.value);
      }
    }),
    { numRuns: 1000 },
  );
});

/** Inputs made to cost more than their length; the longer of the two is just below the bound of what is parsed. */
takesTimeInProportion(
  yaml,
  [
    ['keys in one line', (times) => `{${Array.from({ length: times / 12 }, (_, index) => `k${index}: 1, `).join('')}}`],
    ['lines', (times) => 'ssn: é\n'.repeat(times / 8)],
    ['comments', (times) => '- 1 # a\n'.repeat(times / 8)],
    ['a text without end', (times) => `a: "${'x y '.repeat(times / 4)}`],
    ['open brackets', (times) => '['.repeat(times)],
    ['documents', (times) => `ssn: 1\n${'---\na: 1\n'.repeat(times / 9)}`],
    ['anchors', (times) => 'a: &a 1\nb: *a\n'.repeat(times / 14)],
  ],
  { path: 'a.yaml', times: 240_000, least: 20 },
);
