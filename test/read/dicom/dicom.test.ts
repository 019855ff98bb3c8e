import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field } from '../../../src/detect/field.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { dicom } from '../../../src/read/dicom/dicom.ts';
import { patient } from '../../support/patients.ts';
import { takesTimeInProportion } from '../properties.ts';
import { bytesAt, fieldsOf, headOf, readerOf } from '../reading.ts';
import { dataSet, dicomFile, type Element, type Syntax } from './dicom-file.ts';

const someone = patient(51);
const PIXELS: Element = ['7FE00010', 'OW', Buffer.alloc(64, 'SSN 1')];
const PERSON: readonly Element[] = [
  ['00080020', 'DA', '20200102'],
  ['00080050', 'SH', 'A20200417'],
  ['00080090', 'PN', 'Roe^Richard'],
  ['00100010', 'PN', `${someone.family}^${someone.given}^^^`],
  ['00100020', 'LO', someone.mrn],
  ['00100030', 'DA', someone.dob.replaceAll('-', '')],
];
const PLACED = [
  '(0008,0020) = [study date] 20200102',
  '(0008,0050) = [accession number] A20200417',
  `(0010,0010) = [patient name] ${someone.family}^${someone.given}`,
  `(0010,0020) = [patient id] ${someone.mrn}`,
  `(0010,0030) = [date of birth] ${someone.dob.replaceAll('-', '')}`,
];

/** `position = [labels] value`, of the elements that are a person's. */
function placed(bytes: Buffer): readonly string[] {
  return fieldsOf(dicom, bytes)
    .filter(({ tie }) => tie === 'position')
    .map(({ position, labels, value }) => `${position ?? ''} = [${labels.join(', ')}] ${value}`);
}

describe('transfer syntaxes', () => {
  test.each<[string, Buffer]>([
    ['implicit, little endian', dicomFile([...PERSON, PIXELS], 'implicit')],
    ['explicit, little endian', dicomFile([...PERSON, PIXELS], 'explicit')],
    ['explicit, big endian', dicomFile([...PERSON, PIXELS], 'big')],
    ['deflated', dicomFile([...PERSON, PIXELS], 'deflated', deflateRawSync)],
    ['explicit, without preamble', dataSet(PERSON, 'explicit')],
    ['implicit, without preamble', dataSet(PERSON, 'implicit')],
    ['no pixels', dicomFile(PERSON, 'explicit')],
  ])('%s', (_title, bytes) => {
    expect(dicom.recognizes(headOf('a', bytes))).toBe(true);
    expect(readerOf('a', bytes)).toBe(dicom);
    expect(placed(bytes)).toEqual(PLACED);
    expect(new Set(fieldsOf(dicom, bytes).map(({ record }) => record)).size).toBe(1);
    for (const field of fieldsOf(dicom, bytes))
      if (field.span !== 'fixed') expect(bytesAt(bytes, field)).toBe(field.value);
  });

  test('the engine sees a hint in the bytes', () => {
    const engine = new Engine();
    for (const bytes of [dicomFile(PERSON, 'implicit'), dicomFile(PERSON, 'big'), dataSet(PERSON, 'explicit')]) {
      expect(engine.scan('image', bytes).map(({ detector }) => detector)).toContain('patient-record');
    }
  });
});

test.each<[string, Buffer]>([
  ['an executable', Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(500, 3)])],
  ['a mark at another place', Buffer.concat([Buffer.alloc(100), Buffer.from('DICM'), Buffer.alloc(100)])],
  ['zeros', Buffer.alloc(1000)],
  ['a text', Buffer.from('\x08\0 is backspace, and this is a text about DICM')],
  ['numbers', Buffer.from(Uint16Array.from({ length: 500 }, (_, at) => 8 + at).buffer)],
  ['nothing', Buffer.alloc(0)],
])('%s is no DICOM', (_title, bytes) => {
  expect(dicom.recognizes(headOf('a', bytes))).toBe(false);
});

