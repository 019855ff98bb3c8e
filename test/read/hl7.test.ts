import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/detect/field.ts';
import { hl7 } from '../../src/read/hl7/hl7.ts';
import { patient } from '../support/patients.ts';
import { bytesAt, fieldsOf, headOf } from './reading.ts';

const { family, given, mrn, ssn, phone, street, city, state, zip, account, memberId, mbi, email } = patient(7);
const born = ['1962', '0314'].join('');
/** Area code and number, without dashes. */
const [area, local] = [String(617), String(482_3391)];
const [admitted, discharged] = [['20240102', '0304'].join(''), ['2024', '0109'].join('')];
const header = 'MSH|^~\\&|ADT|MERCY|LAB|MERCY|20240102030405||ADT^A01|77|P|2.5.1';

function read(text: string): readonly Field[] {
  return fieldsOf(hl7, Buffer.from(text));
}

/** `position [labels] value` of the fields at positions. */
function shown(fields: readonly Field[]): readonly string[] {
  return fields
    .filter((field) => field.position !== undefined)
    .map(({ position = '', labels, value }) => `${position} [${labels.join(', ')}] ${value}`);
}

function message(...segments: readonly string[]): string {
  return [header, ...segments].join('\r');
}

/** A segment with these fields. */
function segment(name: string, fields: Readonly<Record<number, string>>): string {
  return [name, ...Array.from({ length: 60 }, (_, index) => fields[index + 1] ?? '')].join('|');
}

function pid(fields: Readonly<Record<number, string>>): string {
  return segment('PID', fields);
}

describe('recognizes', () => {
  test.each<[string, string, boolean]>([
    ['a message', message(pid({ 3: mrn })), true],
    ['a frame of MLLP', `\x0b${message()}\x1c\r`, true],
    ['a file of batches', 'FHS|^~\\&|A\rBHS|^~\\&|A\r', true],
    ['delimiters of its own', 'MSH$%~\\&$ADT$MERCY$', true],
    ['no escape or subcomponent', 'MSH|^~|ADT|MERCY|', true],
    ['the truncation character of version 2.7', 'MSH|^~\\&#|ADT|MERCY|', true],
    ['a byte order mark and blank lines', `\ufeff\r\n\r\n${header}`, true],
    ['a header that ends at once', 'MSH|^~\\&', true],
    ['a word', 'MSHA is an agency', false],
    ['a delimiter that is a letter', 'MSHA^~\\&A', false],
    ['the same delimiter twice', 'MSH|^|~\\&|', false],
    ['a table of segments', 'MSH|Message header|PID|Patient', false],
    ['source code', 'const MSH = "|";', false],
    ['an empty entry', '', false],
  ])('%s', (_title, text, expected) => {
    expect(hl7.recognizes(headOf('a', Buffer.from(text)))).toBe(expected);
  });
});

