import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildImages } from '../support/image-builder.ts';
import { archiveOf, docker25 } from '../support/image-layouts.ts';
import { patient } from '../support/patients.ts';

const root = join(import.meta.dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('the command of the README writes a page with the finding, and no value of it', async () => {
  const [section = ''] = /^## A report to hand on[^]*?(?=^## )/m.exec(readme) ?? [];
  const [, words = ''] = /^ *\$ phiscan (.*)$/m.exec(section) ?? [];
  const one = patient(41);
  const folder = mkdtempSync(join(tmpdir(), 'phiscan-readme-'));
  try {
    const entries = [
      { path: 'srv/seed.csv', content: `ssn,name\n${one.ssn},${one.name}\n` },
      { path: `srv/${one.ssn}/notes.txt`, content: 'x'.repeat(9000) },
    ];
    writeFileSync(join(folder, 'app.tar'), await archiveOf(docker25(await buildImages([{ layers: [{ entries }] }]))));
    const program = join(root, 'dist', 'src', 'cli', 'main.js');
    const { status, stderr } = spawnSync(process.execPath, [program, ...words.split(' ')], {
      cwd: folder,
      env: { ...process.env, PHISCAN_CACHE_DIR: join(folder, 'cache') },
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(1);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    // Script and style are those of the build.
    for (const part of ['srv/seed.csv', 'srv/***-**-****', 'class="treemap"', 'with-script', '--ground:'])
      expect(page).toContain(part);
    for (const value of [one.ssn, one.name]) expect(page).not.toContain(value);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
