import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/detect/field.ts';
import { jsonReader } from '../../src/read/json.ts';
import { plainText } from '../../src/read/plain-text.ts';
import { patient } from '../support/patients.ts';
import { bytesAt, fieldsOf } from './reading.ts';

const json = jsonReader(() => []);
const { family, given, mrn, ssn, account, memberId } = patient(3);
const street = ['1', 'A', 'ST'].join(' ');
const born = ['1962', '0314'].join('');
const header = 'MSH|^~\\&|ADT|MERCY|LAB|MERCY|20240102030405||ADT^A01|77|P|2.5.1';
const pid = `PID|1||${mrn}^^^MERCY^MR||${family}^${given}`;
const nextOfKin = `NK1|1|${family}^${given}`;
const patientId = `PID-3 ${mrn}`;
const patientName = `PID-5 ${family}^${given}`;
const relative = `NK1-2 ${family}^${given}`;

function shown(fields: readonly Field[]): readonly string[] {
  return fields
    .filter(({ position }) => position !== undefined)
    .map(({ position = '', value }) => `${position} ${value}`);
}

function inText(text: string): readonly string[] {
  return shown(fieldsOf(plainText, Buffer.from(text)));
}

function inJson(value: unknown): readonly Field[] {
  return fieldsOf(json, Buffer.from(JSON.stringify(value)));
}

describe('messages in text', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'a log line, with its returns',
      `12:00 INFO got ${header}\r${pid}\r${nextOfKin}\r\n`,
      [patientId, patientName, relative],
    ],
    [
      'a log line, with returns escaped',
      `INFO got ${header}\\r${pid}\\r${nextOfKin}\\r`,
      [patientId, patientName, relative],
    ],
    ['returns in hexadecimal', `${header}\\x0d${pid}\\u000d\\u000a${nextOfKin}`, [patientId, patientName, relative]],
    ['returns in angle brackets', `${header}<CR>${pid}<CR><LF>${nextOfKin}`, [patientId, patientName, relative]],
    [
      'returns as character references',
      `<m>${header}&#13;${pid}&#xD;${nextOfKin}</m>`,
      [patientId, patientName, relative],
    ],
    ['returns as a terminal shows them', `${header}^M${pid}^M${nextOfKin}^M`, [patientId, patientName, relative]],
    ['returns that became blanks', `${header} ${pid} ${nextOfKin}`, [patientId, patientName, relative]],
    ['a line for each segment', `> ${header}\n> ${pid}\n> ${nextOfKin}\n`, [patientId, patientName, relative]],
    ['a section of character data', `<m><![CDATA[${header}\r${pid}]]></m>`, [patientId, patientName]],
    [
      'strings in source code',
      [`String m = "${header.replace('\\', '\\\\')}\\r"`, ` + "${pid}\\r"`, ` + "${nextOfKin}";`].join('\n'),
      [patientId, patientName, relative],
    ],
    ['a string in single quotes', `send('${header}\\n${pid}')`, [patientId, patientName]],
    ['an empty value in a string', `m = "PID|1||${mrn}||\\"\\"||${account}"`, [patientId, `PID-7 ${account}`]],
    ['a segment without its message', `bad segment: ${pid}`, [patientId, patientName]],
    ['delimiters of the message', `got MSH#%~\\&#A\rPID#1##${mrn}##${family}%${given}\r`, [patientId, patientName]],
    ['a template', 'PID|1||{{mrn}}||${name}^#{given}', []],
    ['a program that puts one together', 's = "PID|1||" + mrn + "||" + family + "^" + given;', []],
    ['names of segments in a table', '| PID | Patient identification |\n|MYPID|1|2|3|4|5^6|', []],
    ['names of segments in a pattern', 'const SIGN = /(?:PID|NK1|GT1|MRG|PV1|ACC|OBX|NTE|ORC|OBR)/;', []],
    ['a list of names of segments', 'order: PID|PD1|NK1|PV1|GT1|IN1|ROL', []],
    ['nothing of physicians', `x STF|1|${mrn}|${family}^${given}\\rROL|1|AD|AT|9^${family}^${given}`, []],
  ])('%s', (_title, text, expected) => {
    expect(inText(text)).toEqual(expected);
  });

  test('are a record each, and what stands in their lines belongs to it', () => {
    const text = `a ${header}\\r${pid}\\rPV1|1\nb ${header}\\r${pid} ssn=${ssn}\n`;
    const fields = fieldsOf(plainText, Buffer.from(text));
    const records = fields.filter(({ position }) => position === 'PID-3').map(({ record }) => record);
    expect(new Set(records).size).toBe(2);
    expect(fields.find(({ value }) => value === ssn)?.record).toBe(records[1]);
  });

  test('values stand where their fields say', () => {
    const bytes = Buffer.from(`Zo\u00eb: ${header}\\r${pid}\n`);
    const fields = fieldsOf(plainText, bytes).filter(({ position }) => position !== undefined);
    expect(fields).toHaveLength(2);
    for (const field of fields) expect(bytesAt(bytes, field)).toBe(field.value);
  });
});

describe('interchanges in text', () => {
  const subscriber = `NM1*IL*1*${family}*${given}****MI*${memberId}`;
  const isa = 'ISA*00**00**ZZ*KELP*ZZ*QUILL*240102*0304*^*00501*77*0*P*:~';
  const found = [`NM103 ${family}^${given}`, `NM109 ${memberId}`];

  test.each<[string, string, readonly string[]]>([
    ['a log line', `got ${isa}HL*2*1*22*0~${subscriber}~N3*${street}~IEA*1*77~`, [...found, `N301 ${street}`]],
    ['lines', `> ${isa}\n> HL*2*1*22*0~\n> ${subscriber}~\n> REF*SY*${ssn}~\n`, [...found, `REF02 ${ssn}`]],
    ['strings in source code', `"HL*2*1*22*0~" +\n"${subscriber}~" +\n"DMG*D8*${born}~";`, [...found, `DMG02 ${born}`]],
    ['a string that ends the segment', `x = "${subscriber}"; y = "z";`, found],
    ['nothing of a provider', `got ${isa}NM1*85*1*${family}*${given}****34*${memberId}~N3*${street}~`, []],
    ['a template', `NM1*IL*1*{{last}}*{{first}}~`, []],
    ['a product', ['x = N3', '2 + REF', '4;'].join('*'), []],
  ])('%s', (_title, text, expected) => {
    expect(inText(text)).toEqual(expected);
  });
});

describe('messages in JSON', () => {
  test('a string, with the place of the string', () => {
    const fields = inJson({ id: 1, body: { message: `${header}\r${pid}\r${nextOfKin}` } });
    expect(shown(fields)).toEqual([patientId, patientName, relative]);
    expect(fields.find(({ position }) => position === 'PID-3')).toMatchObject({
      pointer: 'body.message',
      span: 'fixed',
    });
  });

  test('each string of a list is a record', () => {
    const records = inJson([`${header}\r${pid}`, `${header}\n${pid}`])
      .filter(({ position }) => position === 'PID-3')
      .map(({ record }) => record);
    expect(new Set(records).size).toBe(2);
  });

  test('base64', () => {
    const encoded = Buffer.from(`${header}\r${pid}`).toString('base64');
    expect(shown(inJson({ payload: encoded }))).toEqual([patientId, patientName]);
  });

  test('an interchange', () => {
    expect(shown(inJson({ x12: `HL*2*1*22*0~\nNM1*IL*1*${family}*${given}~\n` }))).toEqual([
      `NM103 ${family}^${given}`,
    ]);
  });
});
