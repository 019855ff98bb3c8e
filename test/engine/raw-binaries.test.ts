import { expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { patient } from '../support/patients.ts';

const engine = new Engine();
const { ssn, mrn, mbi, dob, name } = patient(31);

/** Bytes as binaries have them around texts: no letters, no line ends, the same in every run. */
function noise(length: number, seed: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => 0x80 + (((index + seed) * 37) % 0x60)));
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** https://bsonspec.org: a document of strings, types 0x02. */
function bson(document: Readonly<Record<string, string>>): Buffer {
  const elements = Object.entries(document).map(([key, value]) =>
    Buffer.concat([Buffer.from(`\x02${key}\0`), u32(Buffer.byteLength(value) + 1), Buffer.from(`${value}\0`)]),
  );
  const body = Buffer.concat([...elements, Buffer.from([0])]);
  return Buffer.concat([u32(body.length + 4), body]);
}

/** Redis RDB version 9: a string key and its value, both not longer than 63 bytes and not compressed. */
function rdb(entries: Readonly<Record<string, string>>): Buffer {
  const short = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
  const pairs = Object.entries(entries).map(([key, value]) =>
    Buffer.concat([Buffer.from([0]), short(key), short(value)]),
  );
  return Buffer.concat([Buffer.from('REDIS0009\xfe\x00', 'latin1'), ...pairs, Buffer.from([0xff]), noise(8, 3)]);
}

/** PostgreSQL's heap page: a header, a hole, and tuples of short varlena values (storage/bufpage.h, varatt.h). */
function heapPage(rows: readonly (readonly string[])[]): Buffer {
  const page = Buffer.alloc(8192);
  let end = page.length;
  for (const row of rows) {
    const tuple = Buffer.concat([
      noise(24, 1),
      ...row.map((value) => Buffer.from([((value.length + 1) << 1) | 1, ...Buffer.from(value)])),
    ]);
    end -= tuple.length;
    tuple.copy(page, end);
  }
  return page;
}

/** Python's pickle protocol 4: a dict of short strings (PEP 3154). */
function pickle(document: Readonly<Record<string, string>>): Buffer {
  const text = (value: string): Buffer =>
    Buffer.concat([Buffer.from([0x8c, Buffer.byteLength(value)]), Buffer.from(value), Buffer.from([0x94])]);
  const entries = Object.entries(document).flatMap(([key, value]) => [text(key), text(value)]);
  return Buffer.concat([Buffer.from('\x80\x04\x95\x40\0\0\0\0\0\0\0}\x94(', 'latin1'), ...entries, Buffer.from('u.')]);
}

/** [MS-CFB]: a compound file; Word keeps text as UTF-16 or as Windows-1252, Excel its strings likewise. */
function ole(text: Buffer): Buffer {
  const magic = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  return Buffer.concat([magic, noise(504, 5), text, noise(600, 7)]);
}

const elf = (text: string): Buffer =>
  Buffer.concat([
    Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1'),
    noise(4096, 9),
    Buffer.from(`\0${text}\0`),
    noise(2000, 11),
  ]);
const parquet = (texts: readonly string[]): Buffer =>
  Buffer.concat([
    Buffer.from('PAR1'),
    noise(40, 1),
    ...texts.flatMap((text) => [u32(text.length), Buffer.from(text)]),
    noise(30, 2),
    u32(30),
    Buffer.from('PAR1'),
  ]);
const avro = (texts: readonly string[]): Buffer =>
  Buffer.concat([
    Buffer.from('Obj\x01\x04\x16avro.schema'),
    Buffer.from('{"type":"record","name":"p","fields":[{"name":"ssn","type":"string"}]}'),
    noise(16, 4),
    ...texts.flatMap((text) => [Buffer.from([2 * text.length]), Buffer.from(text)]),
    noise(16, 4),
  ]);
const npy = (document: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat([
    Buffer.from(
      "\x93NUMPY\x01\0\x76\0{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".padEnd(128) + '\n',
      'latin1',
    ),
    pickle(document),
  ]);

test.each<[string, string, Buffer, readonly string[]]>([
  [
    'BSON, as mongodump writes it',
    'dump/people.bson',
    Buffer.concat([bson({ name, ssn }), bson({ mrn, dob })]),
    ['ssn', 'mrn'],
  ],
  ['a Redis dump', 'dump.rdb', rdb({ 'patient:1:ssn': ssn, 'patient:1:mrn': mrn, 'p:2': mbi }), ['ssn', 'mbi']],
  [
    'a heap page of PostgreSQL: shapes',
    'base/16384/16385',
    heapPage([
      [name, ssn, dob],
      [name, mbi, dob],
    ]),
    ['ssn', 'mbi'],
  ],
  ['a pickle of protocol 4', 'model.pkl', pickle({ ssn, patient_name: name, mrn }), ['ssn', 'mrn']],
  ['an object array of NumPy', 'a.npy', npy({ ssn, mrn }), ['ssn', 'mrn']],
  ['an ELF executable', 'bin/app', elf(`patient ssn: ${ssn}`), ['ssn']],
  [
    'a core file',
    'core',
    Buffer.concat([elf(`{"ssn":"${ssn}","mrn":"${mrn}"}`), noise(100_000, 3), Buffer.from(`mrn=${mrn}\0`)]),
    ['ssn', 'mrn'],
  ],
  [
    'pages and statistics of Parquet that are not compressed',
    'a.parquet',
    parquet(['ssn', ssn, ssn, mbi]),
    ['ssn', 'mbi'],
  ],
  ['Avro without a codec', 'a.avro', avro([ssn, mbi]), ['ssn', 'mbi']],
  [
    'an old Word file, UTF-16',
    'a.doc',
    ole(Buffer.from(`Patient SSN: ${ssn}\rMRN: ${mrn}\r`, 'utf16le')),
    ['ssn', 'mrn'],
  ],
  [
    'an old Word file, Windows-1252',
    'a.doc',
    ole(Buffer.from(`Patient SSN: ${ssn}\rMRN: ${mrn}\r`, 'latin1')),
    ['ssn', 'mrn'],
  ],
])('%s', (_title, path, bytes, expected) => {
  const detectors = engine.scan(path, bytes).flatMap(({ detector, identifiers = [] }) => [detector, ...identifiers]);
  expect(detectors).toEqual(expect.arrayContaining(expected as string[]));
});

test.each<[string, Buffer]>([
  ['labels alone in an executable', elf('ssn mrn patient_name date_of_birth %s: invalid SSN')],
  ['a dump of other things', bson({ host: 'a', version: '1.2.3', created: dob })],
])('%s stay silent', (_title, bytes) => {
  expect(engine.scan('a', bytes)).toEqual([]);
});
