import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { initHelp, showHelp } from '../../src/cli/commands/config.ts';
import type { Report } from '../../src/finding.ts';
import { patient } from '../support/patients.ts';

const root = join(import.meta.dirname, '..', '..');
const [section = ''] = /^## Configuration[^]*?(?=^## )/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(section) ?? [];
const commandsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^ *\$ ((?:\w+=\S+ )?phiscan .*?)(?: +#.*)?$/gm)].map(([, command = '']) => command);

const one = patient(53);
const table = `ssn,name\n${one.ssn},${one.name}\n`;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-readme-'));
  const program = join(folder, 'phiscan');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist/src/cli/main.js')}" "$@"\n`);
  chmodSync(program, 0o755);
  const files = {
    'phiscan.yaml': yaml,
    'test/fixtures/a.csv': table,
    'node_modules/x/b.csv': table,
    'srv/c.log': table,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'app', path)), { recursive: true });
    writeFileSync(join(folder, 'app', path), content);
  }
  mkdirSync(join(folder, 'app/ci'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const commands = [...commandsOf(section), ...commandsOf(showHelp), ...commandsOf(initHelp)];

test.each(commands)('%s', (command) => {
  // Help is read where nothing is there yet.
  if (command === 'phiscan init' || command.startsWith('phiscan init ci')) {
    rmSync(join(folder, 'app', command === 'phiscan init' ? 'phiscan.yaml' : 'ci/phiscan.yaml'), { force: true });
  }
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd: join(folder, 'app'),
    env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, PHISCAN_CACHE_DIR: join(folder, 'cache') },
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/is written|fail-on|accepted by phiscan.yaml/);
  for (const value of [one.ssn, one.name]) expect(stdout + stderr).not.toContain(value);
  if (command.includes('PHISCAN_FAIL_ON=critical phiscan files')) {
    const { summary, coverage } = JSON.parse(readFileSync(join(folder, 'app/phiscan-report.json'), 'utf8')) as Report;
    expect(summary).toMatchObject({ critical: 0, high: 0, accepted: 1 });
    expect(coverage.excluded).toEqual([
      { pattern: 'node_modules', entries: 1 },
      { pattern: '*.log', entries: 1 },
    ]);
  }
});

test('there are commands', () => {
  expect(commands.length).toBeGreaterThan(9);
});
