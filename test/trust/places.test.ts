import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { dicomFile } from '../read/dicom/dicom-file.ts';
import { database } from '../read/sqlite/databases.ts';
import { buildPdf } from '../support/pdf-builder.ts';
import { patient } from '../support/patients.ts';
import { buildZip } from '../support/zip-builder.ts';
import { phiscan } from './command.ts';

/** Whose values are found; the planted ones stand in names around them. */
const found = patient(8000);
const { ssn, mrn, family, given } = found;

const element = (name: string): string => name.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^(?=[0-9])/, 'n_');
const word = (name: string): string => name.replace(/[^A-Za-z0-9]/g, '_');
const cells = (texts: readonly string[]): string =>
  texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('');
const sheet = (...rows: readonly (readonly string[])[]): string =>
  `<worksheet><sheetData>${rows.map((row) => `<row>${cells(row)}</row>`).join('')}</sheetData></worksheet>`;
const office = (members: Readonly<Record<string, string>>): Buffer =>
  buildZip({ '[Content_Types].xml': '<Types/>', ...members });

/** A file of each format, with the planted text in every name that the format has beside its values. */
const files: Readonly<Record<string, (name: string) => string | Buffer>> = {
  'key.json': (name) => JSON.stringify({ [name]: { ssn } }),
  'far.json': (name) => JSON.stringify({ ssn: { [name]: ssn } }),
  'joined.json': (name) => JSON.stringify({ patients: [{ [`ssn_${name}`]: ssn }] }),
  'embedded.json': (name) => {
    const inner = JSON.stringify({ [name]: { ssn } });
    return JSON.stringify({ [name]: Buffer.from(inner).toString('base64'), text: inner });
  },
  'fhir.json': (name) => {
    const identifier = [{ system: 'http://hl7.org/fhir/sid/us-ssn', value: ssn }];
    return JSON.stringify({ resourceType: 'Patient', [name]: { identifier }, identifier });
  },
  'key.yaml': (name) => `"${name}":\n  ssn: ${ssn}\nssn:\n  "${name}": ${ssn}\n`,
  'plain.yaml': (name) => `${word(name)}:\n  - ssn: ${ssn}\n`,
  'section.toml': (name) => `["${name}"]\nssn = "${ssn}"\n[ssn]\n"${name}" = "${ssn}"\n`,
  'section.ini': (name) => `[${name}]\nssn = ${ssn}\n[ssn]\n${name} = ${ssn}\n`,
  'app.env': (name) => `SSN_${word(name)}=${ssn}\n${word(name)}_SSN=${ssn}\n`,
  'element.xml': (name) => `<?xml version="1.0"?><r><${element(name)}><ssn>${ssn}</ssn></${element(name)}></r>`,
  'attribute.xml': (name) => `<?xml version="1.0"?><r><ssn ${element(name)}="${ssn}"/></r>`,
  'cda.xml': (name) =>
    '<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole>' +
    `<id root="2.16.840.1.113883.4.1" extension="${ssn}"/><patient><${element(name)}><name><family>${family}</family>` +
    `</name></${element(name)}></patient></patientRole></recordTarget></ClinicalDocument>`,
  'column.csv': (name) => `${name},ssn\n1,${ssn}\n2,${ssn}\n`,
  'header.csv': (name) => `ssn ${name},city\n${ssn},x\n`,
  'joined.csv': (name) => `ssn_${word(name)},city\n${ssn},x\n`,
  'headless.csv': (name) => `${name},${ssn}\n${name},${ssn}\n`,
  'table.sql': (name) => `INSERT INTO "${name}" (ssn, city) VALUES ('${ssn}', 'x');\n`,
  'column.sql': (name) => `INSERT INTO ssn ("${name}", "ssn_${name}") VALUES ('${ssn}', '${ssn}');\n`,
  'table.db': (name) => database(`CREATE TABLE "${name}" (ssn TEXT)`, `INSERT INTO "${name}" VALUES ('${ssn}')`),
  'column.db': (name) => database(`CREATE TABLE ssn ("${name}" TEXT)`, `INSERT INTO ssn VALUES ('${ssn}')`),
  'sheet.xlsx': (name) =>
    office({
      'xl/workbook.xml': `<workbook><sheets><sheet name="${name}" sheetId="1"/></sheets></workbook>`,
      [`xl/worksheets/${name}.xml`]: sheet(['SSN', name, `SSN ${name}`], [ssn, 'y', ssn]),
      'docProps/custom.xml': `<Properties><property name="SSN ${name}"><vt:lpwstr>${ssn}</vt:lpwstr></property></Properties>`,
    }),
  'form.pdf': (name) =>
    buildPdf([[10, 700, `SSN ${ssn}`]], { [`${name}.ssn`]: ssn, [`ssn_${name}`]: ssn }, { [word(name)]: `SSN ${ssn}` }),
  'adt.hl7': (name) =>
    `MSH|^~\\&|${name}|X|${name}|Y|20240101||ADT^A01|1|P|2.5\r` +
    `PID|1||${mrn}^^^${name}^MR||${family}^${given}||19610312\rZ${word(name).slice(0, 2).toUpperCase()}|${ssn}\r`,
  'image.dcm': (name) =>
    dicomFile(
      [
        ['00100010', 'PN', `${family}^${given}`],
        ['00100020', 'LO', mrn],
        ['00110010', 'LO', name],
        ['00111001', 'LO', `ssn ${ssn}`],
      ],
      'explicit',
    ),
  'app.log': (name) => `ssn of ${name}: ${ssn}\n${word(name)}_ssn=${ssn}\n`,
};