describe('elements', () => {
  test('sequences are read, whatever their length is', () => {
    const ids: Element = [
      '00101002',
      'SQ',
      [[['00100020', 'LO', someone.account]], [['00100020', 'LO', someone.memberId]]],
    ];
    for (const syntax of ['implicit', 'explicit', 'big'] as const) {
      expect(placed(dicomFile([ids, ['00102154', 'SH', someone.phone]], syntax))).toEqual([
        `(0010,0020) = [patient id] ${someone.account}`,
        `(0010,0020) = [patient id] ${someone.memberId}`,
        `(0010,2154) = [patient phone] ${someone.phone}`,
      ]);
    }
  });

  test('staff and institutions are nobody who is treated', () => {
    const staff = ['00080080', '00080090', '00081050', '00081070', '00321032'].map((tag): Element => [
      tag,
      'PN',
      'Roe^Richard',
    ]);
    expect(fieldsOf(dicom, dicomFile(staff, 'explicit'))).toEqual([]);
  });

  test('comments are text', () => {
    const bytes = dicomFile([['00104000', 'LT', `SSN: ${someone.ssn}`]], 'explicit');
    expect(fieldsOf(dicom, bytes)).toContainEqual(expect.objectContaining({ labels: ['SSN'], value: someone.ssn }));
  });

  test('groups of a name, and several values', () => {
    const [latin, kanji] = ['Yamada Tarou', '山田 太郎'].map((name) => name.replace(' ', '^')) as [string, string];
    const ids = [4711, 4712].map(String);
    expect(
      placed(
        dicomFile(
          [
            ['00080005', 'CS', 'ISO_IR 192'],
            ['00100010', 'PN', `${latin}=${kanji}`],
            ['00101000', 'LO', ids.join('\\')],
          ],
          'explicit',
        ),
      ),
    ).toEqual([
      `(0010,0010) = [patient name] ${latin}`,
      `(0010,0010) = [patient name] ${kanji}`,
      ...ids.map((id) => `(0010,1000) = [other patient ids] ${id}`),
    ]);
  });

  test.each<[string, string, Buffer, string]>([
    ['Latin-1', 'ISO_IR 100', Buffer.from('Rüdiger', 'latin1'), 'Rüdiger'],
    ['UTF-8', 'ISO_IR 192', Buffer.from('Rüdiger'), 'Rüdiger'],
    ['Cyrillic', 'ISO_IR 144', Buffer.from([0xbb, 0xee, 0xda]), 'Люк'],
    ['Japanese with escapes', '\\ISO 2022 IR 87', Buffer.from('\x1b$B;3ED\x1b(B', 'latin1'), '山田'],
    ['nothing said', '', Buffer.from('Rüdiger'), 'Rüdiger'],
    ['what no one knows', 'ISO_IR 999', Buffer.from('R\xfcdiger', 'latin1'), 'Rüdiger'],
  ])('characters: %s', (_title, set, bytes, expected) => {
    const file = dicomFile(
      [
        ['00080005', 'CS', set],
        ['00100010', 'PN', bytes],
      ],
      'explicit',
    );
    expect(placed(file)).toEqual([`(0010,0010) = [patient name] ${expected}`]);
  });

  test('a data set that was made anonymous says so, behind the values', () => {
    const fields = fieldsOf(dicom, dicomFile([...PERSON, ['00120062', 'CS', 'YES']], 'explicit'));
    expect(fields.every(({ synthetic }) => synthetic === true)).toBe(true);
    const others = fieldsOf(dicom, dicomFile([...PERSON, ['00120062', 'CS', 'NO']], 'explicit'));
    expect(others.some(({ synthetic }) => synthetic === true)).toBe(false);
  });

  test('the class of photographs', () => {
    const instance = [1, 2, 3].join('.');
    const photograph: readonly Element[] = [
      ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.77.1.4'],
      ['00080018', 'UI', instance],
      PIXELS,
    ];
    expect(placed(dicomFile(photograph, 'explicit'))).toEqual([
      `(0008,0016) = [patient photo] photograph-${instance}.jpg`,
    ]);
    const scan: readonly Element[] = [
      ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
      ['00080018', 'UI', instance],
      PIXELS,
    ];
    expect(placed(dicomFile(scan, 'explicit'))).toEqual([]);
  });

  test('the patients of a DICOMDIR are records', () => {
    const entries = [1, 2].map((seed): readonly Element[] => [
      ['00041430', 'CS', 'PATIENT'],
      ['00100010', 'PN', patient(seed).family],
      ['00100020', 'LO', patient(seed).mrn],
    ]);
    const fields = fieldsOf(dicom, dicomFile([['00041220', 'SQ', entries]], 'explicit'));
    expect(fields.map(({ value }) => value)).toEqual(
      [1, 2].flatMap((seed) => [patient(seed).family, patient(seed).mrn]),
    );
    const [first, second, third] = fields.map(({ record }) => record);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('pixels and what is behind them are not read', () => {
    const pixels: Element = ['7FE00010', 'OB', Buffer.from(`SSN: ${someone.ssn} `.repeat(20_000))];
    expect(fieldsOf(dicom, dicomFile([pixels, ['7FE10010', 'LO', `SSN: ${someone.ssn}`]], 'explicit'))).toEqual([]);
  });

  test('long values are passed over, and what follows is read', () => {
    const curve: Element = ['00091010', 'OB', Buffer.alloc(700_001, 1)];
    expect(placed(dicomFile([curve, ['00100020', 'LO', someone.mrn]], 'explicit'))).toEqual([
      `(0010,0020) = [patient id] ${someone.mrn}`,
    ]);
  });
});

describe('broken files', () => {
  test('what was read before the end stays', () => {
    const bytes = dicomFile(PERSON, 'explicit');
    expect(placed(bytes.subarray(0, bytes.length - 12))).toEqual(PLACED.slice(0, 4));
  });

  test('what is no element is text', () => {
    const bytes = Buffer.concat([
      dicomFile(PERSON, 'explicit'),
      Buffer.from(`\xff\xff\xff\xff\nSSN: ${someone.ssn}\n`, 'latin1'),
    ]);
    expect(fieldsOf(dicom, bytes)).toContainEqual(expect.objectContaining({ labels: ['SSN'], value: someone.ssn }));
  });

  test('a deflated data set that is none, or a bomb', () => {
    expect(placed(dicomFile(PERSON, 'deflated', () => Buffer.from('no deflate stream at all')))).toEqual([]);
    const bomb = dicomFile(PERSON, 'deflated', () => deflateRawSync(Buffer.alloc(80 * 1024 * 1024)));
    expect(placed(bomb)).toEqual([]);
  });
});

const elements = fc.array(
  fc.oneof(
    fc.constantFrom<Element>(
      ...PERSON,
      PIXELS,
      ['00041430', 'CS', 'PATIENT'],
      ['00120062', 'CS', 'YES'],
      ['00101002', 'SQ', [PERSON, []]],
      ['00091010', 'UN', Buffer.from('ssn')],
      ['00104000', 'LT', 'SSN: 1\r\nDOB: 2'],
    ),
  ),
  { maxLength: 12 },
);
const file = fc
  .tuple(
    elements,
    fc.constantFrom<Syntax>('implicit', 'explicit', 'big'),
    fc.boolean(),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }),
  )
  .map(([content, syntax, bare, changes]): Buffer => {
    const bytes = bare ? dataSet(content, syntax) : dicomFile(content, syntax);
    for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
    return bytes;
  });

test('the fields do not depend on how the bytes are split, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        file,
        fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      ),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      (bytes, sizes) => {
        const fields: readonly Field[] = fieldsOf(dicom, bytes);
        expect(fieldsOf(dicom, bytes, '', sizes)).toEqual(fields);
        for (const field of fields) if (field.span !== 'fixed') expect(bytesAt(bytes, field)).toBe(field.value);
      },
    ),
    { numRuns: 800 },
  );
});

takesTimeInProportion(
  dicom,
  [
    [
      'small elements',
      (times) =>
        dicomFile(
          Array.from({ length: times }, (): Element => ['00100020', 'LO', '47']),
          'explicit',
        ),
    ],
    ['empty items', (times) => dicomFile([['00101002', 'SQ', Array.from({ length: times }, () => [])]], 'explicit')],
    ['other bytes', (times) => Buffer.concat([dicomFile([], 'implicit'), Buffer.alloc(8 * times, 9)])],
  ],
  { times: 40_000, least: 2 },
);
