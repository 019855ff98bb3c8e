import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { patient } from '../support/patients.ts';

const engine = new Engine();
const { ssn, mrn, dob, name } = patient(7);
const csv = `ssn,dob,mrn\n${ssn},${dob},${mrn}\n`;
const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

function detectorsIn(path: string, text: string | Buffer): readonly string[] {
  return engine.scan(path, Buffer.from(text)).flatMap(({ detector, identifiers = [] }) => [detector, ...identifiers]);
}

test.each<[string, string, string | Buffer]>([
  ['a secret of Kubernetes', 'secret.yaml', `apiVersion: v1\nkind: Secret\ndata:\n  seed.csv: ${base64(csv)}\n`],
  ['base64 in .env', '.env', `SEED=${base64(JSON.stringify({ ssn, mrn }))}\n`],
  ['a data URL in JSON', 'a.json', JSON.stringify({ url: `data:text/csv;base64,${base64(csv)}` })],
  ['gzip in base64 in JSON', 'a.json', JSON.stringify({ seed: base64(gzipSync(csv)) })],
  ['base64 in a log, without a label', 'a.log', `10:00:00 INFO body ${base64(`ssn=${ssn}&mrn=${mrn}`)} sent\n`],
  ['JSON in JSON in JSON', 'a.json', JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ ssn, mrn }) }) })],
  ['percent-encoded JSON', 'a.log', `body=${encodeURIComponent(JSON.stringify({ ssn, mrn }))}\n`],
  ['UTF-16, little endian', 'a.txt', Buffer.from(`\ufeffSSN: ${ssn}\r\nMRN: ${mrn}\r\n`, 'utf16le')],
  ['UTF-16, big endian', 'a.txt', Buffer.from(`\ufeffSSN: ${ssn}\r\nMRN: ${mrn}\r\n`, 'utf16le').swap16()],
  ['Latin-1', 'a.txt', Buffer.from(`Name: Ren\xe9e\nSSN: ${ssn}\nMRN: ${mrn}\n`, 'latin1')],
  ['Windows-1252', 'a.txt', Buffer.from(`\x93SSN\x94: ${ssn} \x96 MRN: ${mrn}\n`, 'latin1')],
  [
    'mail, base64 and quoted-printable',
    'a.eml',
    `Subject: x\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n${base64(`Patient SSN: ${ssn}\n`)}\n--x\n` +
      `Content-Transfer-Encoding: quoted-printable\n\nPatient mrn=3D${mrn}\n`,
  ],
  ['a table in a string', 'a.json', JSON.stringify({ file: `${csv}${csv}` })],
])('%s', (_title, path, content) => {
  expect(detectorsIn(path, content)).toEqual(expect.arrayContaining(['ssn', 'mrn']));
});

test('a record inside an encoded value is one record, told once', () => {
  const findings = engine.scan('a.json', Buffer.from(JSON.stringify({ seed: base64(csv) })));
  expect(findings.map(({ detector, count }) => [detector, count])).toEqual([['patient-record', 1]]);
});

test.each<[string, string]>([
  ['base64 of prose', base64(`this is a text about nobody, ${'and it goes on '.repeat(5)}`)],
  ['base64 of a key', base64(Buffer.from(Array.from({ length: 200 }, (_, index) => (index * 151 + 7) % 256)))],
  ['base64 of a schema', base64(`{"properties":{"ssn":{"type":"string"},"patient":{"type":"object"}}}`)],
])('%s stays silent', (_title, text) => {
  expect(detectorsIn('a.json', JSON.stringify({ text, name }))).toEqual([]);
});