describe('fields', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'a name, as it is stored',
      pid({ 5: `${family}^${given}^Q^^^^L` }),
      [`PID-5 [name, patient] ${family}^${given}^Q`],
    ],
    ['a family name alone', pid({ 5: family }), [`PID-5 [last name, patient] ${family}`]],
    [
      'a family name with its parts',
      pid({ 5: `van der ${family}&van der&${family}^${given}` }),
      [`PID-5 [name, patient] van der ${family}^${given}`],
    ],
    ['a name of version 2.1', pid({ 5: `${family}, ${given}` }), [`PID-5 [name, patient] ${family}, ${given}`]],
    ['the maiden name of a mother', pid({ 6: family }), [`PID-6 [mother maiden name, patient] ${family}`]],
    ['a birth date with its time', pid({ 7: `${born}0930^S` }), [`PID-7 [birth date, patient] ${born}0930`]],
    [
      'numbers by their types',
      pid({ 3: `${mrn}^^^MERCY^MR~${ssn}^^^SSA^SS~${account}^^^MERCY^AN` }),
      [
        `PID-3 [medical record number, patient] ${mrn}`,
        `PID-3 [ssn, patient] ${ssn}`,
        `PID-3 [patient account number, patient] ${account}`,
      ],
    ],
    [
      'numbers by their authority',
      pid({ 3: `${mbi}^^^&2.16.840.1.113883.4.572&ISO` }),
      [`PID-3 [medicare number, patient] ${mbi}`],
    ],
    [
      'numbers by their shape',
      pid({ 2: ssn, 4: mbi }),
      [`PID-2 [ssn, patient] ${ssn}`, `PID-4 [medicare number, patient] ${mbi}`],
    ],
    ['no number of an organization', pid({ 3: `${mrn}^^^MERCY^XX` }), []],
    [
      'an address and its ZIP code',
      pid({ 11: `${street}^^${city}^${state}^${zip}^USA^H` }),
      [`PID-11 [address, patient] ${street}^^${city}^${state}^${zip}`, `PID-11 [zip code, patient] ${zip}`],
    ],
    [
      'telephone numbers in one text, with an extension and a comment',
      pid({ 13: `${phone}X12B3C"at night"^PRN^PH` }),
      [`PID-13 [phone, patient] ${phone}X12`],
    ],
    [
      'area code and number by themselves',
      pid({ 14: `^WPN^PH^^1^${area}^${local}` }),
      [`PID-14 [phone, patient] ${area}${local}`],
    ],
    ['a number abroad', pid({ 13: '^PRN^PH^^44^20^79460811' }), [`PID-13 [phone, patient] +44 20 79460811`]],
    ['a fax number', pid({ 13: `${phone}^PRN^FX` }), [`PID-13 [fax, patient] ${phone}`]],
    [
      'e-mail, in either component',
      pid({ 13: `^NET^Internet^${email}~${email}^NET^Internet` }),
      [`PID-13 [email, patient] ${email}`, `PID-13 [email, patient] ${email}`],
    ],
    [
      'a social security number and a licence',
      pid({ 19: ssn, 20: `${memberId}^OH^20300101` }),
      [`PID-19 [ssn, patient] ${ssn}`, `PID-20 [driver license number, patient] ${memberId}`],
    ],
    [
      'relatives',
      segment('NK1', { 2: `${family}^${given}`, 4: `${street}^^${city}^${state}`, 5: phone, 16: '19600102' }),
      [
        `NK1-2 [name, next of kin] ${family}^${given}`,
        `NK1-4 [address, next of kin] ${street}^^${city}^${state}`,
        `NK1-5 [phone, next of kin] ${phone}`,
        `NK1-16 [birth date, next of kin] 19600102`,
      ],
    ],
    [
      'who pays',
      segment('GT1', { 2: account, 3: `${family}^${given}`, 12: ssn, 16: 'KELP STEEL' }),
      [
        `GT1-2 [guarantor number, guarantor] ${account}`,
        `GT1-3 [name, guarantor] ${family}^${given}`,
        `GT1-12 [ssn, guarantor] ${ssn}`,
      ],
    ],
    [
      'insurance',
      `IN1|1|P1|9|KELP||||G77||||||||${family}^${given}|SEL|${born}`,
      [
        'IN1-8 [group number, insured] G77',
        `IN1-16 [name, insured] ${family}^${given}`,
        `IN1-18 [birth date, insured] ${born}`,
      ],
    ],
    [
      'a visit',
      segment('PV1', { 7: '4471^WREN^PIERS', 19: account, 44: admitted, 45: discharged }),
      [
        `PV1-19 [visit number, patient] ${account}`,
        `PV1-44 [admission date, patient] ${admitted}`,
        `PV1-45 [discharge date, patient] ${discharged}`,
      ],
    ],
    [
      'a merged patient',
      `MRG|${mrn}^^^MERCY^MR||||||${family}^${given}`,
      [`MRG-1 [medical record number, patient] ${mrn}`, `MRG-7 [name, patient] ${family}^${given}`],
    ],
    [
      'a query by example',
      `QPD|Q22^Find|9|@PID.5.1^${family}~@PID.5.2^${given}~@PID.7^${born}~@PV1.3^W`,
      [
        `PID-5 [last name, patient] ${family}`,
        `PID-5 [first name, patient] ${given}`,
        `PID-7 [birth date, patient] ${born}`,
      ],
    ],
    [
      'a query of version 2.3',
      `QRD|20240101|R|I|Q1|||10^RD|${mrn}^${family}^${given}|DEM`,
      [`QRD-8 [patient id, patient] ${mrn}`, `QRD-8 [name, patient] ${family}^${given}`],
    ],
    ['escapes', pid({ 5: `O\\X27\\${family}^${given}` }), [`PID-5 [name, patient] O'${family}^${given}`]],
    ['deleted values', pid({ 5: '""', 11: '""^^""', 19: '""' }), []],
    [
      'nothing of staff and physicians',
      `STF|1|${mrn}|${family}^${given}|P|F|${born}\rROL|1|AD|AT|9^${family}^${given}`,
      [],
    ],
  ])('%s', (_title, segments, expected) => {
    expect(shown(read(message(segments)))).toEqual(expected);
  });

  test('delimiters of the message', () => {
    const text = `MSH$%@\\&$ADT\rPID$1$$${mrn}%%%A%MR@${ssn}%%%A%SS$$${family}%${given}`;
    expect(shown(read(text))).toEqual([
      `PID-3 [medical record number, patient] ${mrn}`,
      `PID-3 [ssn, patient] ${ssn}`,
      `PID-5 [name, patient] ${family}^${given}`,
    ]);
  });

  test.each([
    ['CR', '\r'],
    ['LF', '\n'],
    ['CR and LF', '\r\n'],
    ['blank lines', '\r\n\r\n'],
  ])('segments end in %s', (_title, ending) => {
    const text = `${header}${ending}${pid({ 3: mrn })}${ending}PV1|1${ending}`;
    expect(shown(read(text))).toEqual([`PID-3 [medical record number, patient] ${mrn}`]);
  });

  test('each message, and each PID in one, has a record', () => {
    const one = message(pid({ 3: mrn }), `NK1|1|${family}^${given}`);
    const two = message(pid({ 3: account }), `MRG|${mrn}`, pid({ 3: memberId }));
    const fields = read(`\x0b${one}\x1c\r\x0b${two}\x1c\r`).filter(({ position }) => position !== undefined);
    const records = fields.map(({ record }) => record);
    expect(new Set(records).size).toBe(3);
    expect(records[0]).toBe(records[1]);
    expect(records[2]).toBe(records[3]);
  });

  test.each([
    ['MSH-11', header.replace('|P|', '|T|'), true],
    ['debugging', header.replace('|P|', '|D^T|'), true],
    ['a test facility', header.replace('MERCY', 'MERCY_TEST'), true],
    ['a facility whose name only begins so', header.replace('MERCY', 'TESTAROSSA'), undefined],
    ['production', header, undefined],
  ])('%s says whether the patient is one', (_title, first, synthetic) => {
    const [field] = read([first, pid({ 3: mrn })].join('\r')).filter(({ position }) => position === 'PID-3');
    expect(field?.synthetic).toBe(synthetic);
  });

  test('an observation is called what OBX-3 says, and notes are text', () => {
    const text = message(
      pid({ 3: mrn }),
      `OBX|1|ST|29762-2^SSN^LN||${ssn}`,
      `NTE|1||call\\.br\\patient phone: ${phone}`,
    );
    const fields = read(text);
    expect(fields).toContainEqual(expect.objectContaining({ value: ssn, labels: ['SSN', '29762-2'], tie: 'key' }));
    expect(fields.some(({ value, labels }) => value === phone && labels[0]?.includes('phone'))).toBe(true);
  });

  test('values stand where their fields say', () => {
    const text = `\ufeff${header}\r\n${pid({ 3: mrn, 5: `Zo\u00eb^${given}`, 11: `${street}^^${city}`, 19: ssn })}\r\n`;
    const bytes = Buffer.from(text);
    for (const field of read(text)) {
      if (field.span !== 'fixed') expect(bytesAt(bytes, field)).toBe(field.value);
    }
    expect(shown(read(text))).toContain(`PID-5 [name, patient] Zo\u00eb^${given}`);
    expect(read(text).find(({ position }) => position === 'PID-5')).toMatchObject({ line: 2 });
  });

  test('what is no segment is read as text, and the message goes on behind it', () => {
    const fields = read(`${header}\nnot a segment, ssn: ${ssn}\n${pid({ 3: mrn })}`);
    expect(fields.some(({ value, labels }) => value === ssn && labels[0] === 'ssn')).toBe(true);
    expect(shown(fields)).toEqual([`PID-3 [medical record number, patient] ${mrn}`]);
  });

  test('a report that is longer than a block does not hide the next message', () => {
    const report = `OBX|1|ED|PDF||^application^pdf^Base64^${'QUJD'.repeat(100_000)}`;
    expect(shown(read(message(pid({ 3: mrn }), report, pid({ 3: account }))))).toEqual([
      `PID-3 [medical record number, patient] ${mrn}`,
      `PID-3 [medical record number, patient] ${account}`,
    ]);
  });

  test('a message that is cut off', () => {
    const whole = message(pid({ 3: mrn, 5: `${family}^${given}` }));
    expect(shown(read(whole.slice(0, whole.indexOf(given) + given.length)))).toHaveLength(2);
    expect(shown(read(whole.slice(0, whole.indexOf(mrn))))).toEqual([]);
  });
});
