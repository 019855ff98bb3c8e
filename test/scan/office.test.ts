import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { scanFile } from '../../src/scan/entries.ts';
import { Tally } from '../../src/scan/tally.ts';
import { patient } from '../support/patients.ts';
import { buildZip } from '../support/zip-builder.ts';

const engine = new Engine();
const { ssn, mrn, dob, name, given, family, memberId } = patient(11);
const serial = Math.round((Date.parse(dob) - Date.UTC(1899, 11, 30)) / 86_400_000);

async function found(path: string, members: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return foundIn(path, buildZip({ '[Content_Types].xml': '<Types/>', ...members }));
}

async function foundIn(path: string, zip: Buffer): Promise<readonly string[]> {
  const tally = new Tally(engine);
  async function* chunks(): AsyncIterable<Buffer> {
    yield await Promise.resolve(zip);
  }
  await scanFile(path, chunks(), tally, zip.length);
  tally.close();
  return tally.found.flatMap(({ finding }) => [
    finding.detector,
    ...(finding.identifiers ?? []),
    `${finding.place.path}@${finding.place.pointer ?? ''}`,
  ]);
}

const strings = (texts: readonly string[]): string =>
  `<sst xmlns="x">${texts.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`;
const sheet = (rows: readonly string[]): string =>
  `<worksheet><sheetData>${rows.map((cells, row) => `<row r="${row + 1}">${cells}</row>`).join('')}</sheetData></worksheet>`;
const inline = (texts: readonly string[]): string =>
  texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('');

describe('XLSX', () => {
  test('a header row names the columns, and strings stand in a part of their own', async () => {
    const members = {
      'xl/sharedStrings.xml': strings(['SSN', 'Patient Name', 'DOB', ssn, name, 'MRN']),
      'xl/styles.xml': '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
      'xl/worksheets/sheet1.xml': sheet([
        '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="s"><v>2</v></c><c r="E1" t="s"><v>5</v></c>',
        `<c r="A2" t="s"><v>3</v></c><c r="B2" t="s"><v>4</v></c><c r="D2" s="1"><v>${serial}</v></c><c r="E2"><v>${mrn}</v></c>`,
      ]),
    };
    const findings = await found('a.xlsx', members);
    expect(findings).toEqual(['patient-record', 'dob', 'mrn', 'name', 'ssn', 'a.xlsx@xl/worksheets/sheet1.xml']);
  });

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'inline strings',
      { 'xl/worksheets/sheet1.xml': sheet([inline(['MRN', 'x', 'DOB']), inline([mrn, 'y', dob])]) },
      ['mrn', 'dob'],
    ],
    [
      'titles above the header',
      { 'xl/worksheets/sheet1.xml': sheet([inline(['Clinic']), inline(['SSN', 'a', 'b']), inline([ssn, 'y', 'z'])]) },
      ['ssn'],
    ],
    [
      'a form',
      { 'xl/worksheets/sheet1.xml': sheet([inline(['Patient Name:', name]), inline(['MRN:', mrn])]) },
      ['mrn', 'name'],
    ],
    [
      'a hidden second sheet',
      { 'xl/worksheets/sheet2.xml': sheet([inline(['SSN', 'a', 'b']), inline([ssn, 'y', 'z'])]) },
      ['ssn'],
    ],
    [
      'a comment',
      { 'xl/comments1.xml': `<comments><comment ref="A1"><text><r><t>SSN ${ssn}</t></r></text></comment></comments>` },
      ['ssn'],
    ],
    [
      'a custom property',
      {
        'docProps/custom.xml': `<Properties><property name="PatientMRN"><vt:lpwstr>${mrn}</vt:lpwstr></property></Properties>`,
      },
      ['mrn'],
    ],
    ['strings without a sheet', { 'xl/sharedStrings.xml': strings([`SSN: ${ssn}`]) }, ['ssn']],
  ])('%s', async (_title, members, expected) => {
    expect(await found('a.xlsx', members)).toEqual(expect.arrayContaining(expected as string[]));
  });

  test('numbers that are no dates of persons, and words of software, stay silent', async () => {
    const rows = sheet([inline(['id', 'created', 'name']), inline(['1', '43000', 'host'])]);
    expect(await found('a.xlsx', { 'xl/worksheets/sheet1.xml': rows })).toEqual([]);
  });
});

