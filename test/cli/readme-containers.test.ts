import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containersHelp } from '../../src/cli/commands/scan.ts';
import type { Report } from '../../src/finding.ts';
import { dockerMissing, startDocker, type DockerEngine } from '../support/docker.ts';
import { patient } from '../support/patients.ts';

const root = join(import.meta.dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const commandsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^ *\$ (phiscan containers.*)$/gm)].map(([, command = '']) => command);
const commands = [...new Set([...commandsOf(readme), ...commandsOf(containersHelp)])];

const one = patient(67);
const skipped = dockerMissing();

describe.skipIf(skipped !== undefined)(
  `the README's commands on containers${skipped === undefined ? '' : ` (${skipped})`}`,
  () => {
    let engine: DockerEngine;
    let folder = '';

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'phiscan-readme-'));
      const program = join(folder, 'phiscan');
      writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist/src/cli/main.js')}" "$@"\n`);
      chmodSync(program, 0o755);
      writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\nCMD ["/app"]\n');
      engine = await startDocker();
      engine.docker(['build', '-q', '-t', 'app:1', folder]);
      engine.docker(['create', '--net', 'none', '--name', 'web', '--env', `PATIENT_SSN=${one.ssn}`, 'app:1']);
      engine.docker(['create', '--net', 'none', '--name', 'worker', 'app:1']);
      engine.docker(['create', '--net', 'none', '--name', 'another', '--label', `mrn=${one.mrn}`, 'app:1']);
    }, 120_000);

    afterAll(async () => {
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    test('there are some, with names and without', () => {
      expect(commandsOf(readme).length).toBeGreaterThan(2);
      expect(commands.some((command) => command.includes(' web worker'))).toBe(true);
    });

    test.each(commands)('%s', (command) => {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
        cwd: folder,
        env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, DOCKER_HOST: `unix://${engine.socketPath}` },
        encoding: 'utf8',
      });
      expect(status).toBe(1);
      const file = /--output (\S+)/.exec(command)?.[1];
      const report = file === undefined ? stdout : readFileSync(join(folder, file), 'utf8');
      for (const value of [one.ssn, one.mrn]) expect(report + stderr).not.toContain(value);
      if (command.includes('--format json')) {
        const { targets, coverage } = JSON.parse(report) as Report;
        expect(targets.map(({ reference }) => reference)).toEqual(['another', 'web', 'worker']);
        expect(coverage.complete).toBe(true);
        return;
      }
      expect(report).toContain('container: web');
      expect(report).toContain('Config.Env');
      expect(report.includes('container: another')).toBe(!command.includes(' web worker'));
      expect(report).toMatch(/in \d entries, complete$/m);
    });
  },
);
