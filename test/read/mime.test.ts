import { describe, expect, test } from 'vitest';
import type { GapReason } from '../../src/finding.ts';
import { mimeReader } from '../../src/read/mime/mime.ts';
import { readers } from '../../src/read/readers.ts';
import { patient } from '../support/patients.ts';
import { takesTimeInProportion } from './properties.ts';
import { fieldsOf, headOf, labelled, readerOf } from './reading.ts';
import { vocabulary } from './vocabulary.ts';

const reader = mimeReader(() => readers);
const { name, given, family, mrn, ssn } = patient(3);
const other = patient(4);
const base64 = (text: string | Buffer): string =>
  Buffer.from(text)
    .toString('base64')
    .replace(/.{76}(?=.)/g, '$&\r\n');

/** A mail with these header fields beside those that each has. */
function mail(fields: readonly string[], body: string): string {
  return ['From: a@kelpmail.net', 'Subject: results', 'MIME-Version: 1.0', ...fields, '', body].join('\r\n');
}

function multipart(...parts: readonly string[]): string {
  const body = parts.map((part) => `--b=1\r\n${part}\r\n`).join('');
  return mail(['Content-Type: multipart/mixed;\r\n boundary="b=1"'], `see below\r\n${body}--b=1--\r\n`);
}

const BASE64 = 'Content-Transfer-Encoding: base64';
const QUOTED = 'Content-Transfer-Encoding: quoted-printable';
const note = `patient name: ${name}\r\nmrn: ${mrn}\r\n`;
const both = [`patient name: ${name}`, `mrn: ${mrn}`];
const csv = `mrn,name\n${mrn},${name}\n${other.mrn},${other.name}\n`;
const rows = [`mrn: ${mrn}`, `name: ${name}`, `mrn: ${other.mrn}`, `name: ${other.name}`];

function told(text: string | Buffer): readonly string[] {
  const values = labelled(fieldsOf(reader, Buffer.from(text)));
  return [...new Set(values)].filter((value) => /^(?:patient name|mrn|ssn|name)\b(?!.*\?=)/i.test(value));
}