/** By what is planted: a new one for each file. A rare name in a key is not told from any other word, and is not here. */
const plants: Readonly<Record<string, (seed: number) => string>> = {
  ssn: (seed) => patient(seed).ssn,
  'ssn without dashes': (seed) => patient(seed).ssn.replaceAll('-', ''),
  mrn: (seed) => patient(seed).mrn,
  mbi: (seed) => patient(seed).mbi,
  'member id': (seed) => patient(seed).memberId,
  email: (seed) => patient(seed).email,
  'name of two words': (seed) => patient(seed).name,
  'common name as a slug': (seed) =>
    ['jenn', 'ifer_', ['mart', 'inez'].join(''), '_'].join('') + 'abcdefgh'.charAt(seed % 8),
};
const COMMON = ['mart', 'inez'].join('');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-places-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const squeezed = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

describe('no place of a finding holds a value, whatever is named by it', () => {
  it('in the report, the table, or on stderr', async () => {
    const planted = new Map<string, string>();
    let seed = 9000;
    for (const [kind, plant] of Object.entries(plants)) {
      for (const [file, make] of Object.entries(files)) {
        const value = plant(seed++);
        const path = join(folder, 'in', kind.replaceAll(' ', '-'), file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, make(value));
        planted.set(`${kind} in ${file}`, kind.startsWith('common') ? COMMON : value);
      }
    }
    const report = join(folder, 'report.json');
    const options = ['--explain', '--min-confidence', '0', '--fail-on', 'info'];
    const input = join(folder, 'in');
    const debug = { env: { PHISCAN_DEBUG: '1' } };
    const table = await phiscan(['files', input, ...options], debug);
    const json = await phiscan(['files', input, ...options, '--format', 'json', '--output', report], debug);
    expect([table, json].map(({ code, late }) => ({ code, late }))).toEqual(Array(2).fill({ code: 1, late: false }));
    const written = readFileSync(report, 'utf8');
    const text = [table.stdout, table.stderr, json.stdout, json.stderr, written].join('\n');
    const all = squeezed(text);
    const leaks = [...planted].filter(([, value]) => all.includes(squeezed(value))).map(([place]) => place);
    expect(leaks).toEqual([]);
    expect([ssn, mrn].filter((value) => all.includes(squeezed(value)))).toHaveLength(0);
    // The search would find nothing in an empty report, either.
    const { findings } = JSON.parse(written) as Report;
    const read = new Set(findings.map(({ location }) => location.path.split('/').at(-1)));
    expect(Object.keys(files).filter((file) => !read.has(file))).toEqual([]);
  });
});
