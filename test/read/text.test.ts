import { describe, expect, test } from 'vitest';
import { plainText } from '../../src/read/plain-text.ts';
import { TextReading } from '../../src/read/text.ts';
import { fieldsOf, labelled } from './reading.ts';
import { vocabulary } from './vocabulary.ts';

const ssn = [900 - 378, 41, 7000 + 312].join('-');
const mrn = ['00', '12'].join('');
const email = ['jane', 'roe.test'].join('@');
const name = ['Jane', 'Roe'].join(' ');
const day = [3, 12, 1961].join('/');

const ROWS: readonly (readonly [string, string, readonly string[]])[] = [
  ['a shell variable', `export PATIENT_SSN="${ssn}" # x`, [`PATIENT_SSN: ${ssn}`]],
  ['a .env line', `SSN=${ssn}`, [`SSN: ${ssn}`]],
  ['a YAML key in quotes', `"dob": '${day}'`, [`dob: ${day}`]],
  ['an identifier around the word', `patient.home_phone=555`, ['patient.home_phone: 555']],
  ['camel case', `patientName: 'Roe'`, ['patientName: Roe']],
  ['a quoted key of several words', `"Home Phone Nr 2": "555"`, ['Home Phone Nr 2: 555']],
  ['a hash arrow', `:ssn => '${ssn}',`, [`ssn: ${ssn}`]],
  ['Java toString', `Patient{ssn=${ssn}, dob=${day}}`, [`ssn: ${ssn}`, `dob: ${day}`]],
  ['an XML element', `<ssn>${ssn}</ssn>`, [`ssn: ${ssn}`]],
  ['an XML element with a prefix and attributes', `<v3:ssn root="1">${ssn}</v3:ssn>`, [`ssn: ${ssn}`]],
  ['an XML element with a value attribute', `<dob value="${day}"/>`, [`dob: ${day}`]],
  ['an XML attribute', `<person dob="${day}">`, [`dob: ${day}`]],
  ['cells of an HTML table', `<td>SSN</td><td>${ssn}</td>`, [`SSN: ${ssn}`]],
  ['cells of an HTML table, with a colon', `<td>SSN:</td><td>${ssn}</td>`, [`SSN: ${ssn}`]],
  ['a URL query', `GET /x?mrn=${mrn}&dob=${day}&a=b HTTP/1.1`, [`mrn: ${mrn}`, `dob: ${day}`]],
  [
    'a percent-encoded query',
    `GET /x?email=${encodeURIComponent(email)}`,
    [`email: ${encodeURIComponent(email)}`, `email: ${email}`],
  ],
  ['command line flags', `run --patient-name "${name}" --ssn ${ssn} -v`, [`patient-name: ${name}`, `ssn: ${ssn}`]],
  ['SQL', `WHERE ssn = '${ssn}' AND dob='${day}'`, [`ssn: ${ssn}`, `dob: ${day}`]],
  ['escaped JSON', `msg="{\\"ssn\\":\\"${ssn}\\"}"`, [`ssn: ${ssn}`]],
  ['JSON in HTML', `{&quot;ssn&quot;:&quot;${ssn}&quot;}`, [`ssn: ${ssn}`]],
  ['minified source', `a({ssn:"${ssn}",b:1,dob:"${day}"})`, [`ssn: ${ssn}`, `dob: ${day}`]],
  ['a name and its value', `{"name": "ssn", "value": "${ssn}"}`, ['name: ssn', `ssn: ${ssn}`]],
  ['prose', `SSN ${ssn}, born on ${day}.`, [`SSN: ${ssn}`, `born on: ${day}`]],
  ['a number sign', `MRN# ${mrn}`, [`MRN#: ${mrn}`]],
  ['words that belong to the label', `SSN (last 4): 7312`, ['SSN (last 4): 7312']],
  ['a label that another one leads to', `DOB of patient: ${day}`, ['DOB: of', `patient < DOB: ${day}`]],
  ['a phrase of two labels', `Patient Phone: 555`, ['Patient Phone: 555']],
  ['a word of the vocabulary inside a value', `name: Family Roe`, ['name: Family Roe', 'Family: Roe']],
  ['several words: also as text', `dob: ${day} or so`, [`dob: ${day} or so`, `dob: ${day} or so`]],
  [
    'base64 behind a label',
    `ssn: ${Buffer.from(ssn).toString('base64')}`,
    [`ssn: ${Buffer.from(ssn).toString('base64')}`, `ssn: ${ssn}`],
  ],
  ['a label above its value', `SSN:\n  ${ssn}`, [`SSN: ${ssn}`]],
  ['a form: a label alone on its line', `Date of Birth\n${day}`, [`Date of Birth: ${day}`]],
  ['an XML element over three lines', `<ssn>\n  ${ssn}\n</ssn>`, [`ssn: ${ssn}`]],
  ['keys above', `patient:\n  home:\n    phone: 555`, ['phone < home < patient: 555']],
  ['an INI section', `[patient]\nname = Roe`, ['name < patient: Roe']],
  ['a list below a key', `phone:\n  - 555\n  - 556\nx: y`, ['phone: 555', 'phone: 556']],
  ['a key beside that names the value', `- name: SSN\n  value: "${ssn}"`, ['name: SSN', `SSN < value: ${ssn}`]],
  ['a label with nothing behind it', `the patient`, []],
  ['a word inside another', `compassnumber=1 mrna=2`, []],
  ['a label in a sentence above other text', `ask for the SSN\nand then go on`, []],
  ['not UTF-8', `name: Ren\xe9`, ['name: Ren\xe9']],
];

