import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ledgerHelp } from '../../src/cli/commands/ledger.ts';
import { buildImages } from '../support/image-builder.ts';
import { archiveOf, docker25 } from '../support/image-layouts.ts';
import { patient } from '../support/patients.ts';

const root = join(import.meta.dirname, '..', '..');
const [section = ''] = /^## The ledger[^]*?(?=^## )/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
const commandsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^ *\$ (phiscan .*)$/gm)].map(([, command = '']) => command);

const one = patient(31);
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-readme-'));
  const program = join(folder, 'phiscan');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist/src/cli/main.js')}" "$@"\n`);
  chmodSync(program, 0o755);
  const entries = [{ path: 'srv/seed.csv', content: `ssn,name\n${one.ssn},${one.name}\n` }];
  writeFileSync(join(folder, 'app.tar'), await archiveOf(docker25(await buildImages([{ layers: [{ entries }] }]))));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

// In this order: what one remembers, the next ones tell.
test.each([...commandsOf(section), ...commandsOf(ledgerHelp)])('%s', (command) => {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd: folder,
    env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, PHISCAN_CACHE_DIR: join(folder, 'cache') },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(command.startsWith('phiscan image') ? 1 : 0);
  const file = /--output (\S+)/.exec(command)?.[1];
  const told = file === undefined ? stdout : readFileSync(join(folder, file), 'utf8');
  expect(told).toMatch(/srv\/seed\.csv|layers +1 |all as they were written|"faults": \[\]|0 results forgotten/);
  for (const value of [one.ssn, one.name]) expect(told + stderr).not.toContain(value);
});

test('there are commands', () => {
  expect(commandsOf(section).length).toBeGreaterThan(5);
});
