import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { patient } from '../support/patients.ts';
import { buildPdf } from '../support/pdf-builder.ts';
import { buildZip } from '../support/zip-builder.ts';
import { type Ended, phiscan, reportOf } from '../trust/command.ts';

const { ssn } = patient(31);

let folder: string;
let withoutCanvas: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-messages-'));
  withoutCanvas = join(folder, 'without-canvas.cjs');
  writeFileSync(
    withoutCanvas,
    `const Module = require('node:module');
const resolve = Module._resolveFilename;
Module._resolveFilename = function (name, ...rest) {
  if (name.startsWith('@napi-rs/')) throw new Error('no such module: ' + name);
  return resolve.call(this, name, ...rest);
};`,
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const pdf = buildPdf([[72, 700, `SSN: ${ssn}`]]);

async function scan(name: string, bytes: Buffer | string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return phiscan(['files', '--format', 'json', file], { env });
}

/** Lines of stderr that phiscan did not write. */
function foreign({ stderr }: Ended): readonly string[] {
  return stderr.split('\n').filter((line) => line !== '' && !line.startsWith('phiscan: '));
}

test('without the package for drawing, which is optional, a PDF is read, and its library says nothing', async () => {
  const ended = await scan('a.pdf', pdf, { NODE_OPTIONS: `--require=${withoutCanvas}` });
  expect(foreign(ended)).toEqual([]);
  expect(reportOf(ended).findings.map(({ location }) => location.pointer)).toEqual(['page 1']);
  expect(reportOf(ended).coverage.gaps).toEqual([]);
});

test.each(['LOG_TOKENS', 'LOG_STREAM', 'DEBUG'])('%s in the environment makes no library talk', async (name) => {
  const ended = await scan('a.yaml', `patient:\n  ssn: "${ssn}"\n`, { [name]: '*' });
  expect(foreign(ended)).toEqual([]);
  expect(reportOf(ended).findings.map(({ detector }) => detector)).toEqual(['ssn']);
  expect(ended.stdout + ended.stderr).not.toContain(ssn);
});

test.each<[string, Buffer | string]>([
  ['cut.pdf', pdf.subarray(0, -20)],
  ['no-objects.pdf', `%PDF-1.4\nSSN: ${ssn}\n`],
  ['faults.xml', `<?xml version="1.0"?>\n<patient><ssn>${ssn}</ssn x="&nothing; <a></b></patient>\n<ssn>${ssn}`],
  [
    'faults.xlsx',
    buildZip({ '[Content_Types].xml': '', 'xl/sharedStrings.xml': `<t a="<si>&x;</z><t>SSN: ${ssn}</t>` }),
  ],
  ['faults.yaml', `patient:\n  ssn: "${ssn}"\n  ? {[a: 1]: 2}\n : !!set *nothing\n\t- "open\n%FOO bar\n`],
  ['faults.sql', `INSERT INTO patients (ssn) VALUES ('${ssn}'), ('open\n`],
])('%s: its library says nothing about the faults in it', async (name, bytes) => {
  const ended = await scan(name, bytes);
  expect(foreign(ended)).toEqual([]);
  expect(reportOf(ended).findings.map(({ detector }) => detector)).toContain('ssn');
  expect(ended.stdout + ended.stderr).not.toContain(ssn);
});
