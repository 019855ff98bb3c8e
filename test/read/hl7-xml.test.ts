import { expect, test } from 'vitest';
import type { Field } from '../../src/detect/field.ts';
import { xmlReader } from '../../src/read/xml/xml.ts';
import { patient } from '../support/patients.ts';
import { fieldsOf } from './reading.ts';

const { family, given, mrn, ssn, street, city, state, zip } = patient(9);
const born = ['1962', '0314'].join('');
const xml = xmlReader(() => []);

function read(text: string): readonly Field[] {
  return fieldsOf(xml, Buffer.from(text)).filter(({ position }) => position !== undefined);
}

function shown(fields: readonly Field[]): readonly string[] {
  return fields.map(({ position = '', labels, value }) => `${position} [${labels.join(', ')}] ${value}`);
}

function message(segments: string, mode = 'P'): string {
  const header = `<MSH><MSH.1>|</MSH.1><MSH.2>^~\\&amp;</MSH.2><MSH.11><PT.1>${mode}</PT.1></MSH.11></MSH>`;
  return `<?xml version="1.0"?>\n<ADT_A01 xmlns="urn:hl7-org:v2xml">\n${header}\n${segments}\n</ADT_A01>`;
}

const identifiers = [
  `<PID.3 LongName="Id"><CX.1>${mrn}</CX.1><CX.5>MR</CX.5></PID.3>`,
  `<PID.3><CX.1>${ssn}</CX.1><CX.5>SS</CX.5></PID.3>`,
].join('\n');
const name = `<PID.5><XPN.1><FN.1>${family}</FN.1></XPN.1><XPN.2>${given}</XPN.2></PID.5>`;
const address = `<PID.11><XAD.1><SAD.1>${street}</SAD.1></XAD.1><XAD.3>${city}</XAD.3><XAD.4>${state}</XAD.4><XAD.5>${zip}</XAD.5></PID.11>`;

test.each<[string, string, readonly string[]]>([
  [
    'a patient',
    `<PID>\n${identifiers}${name}<PID.7><TS.1>${born}</TS.1></PID.7>${address}</PID>`,
    [
      `PID-3 [medical record number, patient] ${mrn}`,
      `PID-3 [ssn, patient] ${ssn}`,
      `PID-5 [name, patient] ${family}^${given}`,
      `PID-7 [birth date, patient] ${born}`,
      `PID-11 [address, patient] ${street}^^${city}^${state}^${zip}`,
      `PID-11 [zip code, patient] ${zip}`,
    ],
  ],
  ['a value without components', `<PID><PID.19>${ssn}</PID.19></PID>`, [`PID-19 [ssn, patient] ${ssn}`]],
  ['nothing of staff', `<STF><STF.3><XPN.1><FN.1>${family}</FN.1></XPN.1></STF.3></STF>`, []],
  ['elements that only look alike', `<PID><XPN.1>${family}</XPN.1><PIDX.5>${given}</PIDX.5></PID>`, []],
  [
    'a message that is cut off',
    `<PID>${identifiers}<PID.5><XPN.1><FN.1>${family}`,
    [`PID-3 [medical record number, patient] ${mrn}`, `PID-3 [ssn, patient] ${ssn}`],
  ],
])('%s', (_title, segments, expected) => {
  expect(shown(read(message(segments).replace(/(?<=<FN\.1>\w+)\n<\/ADT_A01>$/, '')))).toEqual(expected);
});

test('a second patient has a record, and the place of a value is that of its first part', () => {
  const text = message(`<PID>${name}</PID>\n<PID>${name}</PID>`);
  const [first, second] = read(text);
  expect(first?.record).not.toBe(second?.record);
  expect(first).toMatchObject({ offset: text.indexOf(family), line: 4, span: 'fixed' });
});

test.each([
  ['T', true],
  ['P', undefined],
])('MSH.11 %s says whether the patient is one', (mode, synthetic) => {
  expect(read(message(`<PID>${name}</PID>`, mode))[0]?.synthetic).toBe(synthetic);
});
