import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/report/format.ts';
import { patient } from '../support/patients.ts';

const root = join(import.meta.dirname, '..', '..');
const section = /\n## Reports\n([\s\S]*?)\n## /.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? '';
const commands = [...section.matchAll(/^ {4}\$ phiscan (.*)$/gm)].map((found) => found[1] ?? '');

describe("the README's commands on reports", () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'phiscan-reports-'));
    const { writeDemoImage } = (await import(join(root, 'scripts', 'demo-image.js'))) as {
      writeDemoImage: (file: string) => Promise<void>;
    };
    await writeDemoImage(join(folder, 'clinic-demo.tar'));
    const lines = [
      'FROM scratch',
      'COPY server.js /srv/app/',
      '',
      'COPY seed /srv/app/seed',
      'RUN rm /srv/app/seed/patients.csv',
    ];
    writeFileSync(join(folder, 'Dockerfile'), lines.join('\n'));
    mkdirSync(join(folder, 'seed'));
    writeFileSync(join(folder, 'seed', 'notes.txt'), `patient ssn: ${patient(3).ssn}\n`);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (line: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
    const env = { ...process.env, PHISCAN_CACHE_DIR: join(folder, '.cache') };
    const main = join(root, 'dist', 'src', 'cli', 'main.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...line.split(' '), '--no-progress'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const text = (file: string): string => readFileSync(join(folder, file), 'utf8');

  it('name every format', () => {
    expect(commands).toHaveLength(3);
    const named = [...section.matchAll(/^\| `([a-z]+)`/gm)].map((found) => found[1] ?? '');
    expect(named.toSorted()).toEqual([...FORMATS].sort());
  });

  it('write several reports at once, each with the line of the Dockerfile', () => {
    const { status, stdout, stderr } = run(commands[0] ?? '');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(3);
    expect(readdirSync(folder).filter((name) => name.startsWith('phi.'))).toEqual(['phi.html', 'phi.md', 'phi.sarif']);
    const { runs } = JSON.parse(text('phi.sarif')) as {
      runs: { results: { locations: { physicalLocation: unknown }[] }[] }[];
    };
    const places = runs.flatMap(({ results }) => results.map(({ locations }) => locations[0]?.physicalLocation));
    // The demo's history has no ENV: its finding stands at the first line.
    expect(places).toEqual([
      { artifactLocation: { uri: 'Dockerfile' }, region: { startLine: 4, endLine: 4 } },
      { artifactLocation: { uri: 'Dockerfile' }, region: { startLine: 1 } },
    ]);
    expect(text('phi.md')).toContain('Dockerfile&#58;4');
    expect(text('phi.html').slice(0, 15).toLowerCase()).toBe('<!doctype html>');
  });

  it('take formats in their order, and print what is left over', () => {
    const { status, stdout } = run(commands[1] ?? '');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^(?:::(?:error|warning|notice) .*\n)+$/);
    expect(JSON.parse(text('report.json'))).toMatchObject({ schemaVersion: 1 });
    expect(text('junit.xml')).toContain('<testsuites name="phiscan"');
  });

  it('print the table beside a file', () => {
    const { status, stdout } = run(commands[2] ?? '');
    expect(status).toBe(1);
    expect(stdout).toContain('seed/notes.txt');
    expect(text('seed.jsonl').trimEnd().split('\n').at(-1)).toContain('"summary"');
  });
});
