import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHelp, showHelp, updateHelp } from '../../src/cli/commands/baseline.ts';
import type { Report } from '../../src/finding.ts';
import { wordsOf } from '../support/help-examples.ts';
import { buildImages } from '../support/image-builder.ts';
import { archiveOf, docker25 } from '../support/image-layouts.ts';
import { patient, patients } from '../support/patients.ts';
import { phiscan, phiscanHere } from '../support/scans.ts';

const root = join(import.meta.dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const [section = ''] = /^## Accepting findings[^]*?(?=^## )/m.exec(readme) ?? [];
const commandsOf = (text: string): readonly string[] =>
  [...text.replace(/ \\\n\s*/g, ' ').matchAll(/^ *\$ (phiscan .*)$/gm)].map(([, command = '']) => command);

const one = patient(41);
const rows = patients(12);
const table = `ssn,last_name,birth_date\n${rows.map(({ ssn, family, dob }) => [ssn, family, dob].join(',')).join('\n')}\n`;
const values = [one.ssn, one.mrn, ...rows.flatMap(({ ssn, family }) => [ssn, family])];

const before = process.cwd();
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-baseline-'));
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** In a folder of the test's; nothing that is printed holds a value. */
async function run(command: string, cwd: string, input?: string): Promise<Ran> {
  const [program, ...words] = wordsOf(command);
  expect(program).toBe('phiscan');
  process.chdir(cwd);
  const env = { PHISCAN_CACHE_DIR: join(folder, 'cache') };
  const ran = await phiscanHere(words, { env, ...(input === undefined ? {} : { stdin: Buffer.from(input) }) });
  for (const value of values) expect(ran.stdout + ran.stderr).not.toContain(value);
  return { status: ran.code, stdout: ran.stdout, stderr: ran.stderr };
}

function workspace(name: string, files: Readonly<Record<string, string>>): string {
  const cwd = join(folder, name);
  mkdirSync(join(cwd, 'seed'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(cwd, file), text);
  return cwd;
}

async function reportOf(
  command: string,
  cwd: string,
): Promise<{ readonly status: number | null; readonly report: Report }> {
  const { status, stdout } = await run(`${command} --format json`, cwd);
  return { status, report: JSON.parse(stdout) as Report };
}

const answer = `--reason 'demo' --owner team-data --expires 2099-12-31`;

test('the README and the help, as written', async () => {
  const cwd = workspace('readme', { 'seed/patients.csv': table });
  const commands = commandsOf(section);
  expect(commands.length).toBeGreaterThan(5);
  const statuses = [];
  for (const command of commands) statuses.push((await run(command, cwd)).status);
  // The first scan finds, and what is accepted then is accepted ever after.
  expect(statuses).toEqual([1, ...commands.slice(1).map(() => 0)]);
  // The same of the program itself.
  expect(await phiscan(['files', '.'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  rmSync(join(cwd, 'phiscan-baseline.yaml'));
  for (const command of [...commandsOf(createHelp), ...commandsOf(updateHelp), ...commandsOf(showHelp)]) {
    expect((await run(command.replace('2027-01-31', '2099-12-31'), cwd)).status, command).not.toBe(2);
  }
});

test('a baseline accepts its report and nothing that grows; an update is asked for critical ones', async () => {
  const cwd = workspace('grows', { 'seed/patients.csv': table, 'notes.txt': `SSN: ${one.ssn}\n` });
  expect((await run('phiscan files . --format json --output r.json', cwd)).status).toBe(1);
  expect(await run(`phiscan baseline create --from r.json ${answer}`, cwd)).toMatchObject({
    status: 0,
    stdout: '2 places accepted, 1 of them critical until 2099-12-31: phiscan-baseline.yaml\n',
  });
  for (const value of values) expect(readFileSync(join(cwd, 'phiscan-baseline.yaml'), 'utf8')).not.toContain(value);

  const accepted = await reportOf('phiscan files notes.txt seed', cwd);
  expect(accepted.status).toBe(0);
  expect(accepted.report.summary).toMatchObject({ accepted: 2, critical: 0, high: 0 });
  // The file itself is scanned, too, and is no finding.
  expect((await run('phiscan files .', cwd)).status).toBe(0);

  writeFileSync(join(cwd, 'notes.txt'), `SSN: ${one.ssn}\n\n\n\nSSN: ${rows[0]?.ssn ?? ''}\n`);
  const grown = await reportOf('phiscan files notes.txt seed', cwd);
  expect(grown.status).toBe(1);
  expect(grown.report.findings.map(({ lapsed }) => lapsed?.why).filter(Boolean)).toEqual(['grown']);

  await run('phiscan files . --format json --output r.json', cwd);
  expect(await run('phiscan baseline update --from r.json', cwd)).toMatchObject({ status: 2, stdout: '' });
  expect((await run(`phiscan baseline update --from r.json ${answer}`, cwd)).stdout).toContain('added: ssn (notes.txt');
  expect((await run('phiscan files .', cwd)).status).toBe(0);

  writeFileSync(join(cwd, 'other.csv'), table);
  writeFileSync(join(cwd, 'notes.txt'), 'nothing of note\n');
  await run('phiscan files notes.txt other.csv seed --format json --output r.json', cwd);
  const refused = await run(`phiscan baseline update --from r.json ${answer}`, cwd);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('new and critical: patient-record');
  const taken = await run(`phiscan baseline update --from r.json ${answer} --accept-critical`, cwd);
  expect(taken.stdout).toMatch(/dropped, it does not occur: ssn \(notes\.txt/);
});

test('an image that is rebuilt is accepted, from the ledger as well as anew, and its marks with it', async () => {
  const marked = `# phiscan:ignore the patient of the manual`;
  const build = async (file: string, more: string): Promise<void> => {
    const entries = [
      { path: 'srv/seed.csv', content: table },
      { path: 'srv/app.env', content: `PATIENT_SSN=${one.ssn} ${marked}\n` },
      { path: 'srv/version', content: more },
    ];
    writeFileSync(join(cwd, file), await archiveOf(docker25(await buildImages([{ layers: [{ entries }] }]))));
  };
  const cwd = workspace('image', {});
  await build('app.tar', 'first');
  await build('rebuilt.tar', 'second');
  const first = await reportOf('phiscan image app.tar', cwd);
  expect(first.status).toBe(1);
  expect(first.report.findings.map(({ accepted }) => accepted?.by)).toEqual([undefined, 'inline']);
  const again = await reportOf('phiscan image app.tar', cwd);
  expect(again.report.findings).toEqual(first.report.findings);

  writeFileSync(join(cwd, 'r.json'), JSON.stringify(first.report));
  expect((await run(`phiscan baseline create --from - ${answer}`, cwd, JSON.stringify(first.report))).status).toBe(0);
  for (const image of ['rebuilt.tar', 'rebuilt.tar --no-ledger']) {
    const { status, report } = await reportOf(`phiscan image ${image}`, cwd);
    expect([status, report.summary.accepted], image).toEqual([0, 2]);
  }
});

describe('what is wrong is said, and exit 2', () => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ['a baseline that is not there', 'phiscan files . --baseline none.yaml', /no such baseline \(none\.yaml\)/],
    [
      'a baseline that is broken',
      'phiscan files . --baseline broken.yaml',
      /a wrong count \(broken\.yaml:3:\d+\)\. Give/,
    ],
    ['nobody who answers', 'phiscan baseline create --from r.json --owner me', /Give --reason TEXT, --expires/],
    [
      'a day that has passed',
      'phiscan baseline create --from r.json --expires 2020-01-31',
      /wrong value \(--expires\)/,
    ],
    ['a reason with a value', `phiscan baseline create --from r.json --reason "not $SSN"`, /a detector finds a value/],
    ['no report', 'phiscan baseline show --baseline good.yaml --from good.yaml', /no report of phiscan \(good\.yaml\)/],
    ['no report at all', `phiscan baseline create ${answer}`, /no report \(--from\)/],
    [
      'a file that is there already',
      'phiscan baseline create --baseline good.yaml',
      /there is a baseline \(good\.yaml\)/,
    ],
    ['none to bring up to date', 'phiscan baseline update --from r.json', /no such baseline/],
  ];
  test('each by its own words', async () => {
    const entry = [
      `fingerprint: ${'a'.repeat(24)}, detector: ssn, place: a, severity: high, outcome: real`,
      'count: 0, reason: demo, owner: team, expires: 2099-12-31',
    ].join(', ');
    const cwd = workspace('wrong', {
      'r.json': '{}',
      'good.yaml': 'version: 1\naccepted: []\n',
      'broken.yaml': `version: 1\naccepted:\n  - {${entry}}\n`,
    });
    for (const [title, command, words] of rows) {
      const { status, stderr } = await run(command.replace('$SSN', one.ssn), cwd);
      expect([title, status]).toEqual([title, 2]);
      expect(stderr, title).toMatch(words);
    }
    expect(existsSync(join(cwd, 'phiscan-baseline.yaml'))).toBe(false);
  });
});