describe('DOCX, PPTX and OpenDocument', () => {
  const run = (text: string): string => `<w:r><w:t>${text}</w:t></w:r>`;
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'a label and its value in two runs',
      { 'word/document.xml': `<w:document><w:p>${run('Patient M')}${run('RN: ')}${run(mrn)}</w:p></w:document>` },
      ['mrn'],
    ],
    [
      'a table',
      {
        'word/document.xml': `<w:tbl><w:tr>${['SSN', 'DOB', 'Ward'].map((text) => `<w:tc><w:p>${run(text)}</w:p></w:tc>`).join('')}</w:tr><w:tr>${[ssn, dob, 'B'].map((text) => `<w:tc><w:p>${run(text)}</w:p></w:tc>`).join('')}</w:tr></w:tbl>`,
      },
      ['ssn', 'dob'],
    ],
    [
      'a form in a table',
      {
        'word/document.xml': `<w:tbl>${[
          ['Member ID', memberId],
          ['DOB', dob],
        ]
          .map(
            ([label, value]) =>
              `<w:tr><w:tc><w:p>${run(label ?? '')}</w:p></w:tc><w:tc><w:p>${run(value ?? '')}</w:p></w:tc></w:tr>`,
          )
          .join('')}</w:tbl>`,
      },
      ['member-id', 'dob'],
    ],
    [
      'a header',
      { 'word/header1.xml': `<w:p>${run(`Patient Name: ${given} ${family}`)}<w:tab/>${run(`MRN: ${mrn}`)}</w:p>` },
      ['mrn', 'name'],
    ],
    ['a comment', { 'word/comments.xml': `<w:comment><w:p>${run(`SSN &#35; ${ssn}`)}</w:p></w:comment>` }, ['ssn']],
    ['a slide', { 'ppt/slides/slide1.xml': `<a:p><a:r><a:t>MRN: ${mrn}</a:t></a:r></a:p>` }, ['mrn']],
    ['a text of OpenDocument', { 'content.xml': `<text:p>SSN: <text:span>${ssn}</text:span></text:p>` }, ['ssn']],
    [
      'a sheet of OpenDocument',
      {
        'content.xml': `<table:table>${[
          ['SSN', 'DOB', 'x'],
          [ssn, dob, 'y'],
        ]
          .map(
            (cells) =>
              `<table:table-row>${cells.map((cell) => `<table:table-cell><text:p>${cell}</text:p></table:table-cell>`).join('')}<table:table-cell table:number-columns-repeated="9"/></table:table-row>`,
          )
          .join('')}</table:table>`,
      },
      ['ssn', 'dob'],
    ],
  ])('%s', async (_title, members, expected) => {
    expect(await found('a.docx', members)).toEqual(expect.arrayContaining(expected as string[]));
  });
});

test('a member that is no part is an entry', async () => {
  const findings = await found('a.docx', { 'customXml/item1.xml': `<ssn>${ssn}</ssn>`, 'word/document.xml': '<w:p/>' });
  expect(findings).toContain('a.docx!customXml/item1.xml@ssn');
});

test('a zip that only looks like one is read member by member', async () => {
  const findings = await foundIn('a.zip', buildZip({ 'content.xml': `<ssn>${ssn}</ssn>` }));
  expect(findings).toEqual(['ssn', 'a.zip!content.xml@ssn']);
});

test('broken parts: what is there is found', async () => {
  const text = `<w:p><w:r><w:t>SSN: ${ssn}</w:t></w:p><w:tbl><w:tr><w:tc`;
  expect(await found('a.docx', { 'word/document.xml': text })).toContain('ssn');
});

test('any parts: no throw, no hang', async () => {
  const tags = [
    '<row>',
    '</row>',
    '<c t="s">',
    '</c>',
    '<v>',
    '7',
    '</v>',
    '<w:p>',
    '</w:p>',
    '<w:tc>',
    '</w:tc>',
    '<w:tbl>',
    '</w:tbl>',
    '<si>',
    '</si>',
    '<t>',
    '&#',
    '&amp;',
    '<',
    '>',
    'ssn',
    '<c r="ZZZZ1"/>',
    '<property name="',
  ];
  const text = fc.array(fc.constantFrom(...tags), { maxLength: 50 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, text, async (first, second) => {
      const members = {
        'xl/sharedStrings.xml': first,
        'xl/styles.xml': second,
        'xl/worksheets/sheet1.xml': first + second,
        'word/document.xml': second + first,
        'docProps/custom.xml': first,
      };
      expect(Array.isArray(await found('a.xlsx', members))).toBe(true);
    }),
    { numRuns: 200 },
  );
});
