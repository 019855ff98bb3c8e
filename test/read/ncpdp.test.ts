import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/detect/field.ts';
import { ncpdp } from '../../src/read/ncpdp.ts';
import { patient } from '../support/patients.ts';
import { bytesAt, fieldsOf, headOf } from './reading.ts';

const { family, given, mrn, ssn, phone, street, zip, memberId } = patient(5);
const digits = phone.replaceAll('-', '');
const born = ['1962', '0314'].join('');
const prescription = String(4713).padStart(6, '0');
const header = `610066D0B1${'KELP'.padEnd(10)}1011234567893     20240102${' '.repeat(10)}`;

/** A segment and its fields, each behind its separator. */
function segment(name: string, ...fields: readonly string[]): string {
  return `\x1e\x1cAM${name}${fields.map((field) => `\x1c${field}`).join('')}`;
}

const person = segment('01', `C4${born}`, 'C52', `CA${given}`, `CB${family}`, `CM${street}`, `CP${zip}`, `CQ${digits}`);
const claim = `${header}${segment('04', `C2${memberId}`, 'C1G77')}${person}\x1d${segment('07', 'EM1', `D2${prescription}`)}`;

function shown(fields: readonly Field[]): readonly string[] {
  return fields
    .filter((field) => field.position !== undefined)
    .map(({ position = '', labels, value }) => `${position} [${labels.join(', ')}] ${value}`);
}

function read(text: string): readonly Field[] {
  return fieldsOf(ncpdp, Buffer.from(text));
}

test.each<[string, string, boolean]>([
  ['a claim', claim, true],
  ['one in a batch', `\x0200T${'KELP'.padEnd(24)}\x03\r\n\x02G10001${claim}\x03\r\n`, true],
  ['separators of something else', 'a\x1eb\x1cc', false],
  ['its words', 'AM01 C4 CA CB', false],
  ['an empty entry', '', false],
])('recognizes %s', (_title, text, expected) => {
  expect(ncpdp.recognizes(headOf('a', Buffer.from(text)))).toBe(expected);
});

describe('fields', () => {
  test('of a claim', () => {
    expect(shown(read(claim))).toEqual([
      `C2 [cardholder id, subscriber] ${memberId}`,
      'C1 [group number, subscriber] G77',
      `C4 [birth date, patient] ${born}`,
      `CA [first name, patient] ${given}`,
      `CB [last name, patient] ${family}`,
      `CM [address, patient] ${street}`,
      `CP [zip code, patient] ${zip}`,
      `CQ [phone, patient] ${digits}`,
      `D2 [prescription number, patient] ${prescription}`,
    ]);
  });

  test('the qualifier says what a patient id is', () => {
    const plain = ssn.replaceAll('-', '');
    expect(shown(read(header + segment('01', 'CX01', `CY${plain}`)))).toEqual([`CY [ssn, patient] ${plain}`]);
    expect(shown(read(header + segment('01', 'CX99', `CY${mrn}`)))).toEqual([`CY [patient id, patient] ${mrn}`]);
  });

  test('each transmission is a record, and values stand where their fields say', () => {
    const bytes = Buffer.from(`\x02${claim}\x03\r\n\x02${claim}\x03\r\n`);
    const fields = fieldsOf(ncpdp, bytes).filter(({ position }) => position !== undefined);
    expect(fields).toHaveLength(18);
    expect(new Set(fields.map(({ record }) => record)).size).toBe(2);
    for (const field of fields) expect(bytesAt(bytes, field)).toBe(field.value);
  });

  test('nothing of a prescriber, and a claim that is cut off', () => {
    expect(shown(read(header + segment('03', 'EZ01', 'DB1234567893', 'DRWREN')))).toEqual([]);
    expect(shown(read(claim.slice(0, claim.indexOf(family))))).toHaveLength(4);
  });
});
