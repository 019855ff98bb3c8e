import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { limits } from '../../src/limits.ts';
import { scanFile } from '../../src/scan/entries.ts';
import { Tally } from '../../src/scan/tally.ts';
import { patient } from '../support/patients.ts';
import { buildPdf } from '../support/pdf-builder.ts';

const engine = new Engine();
const { ssn, mrn, dob, name, memberId } = patient(21);

async function scan(bytes: Buffer, size = 65_536): Promise<Tally> {
  const tally = new Tally(engine);
  async function* chunks(): AsyncIterable<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
  }
  await scanFile('a.pdf', chunks(), tally, bytes.length);
  tally.close();
  return tally;
}

async function detectorsIn(bytes: Buffer): Promise<readonly string[]> {
  const { found } = await scan(bytes);
  return found.flatMap(({ finding }) => [finding.detector, ...(finding.identifiers ?? [])]);
}

test.each<[string, Buffer, readonly string[]]>([
  ['text in a compressed stream', buildPdf([[72, 700, `SSN: ${ssn}`]]), ['ssn']],
  [
    'a label and its value drawn apart',
    buildPdf([
      [200, 700, mrn],
      [72, 700, 'MRN:'],
    ]),
    ['mrn'],
  ],
  [
    'headings with values below',
    buildPdf([
      [72, 700, 'Patient Name'],
      [250, 700, 'MRN'],
      [400, 700, 'DOB'],
      [72, 680, name],
      [250, 680, mrn],
      [400, 680, dob],
    ]),
    ['name', 'mrn', 'dob'],
  ],
  ['a form field', buildPdf([], { 'patient.ssn': ssn, MemberID: memberId }), ['ssn', 'member-id']],
  ['a property', buildPdf([], {}, { Subject: `MRN: ${mrn}` }), ['mrn']],
])('%s', async (_title, bytes, expected) => {
  expect(await detectorsIn(bytes)).toEqual(expect.arrayContaining(expected as string[]));
});

test('the page is told', async () => {
  const { found, gaps } = await scan(buildPdf([[72, 700, `SSN: ${ssn}`]]));
  expect(found.map(({ finding }) => finding.place.pointer)).toEqual(['page 1']);
  expect(gaps).toEqual([]);
});

test('a manual stays silent', async () => {
  const bytes = buildPdf([
    [72, 700, 'Enter the SSN and the date of birth of the patient.'],
    [72, 680, 'Part 4172-88'],
  ]);
  expect(await detectorsIn(bytes)).toEqual([]);
});

test('one that is cut short is read as far as it goes, and is a gap where it is no PDF any more', async () => {
  const whole = buildPdf([[72, 700, `SSN: ${ssn}`]]);
  expect(await detectorsIn(whole.subarray(0, -20))).toContain('ssn');
  expect((await scan(whole.subarray(0, -120))).gaps.map(({ reason }) => reason)).toEqual(['corrupt']);
  const { gaps, found } = await scan(Buffer.from(`%PDF-1.4\nSSN: ${ssn}\n`));
  expect(gaps.map(({ reason }) => reason)).toEqual(['corrupt']);
  expect(found.map(({ finding }) => finding.detector)).toEqual(['ssn']);
});

test('an encrypted one is a gap', async () => {
  const encrypt =
    '/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <' + '41'.repeat(32) + '> /U <' + '42'.repeat(32) + '> >>';
  const bytes = buildPdf([[72, 700, `SSN: ${ssn}`]]).toString('latin1');
  const encrypted = bytes.replace('/Info 6 0 R', `/Info 6 0 R ${encrypt} /ID [<4141> <4141>]`);
  expect((await scan(Buffer.from(encrypted, 'latin1'))).gaps.map(({ reason }) => reason)).toEqual(['encrypted']);
});

test('a file that is too large for memory is a gap, and its raw bytes are read', async () => {
  const bytes = Buffer.concat([Buffer.from(`%PDF-1.4\nSSN: ${ssn}\n`), Buffer.alloc(limits.pdfBytes)]);
  const { gaps, found } = await scan(bytes, 1024 * 1024);
  expect(gaps.map(({ reason }) => reason)).toEqual(['byte-limit']);
  expect(found.map(({ finding }) => finding.detector)).toEqual(['ssn']);
});

test('any bytes: no throw, no hang', async () => {
  const whole = buildPdf([[72, 700, `SSN: ${ssn}`]], { ssn });
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(changes, fc.nat(), async (edits, cut) => {
      const bytes = Buffer.from(whole.subarray(0, 5 + (cut % whole.length)));
      for (const [at, value] of edits) bytes[5 + (at % Math.max(1, bytes.length - 5))] = value;
      expect((await scan(bytes)).found.length).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 60 },
  );
});
