import { describe, expect, test } from 'vitest';
import { plainText } from '../../src/read/plain-text.ts';
import { patient } from '../support/patients.ts';
import { bytesAt, fieldsOf } from './reading.ts';

const { given, family, name, mrn, ssn } = patient(5);
const email = ['zo', 'roe.test'].join('@');

/** The values of fields across a break, with their labels. */
function across(text: string): readonly string[] {
  return fieldsOf(plainText, Buffer.from(text))
    .filter(({ span }) => span === 'fixed')
    .map(({ labels, value }) => `${labels[0] ?? ''}: ${value}`);
}

describe('quoted-printable lines that go on in the next one', () => {
  test.each<[string, string, readonly string[]]>([
    ['a value', `the mrn: ${mrn.slice(0, 5)}=\n${mrn.slice(5)}`, [`mrn: ${mrn}`, `: ${mrn}`]],
    ['a value, with CRLF', `the mrn: ${mrn.slice(0, 5)}=\r\n${mrn.slice(5)}\r\n`, [`mrn: ${mrn}`, `: ${mrn}`]],
    ['a name', `patient name: ${given} =\n${family}`, [`patient name: ${name}`]],
    ['a label', `and then the social security=\n number: ${ssn}`, [`social security number: ${ssn}`]],
    ['a number without label', `see ${ssn.slice(0, 6)}=\n${ssn.slice(6)} there`, [`: ${ssn}`]],
    ['an assignment over two lines is one already', `mrn =\n  ${mrn}`, []],
    ['a setting without a value', `PATIENT_NAME=\nSSN=${ssn}`, []],
    ['base64', `bWFpbA==\nssn: ${ssn}`, []],
    ['a heading', `Results\n=======\nssn: ${ssn}`, []],
    ['a blank line between', `mrn: ${mrn.slice(0, 5)}=\n\n${mrn.slice(5)}`, []],
    ['nothing behind it', `mrn: ${mrn.slice(0, 5)}=`, []],
    ['a long line', `${'x'.repeat(200)} mrn: ${mrn.slice(0, 5)}=\n${mrn.slice(5)}`, []],
  ])('%s', (_title, text, expected) => {
    expect([...new Set(across(text))]).toEqual(expected);
  });

  test('the value stands where it begins', () => {
    const entry = Buffer.from(`\u00e9 mrn: ${mrn.slice(0, 5)}=\n${mrn.slice(5)}`);
    const [field] = fieldsOf(plainText, entry).filter(({ span, labels }) => span === 'fixed' && labels.length > 0);
    expect(field?.line).toBe(1);
    expect(field && bytesAt(entry, { ...field, value: mrn.slice(0, 5), span: 'bytes' })).toBe(mrn.slice(0, 5));
  });
});

describe('encoded words (RFC 2047)', () => {
  test.each<[string, string, readonly string[]]>([
    ['Q', `Subject: =?UTF-8?Q?mrn:_${mrn}?=`, [`mrn: ${mrn}`]],
    ['B', `Subject: =?utf-8?B?${Buffer.from(`mrn: ${mrn}`).toString('base64')}?=`, [`mrn: ${mrn}`]],
    [
      'two that are one text',
      `Subject: =?UTF-8?Q?mrn:_${mrn.slice(0, 4)}?= =?UTF-8?Q?${mrn.slice(4)}?=`,
      [`mrn: ${mrn}`],
    ],
    [
      'Latin-1',
      `Subject: =?iso-8859-1?q?patient_name:_${family}=E9_${given}?=`,
      [`patient name: ${family}\u00e9 ${given}`],
    ],
    ['Shift JIS', `Subject: =?shift_jis?B?${Buffer.from(`mrn: ${mrn}`).toString('base64')}?=`, [`mrn: ${mrn}`]],
    ['a charset that nobody knows', `Subject: =?x-none?Q?mrn:_${mrn}?=`, []],
    ['a word that is cut', `Subject: =?UTF-8?Q?mrn:_${mrn}`, []],
    ['text that looks alike', `if (a=?b) email ${email}`, []],
  ])('%s', (_title, text, expected) => {
    expect([...new Set(across(text))].filter((field) => expected.length === 0 || !field.startsWith(': '))).toEqual(
      expected,
    );
  });
});