describe('mails', () => {
  test.each<[string, string, readonly string[]]>([
    ['plain text', mail(['Content-Type: text/plain'], note), both],
    ['base64', mail(['Content-Type: text/plain', BASE64], base64(note)), both],
    [
      'quoted-printable, broken inside of values',
      mail([QUOTED], `patient=20name=3A ${given}=\r\n ${family}\r\nmrn: ${mrn.slice(0, 3)}=\r\n${mrn.slice(3)}\r\n`),
      both,
    ],
    [
      'an attachment',
      multipart(`Content-Disposition: attachment; filename="a.csv"\r\n${BASE64}\r\n\r\n${base64(csv)}`),
      rows,
    ],
    [
      'two parts',
      multipart(`Content-Type: text/plain\r\n\r\nssn: ${ssn}`, `${BASE64}\r\n\r\n${base64(note)}`),
      [`ssn: ${ssn}`, ...both],
    ],
    [
      'a multipart inside of one',
      multipart(
        `Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n${BASE64}\r\n\r\n${base64(note)}\r\n--c--`,
      ),
      both,
    ],
    [
      'a mail inside',
      multipart(`Content-Type: message/rfc822\r\n\r\n${mail(['Content-Type: text/plain', BASE64], base64(note))}`),
      both,
    ],
    [
      'a page',
      mail(
        ['Content-Type: text/html', QUOTED],
        `<p class=3D"x"><b>mrn:</b> ${mrn.slice(0, 3)}=\r\n${mrn.slice(3)}</p>`,
      ),
      [`mrn: ${mrn}`],
    ],
    [
      'Latin-1',
      mail(['Content-Type: text/plain; charset=iso-8859-1', QUOTED], `patient name: Ren=E9 ${family}\r\n`),
      [`patient name: Ren\u00e9 ${family}`],
    ],
    [
      'UTF-16',
      mail(['Content-Type: text/plain; charset=utf-16le', BASE64], base64(Buffer.from(note, 'utf16le'))),
      both,
    ],
    ['a subject over two lines', mail([`X-Subject: =?UTF-8?Q?mrn:?=\r\n =?UTF-8?Q?_${mrn}?=`], 'x'), [`mrn: ${mrn}`]],
    ['an mbox', ['', ''].map(() => `From a Mon Jan  2\r\n${mail([BASE64], base64(note))}\r\n\r\n`).join(''), both],
    ['no closing boundary', multipart(`${BASE64}\r\n\r\n${base64(note)}`).replace(/--b=1--\r\n$/, ''), both],
    ['base64 that is cut', mail([BASE64], base64(`${note}${'x'.repeat(80)}`).slice(0, -3)), both],
    ['an encoding that nobody knows', mail(['Content-Transfer-Encoding: x-none'], note), both],
    ['a picture', mail(['Content-Type: image/png', BASE64], base64(note)), []],
    ['a boundary of nobody', mail([], `--b\r\n${BASE64}\r\n\r\n${base64(note).slice(0, 20)}`), []],
    ['a header only', 'From: a\r\nSubject: b\r\nContent-Type: multipart/mixed; boundary=b', []],
  ])('%s', (_title, text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  test.each<[string, string, string]>([
    ['a mail', mail([], note), 'mime'],
    ['an mbox', `From a Mon Jan  2\n${mail([], note)}`, 'mime'],
    ['a response of a web server', `Date: x\r\nContent-Type: text/plain\r\n\r\n${note}`, 'text'],
    ['a note', `Patient: ${name}\nFrom: ward\n`, 'text'],
    ['text about mail', 'From now on, the subject is closed.\n', 'text'],
    ['a header that is none', `From: a\nno header\nSubject: b\n`, 'text'],
  ])('%s: read as %s', (_title, text, expected) => {
    expect(readerOf('', Buffer.from(text)).id === 'mime').toBe(expected === 'mime');
  });

  test('a value in an encoded part is told at its line, and persons of two parts are two records', () => {
    const text = multipart(
      `${BASE64}\r\n\r\n${base64(`${'x'.repeat(120)}\r\nmrn: ${mrn}\r\n`)}`,
      `${BASE64}\r\n\r\n${base64(`mrn: ${other.mrn}\r\n`)}`,
    );
    const fields = fieldsOf(reader, Buffer.from(text)).filter(({ value }) => [mrn, other.mrn].includes(value));
    const [first, last] = [fields[0], fields.at(-1)];
    const lines = text.split('\r\n').map((line) => line.trim());
    expect(Buffer.from(lines.slice((first?.line ?? 0) - 2, first?.line).join(''), 'base64').toString()).toContain(
      'mrn',
    );
    expect(last?.line).toBeGreaterThan(first?.line ?? Infinity);
    expect(text.slice(last?.offset).indexOf('\r\n')).toBeGreaterThanOrEqual(0);
    expect(first?.record).not.toBe(last?.record);
  });

  test('columns of two attachments are not one', () => {
    const part = `Content-Disposition: attachment; filename=a.csv\r\n${BASE64}\r\n\r\n${base64(csv)}`;
    const columns = fieldsOf(reader, Buffer.from(multipart(part, part))).flatMap(
      ({ columnIndex }) => columnIndex ?? [],
    );
    expect([...new Set(columns)]).toEqual([0, 1, 2, 3]);
  });

  test('an archive inside is a gap', () => {
    const reasons: GapReason[] = [];
    const zip = Buffer.from('PK\x03\x04 and so on', 'latin1');
    const entry = Buffer.from(multipart(`Content-Type: application/zip\r\n${BASE64}\r\n\r\n${base64(zip)}`));
    const reading = reader.open(headOf('', entry), vocabulary, (reason) => reasons.push(reason));
    expect([...reading.write(entry), ...reading.end()].filter(({ span }) => span === 'fixed')).toEqual([]);
    expect(reasons).toEqual(['unsupported']);
  });
});

takesTimeInProportion(
  reader,
  [
    ['boundaries', (times) => mail(['Content-Type: multipart/mixed; boundary=b'], '--b\r\n'.repeat(times))],
    ['folds', (times) => `From: a\r\nSubject: b\r\n${' c\r\n'.repeat(times)}`],
    ['short lines of base64', (times) => mail([BASE64], 'bXJu\r\n'.repeat(times))],
    ['escapes', (times) => mail([QUOTED], '=3D=\r\n'.repeat(times))],
    [
      'mails in mails',
      (times) => mail(['Content-Type: message/rfc822'], 'Content-Type: message/rfc822\r\n\r\n'.repeat(times)),
    ],
    ['encoded words', (times) => `From: a\r\nSubject: ${'=?UTF-8?Q?a?= '.repeat(times)}`],
  ],
  { times: 6000, least: 10 },
);
