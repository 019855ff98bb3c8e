import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { patient } from '../support/patients.ts';
import { keptStreams } from '../support/streams.ts';

const before = process.cwd();
let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'phiscan-config-')));
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
beforeEach(() => {
  const own = join(folder, `run-${count++}`);
  mkdirSync(own);
  process.chdir(own);
});

async function run(
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; out: string; err: string }> {
  const streams = keptStreams({ env });
  const code = await runProgram([...words], streams, () => Promise.reject(new Error('nothing is scanned')));
  return { code, out: streams.printed(), err: streams.complained() };
}

describe('phiscan init', () => {
  it('writes what phiscan config show takes, and never over a file that is there', async () => {
    const { code, out } = await run(['init']);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('phiscan.yaml is written') as string });
    const written = readFileSync('phiscan.yaml', 'utf8');
    expect(await run(['config', 'show'])).toMatchObject({ code: 0, err: '' });
    writeFileSync('phiscan.yaml', 'fail-on: low\n');
    const { code: refused, err } = await run(['init']);
    expect(refused).toBe(2);
    expect(err).toBe('phiscan: there is such a file (phiscan.yaml). Give --force to write over it, or another name\n');
    expect(readFileSync('phiscan.yaml', 'utf8')).toBe('fail-on: low\n');
    expect((await run(['init', '--force'])).code).toBe(0);
    expect(readFileSync('phiscan.yaml', 'utf8')).toBe(written);
  });

  it('names the schema of the phiscan that is installed here', async () => {
    mkdirSync('node_modules/phiscan/docs', { recursive: true });
    writeFileSync('node_modules/phiscan/docs/phiscan.schema.json', '{}');
    mkdirSync('ci');
    await run(['init', 'ci/phiscan.yaml']);
    const [first = ''] = readFileSync('ci/phiscan.yaml', 'utf8').split('\n');
    const schema = /^# yaml-language-server: \$schema=(.*)$/.exec(first)?.[1];
    expect(schema).toBe('./../node_modules/phiscan/docs/phiscan.schema.json');
    expect(existsSync(join('ci', schema ?? ''))).toBe(true);
  });

  it('says where it cannot write', async () => {
    const { code, err } = await run(['init', 'absent/phiscan.yaml']);
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining('(absent/phiscan.yaml: ENOENT)') as string,
    });
  });
});

describe('phiscan config show', () => {
  const yaml = `fail-on: high
severities:
  patient-record: critical
paths:
  accept:
    - path: test/fixtures/**
      reason: invented patients of the test suite, which nobody ever met
limits: { nested-bytes: 8GiB }
platforms: [linux/amd64]
`;

  it('tells each value with its origin, in 80 columns', async () => {
    writeFileSync('phiscan.yaml', yaml);
    const { code, out } = await run(['config', 'show', '--allow-incomplete'], { PHISCAN_MIN_CONFIDENCE: '0.9' });
    expect(code).toBe(0);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const words = out.split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(words).toEqual(
      expect.arrayContaining([
        ['read from phiscan.yaml'],
        ['fail-on', 'high', 'phiscan.yaml:1'],
        ['min-confidence', '0.9', 'PHISCAN_MIN_CONFIDENCE'],
        ['allow-incomplete', 'true', '--allow-incomplete'],
        ['severities.patient-record', 'critical', 'phiscan.yaml:3'],
        ['limits.nested-bytes', '8GiB', 'phiscan.yaml:8'],
        ['limits.nested-depth', '8', 'default'],
        ['platforms', 'linux/amd64', 'phiscan.yaml:9'],
        ['outputs', 'none', 'default'],
      ]),
    );
  });

  it('gives programs the same', async () => {
    writeFileSync('phiscan.yaml', yaml);
    const { out } = await run(['config', 'show', '--format', 'json']);
    const { file, settings } = JSON.parse(out) as { file: string; settings: readonly { key: string }[] };
    expect(file).toBe('phiscan.yaml');
    expect(settings).toEqual(
      expect.arrayContaining([
        { key: 'limits.nested-bytes', value: 8 * 1024 ** 3, origin: 'phiscan.yaml:8' },
        { key: 'limits.nested-time', value: 60_000, origin: 'default' },
        { key: 'baseline', value: null, origin: 'default' },
      ]),
    );
  });

  it('without a file tells the defaults', async () => {
    const { code, out } = await run(['config', 'show']);
    expect(code).toBe(0);
    expect(out).toMatch(/^no phiscan.yaml here: phiscan init writes one\n/);
    expect(out).not.toMatch(/phiscan.yaml:\d/);
  });

  it('masks what a person wrote', async () => {
    const { ssn } = patient(77);
    writeFileSync('phiscan.yaml', `paths: { exclude: ["${ssn}"], accept: [{ path: a, reason: "ssn: ${ssn}" }] }\n`);
    const { code, out } = await run(['config', 'show']);
    expect(code).toBe(0);
    expect(out).not.toContain(ssn);
  });

  it('tells the first fault of a file that is wrong', async () => {
    writeFileSync('phiscan.yaml', 'failon: high\nlimits: {}\nmin-confidence: 2\n');
    const { code, err } = await run(['config', 'show']);
    expect(code).toBe(2);
    expect(err).toContain('unknown key (phiscan.yaml:1:1). Did you mean fail-on?');
  });
});
