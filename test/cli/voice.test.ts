import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsIn } from '../../src/cli/program.ts';
import { declaredProgram } from '../support/declared-program.ts';
import { buildImages } from '../support/image-builder.ts';
import { archiveOf, docker25 } from '../support/image-layouts.ts';
import { patient } from '../support/patients.ts';
import { phiscanHere } from '../support/scans.ts';

const one = patient(71);
let folder = '';
let archive = '';
let env: NodeJS.ProcessEnv = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-voice-'));
  // The name of the file is a value, too.
  archive = join(folder, `export ${one.ssn}.tar`);
  const entries = [{ path: 'srv/seed.csv', content: `id,ssn\n1,${one.ssn}\n` }];
  writeFileSync(archive, await archiveOf(docker25(await buildImages([{ layers: [{ entries }] }]))));
  env = { PHISCAN_CACHE_DIR: join(folder, 'cache') };
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('--verbose', () => {
  it('says of each layer its digest, size, time, and whether it was read or remembered; never a value', async () => {
    const runs = [];
    for (let count = 0; count < 2; count += 1) runs.push(await phiscanHere(['image', archive, '--verbose'], { env }));
    const [first, second] = runs.map(({ code, stdout, stderr }) => {
      expect(code).toBe(1);
      for (const value of [one.ssn, one.ssn.replaceAll('-', '')]) expect(stdout + stderr).not.toContain(value);
      return stderr;
    });
    const layer = (how: string): RegExp =>
      new RegExp(`^phiscan: sha256:[0-9a-f]{64}: \\d.* kB, ${how} in \\d+ ms$`, 'm');
    expect(first).toMatch(/^phiscan: the ledger is in /m);
    expect(first).toMatch(/^phiscan: .*docker-archive: it holds/m);
    expect(first).toMatch(layer('read'));
    expect(second).toMatch(layer('remembered'));
  });

  it('a file of its own is told with what it is read for', async () => {
    const { stderr } = await phiscanHere(['files', archive, '-v'], { env });
    expect(stderr).not.toContain(one.ssn);
  });
});

describe('--quiet', () => {
  it('leaves nothing on stderr but errors', async () => {
    const output = join(folder, 'report.json');
    const loud = await phiscanHere(['image', archive, '--output', output], { env });
    expect(loud.stderr).toContain('report in');
    const { code, stdout, stderr } = await phiscanHere(['image', archive, '--output', output, '--quiet'], { env });
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: '' });
    const absent = await phiscanHere(['image', join(folder, 'none.tar'), '-q'], { env });
    expect(absent.code).toBe(2);
    expect(absent.stderr).toMatch(/^phiscan: [^\n]*none\.tar[^\n]*\n$/);
  });

  it('and --verbose contradict each other', async () => {
    const { code, stderr } = await phiscanHere(['files', archive, '-q', '-v'], { env });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'phiscan: --quiet and --verbose contradict each other. Give one of them\n',
    });
  });

  it('every command that does something has both', () => {
    const groups = ['install', 'sweep', 'detectors', 'ledger', 'baseline', 'config'];
    const without = commandsIn(declaredProgram())
      .filter((command) => !command.options.some(({ long }) => long === '--quiet'))
      .map((command) => command.name());
    expect(without.filter((name) => !groups.includes(name))).toEqual([]);
  });
});
