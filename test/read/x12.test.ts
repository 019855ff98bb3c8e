import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/detect/field.ts';
import { x12 } from '../../src/read/x12/x12.ts';
import { patient } from '../support/patients.ts';
import { bytesAt, fieldsOf, headOf } from './reading.ts';

const { family, given, mrn, ssn, phone, street, city, state, zip, account, memberId } = patient(11);
const digits = phone.replaceAll('-', '');
const plainSsn = ssn.replaceAll('-', '');
const born = '19620314';

function header(mode = 'P', marks = { element: '*', component: ':', segment: '~' }): string {
  const ids = ['KELP'.padEnd(15), 'QUILL'.padEnd(15)];
  const elements = ['ISA', '00', ' '.repeat(10), '00', ' '.repeat(10), 'ZZ', ids[0], 'ZZ', ids[1], '240102', '0304'];
  return [...elements, '^', '00501', '000000077', '0', mode, marks.component].join(marks.element) + marks.segment;
}

function read(text: string): readonly Field[] {
  return fieldsOf(x12, Buffer.from(text));
}

function shown(fields: readonly Field[]): readonly string[] {
  return fields
    .filter((field) => field.position !== undefined)
    .map(({ position = '', labels, value }) => `${position} [${labels.join(', ')}] ${value}`);
}

/** An interchange of these segments. */
function interchange(...segments: readonly string[]): string {
  return `${header()}${segments.map((segment) => `${segment}~\n`).join('')}IEA*1*000000077~`;
}

describe('recognizes', () => {
  test.each<[string, string, boolean]>([
    ['an interchange', interchange('GS*HC*A*B'), true],
    ['other delimiters', header('P', { element: '|', component: '>', segment: '\n' }), true],
    ['control characters as delimiters', header('P', { element: '\x1d', component: '\x1f', segment: '\x1c' }), true],
    ['elements that are not padded', 'ISA*00**00**ZZ*KELP*ZZ*QUILL*240102*0304*^*00501*77*0*P*:~', true],
    ['a byte order mark', `\ufeff${header()}`, true],
    ['a set without its interchange', `ST*837*0001*005010X222A1~BHT*0019*00*1~`, true],
    ['a group on lines', 'GS*BE*A*B*20240102\nST*834*1\nBGN*00*1\n', true],
    ['a purchase order', 'ST*850*0001~BEG*00*SA*77~', false],
    ['a word', 'ISAAC is a name', false],
    ['an elements short of a header', 'ISA*00**00**ZZ*KELP~', false],
    ['an ISA bus', 'ISA*16 bit', false],
    ['an empty entry', '', false],
  ])('%s', (_title, text, expected) => {
    expect(x12.recognizes(headOf('a', Buffer.from(text)))).toBe(expected);
  });
});