describe('labelled values', () => {
  test.each(ROWS)('%s', (title, text, expected) => {
    const bytes = Buffer.from(text, title === 'not UTF-8' ? 'latin1' : 'utf8');
    expect(labelled(fieldsOf(plainText, bytes))).toEqual(expected);
  });
});

/** The record of each labelled value, from 1. */
function recordsOf(text: string): readonly number[] {
  return fieldsOf(plainText, Buffer.from(text))
    .filter((field) => field.labels.length > 0)
    .map((field) => field.record);
}

describe('records', () => {
  test.each<[string, string, readonly number[]]>([
    ['lines of one paragraph', `ssn: 1\ndob: 2\n`, [1, 1]],
    ['a blank line between', `ssn: 1\n\ndob: 2\n`, [1, 2]],
    ['a key that comes again', `ssn: 1\ndob: 2\nssn: 3\ndob: 4\n`, [1, 1, 2, 2]],
    ['a key that comes again on the same line', `{ssn:1,dob:2},{ssn:3,dob:4}`, [1, 1, 2, 2]],
    ['the same key below another one', `patient:\n  phone: 1\nfriend:\n  phone: 2\n`, [1, 1]],
    ['lines of a log', `2024-01-02 10:00:00 ssn=1 dob=2\n2024-01-02 10:00:01 mrn=3\n`, [1, 1, 2]],
    ['rows without header', `mrn 1,b,c,d,e\nssn 2,b,c,d,e\n`, [1, 2]],
  ])('%s', (_title, text, expected) => {
    expect(recordsOf(text)).toEqual(expected);
  });

  test('more than 40 lines are more than one record', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `x${index}: 1`);
    expect(recordsOf(['ssn: 1', ...lines, 'dob: 2'].join('\n'))).toEqual([1, 2]);
  });
});

test('lines that are left out part records, contiguous calls do not', () => {
  const lines = ['ssn: 1\n', 'x\n', 'dob: 2\n'].map((line) => Buffer.from(line));
  const recordsWith = (calls: readonly number[]): readonly number[] => {
    const reading = new TextReading(vocabulary);
    const records = new Set<number>();
    let offset = 0;
    for (const [index, bytes] of lines.entries()) {
      if (calls.includes(index))
        for (const field of reading.read(bytes, { offset, line: index + 1 })) records.add(field.record);
      offset += bytes.length;
    }
    return [...records];
  };
  expect(recordsWith([0, 1, 2])).toEqual([1]);
  expect(recordsWith([0, 2])).toEqual([1, 2]);
});

test('a line of text is a field of its own, without label', () => {
  const fields = fieldsOf(plainText, Buffer.from(`\n see ${ssn} \n`));
  expect(fields).toEqual([
    { value: ` see ${ssn} `, labels: [], tie: 'bare', record: 1, offset: 1, line: 2, column: 1, span: 'bytes' },
  ]);
});

test('a byte order mark is no character of the first key', () => {
  expect(fieldsOf(plainText, Buffer.from('\ufeffssn: 1')).map((field) => field.offset)).toEqual([3, 8]);
});

test('a value across two runs of a long line is not cut where a blank is near', () => {
  const text = `${'x '.repeat(8190)} ssn=${ssn}; and more`;
  expect(labelled(fieldsOf(plainText, Buffer.from(text)))).toEqual([`ssn: ${ssn}`]);
});