describe('fields', () => {
  const subscriber = ['HL*2*1*22*0', `NM1*IL*1*${family}*${given}*Q***MI*${memberId}`];

  test.each<[string, readonly string[], readonly string[]]>([
    [
      'a subscriber',
      [...subscriber, `N3*${street}`, `N4*${city}*${state}*${zip}`, `DMG*D8*${born}*F`, `REF*SY*${plainSsn}`],
      [
        `NM103 [name, subscriber] ${family}^${given}^Q`,
        `NM109 [member id, subscriber] ${memberId}`,
        `N301 [address, subscriber] ${street}`,
        `N401 [address, subscriber] ${city}, ${state} ${zip}`,
        `DMG02 [birth date, subscriber] ${born}`,
        `REF02 [ssn, subscriber] ${plainSsn}`,
      ],
    ],
    ['a name of one part', ['HL*2*1*22*0', `NM1*IL*1*${family}`], [`NM103 [last name, subscriber] ${family}`]],
    [
      'a claim of a dependent',
      [
        'HL*3*2*23*0',
        `NM1*QC*1*${family}*${given}`,
        `CLM*${account}*100***11:B:1`,
        `REF*EA*${mrn}`,
        `REF*D9*${memberId}`,
      ],
      [
        `NM103 [name, patient] ${family}^${given}`,
        `CLM01 [patient control number, patient] ${account}`,
        `REF02 [medical record number, patient] ${mrn}`,
        `REF02 [claim number, patient] ${memberId}`,
      ],
    ],
    [
      'nothing of providers, payers and senders',
      [
        'NM1*41*2*KELP BILLING*****46*1',
        `PER*IC*${given} ${family}*TE*${digits}`,
        'HL*1**20*1',
        `NM1*85*1*${family}*${given}****34*${plainSsn}`,
        `N3*${street}`,
        `N4*${city}*${state}*${zip}`,
        `REF*SY*${ssn}`,
        `PER*IC*X*TE*${digits}`,
        `NM1*PR*2*QUILL PLAN*****PI*${memberId}`,
        `REF*2U*${memberId}`,
        `N1*PE*KELP*XX*1`,
        `N3*${street}`,
      ],
      [],
    ],
    [
      'a provider after a patient',
      [...subscriber.slice(0, 1), `NM1*QC*1*${family}*${given}`, 'NM1*82*1*WREN*PIERS', `N3*${street}`],
      [`NM103 [name, patient] ${family}^${given}`],
    ],
    ['a subscriber that is an employer', ['HL*2*1*22*0', 'NM1*IL*2*KELP STEEL', `N3*${street}`], []],
    [
      'a remittance',
      [
        `CLP*${account}*1*80*45**12*${memberId}`,
        `NM1*QC*1*${family}*${given}****34*${plainSsn}`,
        'SVC*HC:99211*80*45',
        'DTM*472*20240102',
      ],
      [
        `CLP01 [patient control number, patient] ${account}`,
        `CLP07 [claim number, patient] ${memberId}`,
        `NM103 [name, patient] ${family}^${given}`,
        `NM109 [ssn, patient] ${plainSsn}`,
        `DTM02 [service date, patient] 20240102`,
      ],
    ],
    [
      'a member of an enrollment',
      [
        'N1*P5*KELP STEEL*FI*999',
        'INS*Y*18*021*28*A***FT**N*D8*20230405',
        `REF*0F*${memberId}`,
        'REF*1L*G77',
        `NM1*IL*1*${family}*${given}****34*${plainSsn}`,
        `PER*IP**HP*${digits}*EM*${given}@kelpmail.net`,
      ],
      [
        `INS12 [death date, subscriber] 20230405`,
        `REF02 [subscriber id, subscriber] ${memberId}`,
        `REF02 [group number, subscriber] G77`,
        `NM103 [name, subscriber] ${family}^${given}`,
        `NM109 [ssn, subscriber] ${plainSsn}`,
        `PER04 [phone, subscriber] ${digits}`,
        `PER06 [email, subscriber] ${given}@kelpmail.net`,
      ],
    ],
    [
      'a birth date before the name, and days from and to',
      [
        'HL*4*3*22*0',
        `DMG*D8*${born}*M`,
        `NM1*IL*1*${family}*${given}`,
        'DTP*434*RD8*20240102-20240109',
        'DTP*573*D8*20240201',
      ],
      [
        `DMG02 [birth date, patient] ${born}`,
        `NM103 [name, subscriber] ${family}^${given}`,
        `DTP03 [service date, subscriber] 20240102`,
        `DTP03 [service date, subscriber] 20240109`,
      ],
    ],
    [
      'a provider number, which is none of a person',
      ['NM1*82*1*WREN*PIERS****XX*1234567893'],
      ['NM109 [npi] 1234567893'],
    ],
    ['templates', ['HL*2*1*22*0', 'NM1*IL*1'], []],
  ])('%s', (_title, segments, expected) => {
    expect(shown(read(interchange(...segments)))).toEqual(expected);
  });

  test('delimiters of each interchange', () => {
    const first = `${header()}NM1*IL*1*${family}*${given}~`;
    const second = `${header('P', { element: '|', component: '>', segment: '\n' })}NM1|IL|1|${family}|${given}|Q\n`;
    expect(shown(read(first + second))).toEqual([
      `NM103 [name, subscriber] ${family}^${given}`,
      `NM103 [name, subscriber] ${family}^${given}^Q`,
    ]);
  });

  test('each level, member, claim and repeated entity has a record', () => {
    const fields = read(
      interchange(
        'HL*2*1*22*1',
        `NM1*IL*1*${family}*${given}`,
        'HL*3*2*23*0',
        `NM1*QC*1*${family}*${given}`,
        `CLM*${account}*100`,
        `NM1*IL*1*${family}*${given}`,
        `NM1*IL*1*${family}*${given}`,
        'INS*Y',
        `NM1*IL*1*${family}*${given}`,
        `NM1*70*1*${family}*${given}`,
      ),
    ).filter(({ position }) => position !== undefined);
    const records = fields.map(({ record }) => record);
    expect(records.map((record) => [...new Set(records)].indexOf(record))).toEqual([0, 1, 1, 1, 2, 3, 3]);
  });

  test.each([
    ['T', true],
    ['P', undefined],
  ])('ISA15 %s says whether the person is one', (mode, synthetic) => {
    const [field] = read(`${header(mode)}HL*2*1*22*0~NM1*IL*1*${family}*${given}~`).filter(({ position }) => position);
    expect(field?.synthetic).toBe(synthetic);
  });

  test('notes are text', () => {
    const fields = read(interchange('HL*2*1*22*0', `NTE*ADD*patient phone ${phone}`));
    expect(fields.some(({ value, labels }) => value === phone && labels[0]?.includes('phone'))).toBe(true);
  });

  test('values stand where their fields say', () => {
    const text = interchange('HL*2*1*22*0', `NM1*IL*1*Zo\u00eb****34*${plainSsn}`, `REF*SY*${plainSsn}`);
    const bytes = Buffer.from(text);
    for (const field of read(text)) if (field.span !== 'fixed') expect(bytesAt(bytes, field)).toBe(field.value);
    expect(read(text).find(({ position }) => position === 'REF02')).toMatchObject({ line: 3, column: 8 });
  });

  test('an interchange that is cut off, and what follows one', () => {
    const whole = interchange(...subscriber);
    expect(shown(read(whole.slice(0, whole.indexOf(memberId))))).toEqual([
      `NM103 [name, subscriber] ${family}^${given}^Q`,
    ]);
    expect(read(`${whole}\nssn: ${ssn}\n`).some(({ value, labels }) => value === ssn && labels[0] === 'ssn')).toBe(
      true,
    );
  });
});
