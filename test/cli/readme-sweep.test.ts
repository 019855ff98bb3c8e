import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ecrSweepHelp, registrySweepHelp, sweepHelp } from '../../src/cli/commands/sweep.ts';
import { startFakeEcr, type FakeEcr } from '../support/fake-ecr.ts';
import { buildImage, type ImageSpec } from '../support/image-builder.ts';
import { ociLayout } from '../support/image-layouts.ts';
import { motoMissing, startMoto, type Moto } from '../support/moto.ts';
import { patient } from '../support/patients.ts';
import { registryMissing } from '../support/registry-server.ts';
import { phiscan, phiscanHere } from '../support/scans.ts';
import type { Report } from '../../src/finding.ts';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const HOSTS = /(?:registry\.example|127\.0\.0\.1)(?::5000)?(?: --insecure)?/;
const commandsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^ *\$ (phiscan sweep .*)$/gm)].map(([, command = '']) => command.replace(/ {2,}#.*$/, ''));
const commands = [...new Set([readme, sweepHelp, ecrSweepHelp, registrySweepHelp].flatMap(commandsOf))];
const one = patient(931);
const layer = (name: string, content: string): ImageSpec['layers'][number] => ({
  entries: [{ path: name, content }],
  createdBy: `COPY ${name} /${name}`,
});
const skipped = motoMissing() ?? registryMissing();

describe.skipIf(skipped !== undefined)(
  `the README's commands on sweeps${skipped === undefined ? '' : ` (${skipped})`}`,
  () => {
    let ecr: FakeEcr;
    let hub: Moto;
    let folder = '';

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'phiscan-readme-'));
      [ecr, hub] = await Promise.all([startFakeEcr(), startMoto()]);
      const base = layer('usr/share/base.txt', 'nothing of interest\n');
      const seed = layer('srv/seed.csv', `name,ssn,mrn\n${one.name},${one.ssn},${one.mrn}\n`);
      const push = async (to: string, ...layers: ImageSpec['layers']): Promise<string> =>
        ecr.push(ociLayout([await buildImage({ layers, names: [to] })]), to);
      await push('team/web:2.1', base);
      const digest = await push('team/import:1.4', base, seed);
      // In another second: the newest image is told first.
      await new Promise((resolve) => setTimeout(resolve, 1100));
      await push('team/import:1.5', base, seed, layer('srv/app.js', 'start();\n'));
      ecr.archived.add(await push('old/portal:0.9', base, layer('etc/old', 'old\n')));
      const program = join(folder, 'phiscan');
      writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist/src/cli/main.js')}" "$@"\n`);
      chmodSync(program, 0o755);
      const detail = {
        result: 'SUCCESS',
        'action-type': 'PUSH',
        'repository-name': 'team/import',
        'image-digest': digest,
        'image-tag': '1.4',
      };
      const event = {
        id: 'e',
        source: 'aws.ecr',
        'detail-type': 'ECR Image Action',
        account: '123456789012',
        region: 'us-east-1',
        detail,
      };
      writeFileSync(join(folder, 'events.jsonl'), `${JSON.stringify(event)}\n`);
    }, 120_000);

    afterAll(async () => {
      await Promise.all([ecr.stop(), hub.stop()]);
      rmSync(folder, { recursive: true, force: true });
    });

    test('there are some, of both kinds', () => {
      expect(commandsOf(readme).length).toBeGreaterThan(5);
      expect(commands.some((command) => command.includes('--events -'))).toBe(true);
      expect(commands.some((command) => command.startsWith('phiscan sweep registry'))).toBe(true);
    });

    test('the README shows what a sweep prints', async () => {
      const env = { ...ecr.aws.env, PHISCAN_CACHE_DIR: join(folder, 'shown') };
      const { code, stdout } = await phiscan(['sweep', 'ecr', '--region', 'us-east-1'], { env });
      expect(readme).toContain(`$ phiscan sweep ecr --region us-east-1\n${stdout}$ echo $?\n${String(code)}\n`);
    });

    test('what a sweep found is accepted by a baseline, and by phiscan.yaml', async () => {
      const [found, baseline, config] = ['found.jsonl', 'accepted.yaml', 'phiscan.yaml'].map((name) =>
        join(folder, 'own', name),
      ) as [string, string, string];
      mkdirSync(join(folder, 'own'));
      const env = { PHISCAN_CACHE_DIR: join(folder, 'own') };
      const sweep = (...args: readonly string[]): ReturnType<typeof phiscanHere> =>
        phiscanHere(['sweep', 'registry', ecr.registry.host, '--insecure', ...args], { env });
      const swept = async (
        ...args: readonly string[]
      ): Promise<{ readonly code: number | null; readonly report: Report }> => {
        const { code, stdout } = await sweep('--format', 'json', ...args);
        return { code, report: JSON.parse(stdout) as Report };
      };
      expect((await sweep('--format', 'jsonl', '--output', found)).code).toBe(1);
      const answer = ['--reason', 'known', '--owner', 'team-ehr', '--expires', '2099-12-31'];
      const made = await phiscanHere(['baseline', 'create', '--from', found, '--baseline', baseline, ...answer]);
      expect(made).toMatchObject({ code: 0, stderr: '' });
      const accepted = await swept('--baseline', baseline);
      // Of two images that share the layer.
      expect([accepted.code, accepted.report.summary.accepted]).toEqual([0, 2]);
      expect(accepted.report.sweep?.rows.map(({ outcome }) => outcome)).not.toContain('findings');

      writeFileSync(config, 'severities: { patient-record: low }\n');
      const lowered = await swept('--config', config);
      expect([lowered.code, lowered.report.summary]).toMatchObject([0, { critical: 0, low: 2, accepted: 0 }]);
      writeFileSync(config, 'paths: { accept: [{ path: srv/*.csv, reason: a demo }] }\n');
      const known = await swept('--config', config);
      expect([known.code, known.report.findings.map(({ accepted: by }) => by)]).toEqual([
        0,
        Array(2).fill({ by: 'configuration', reason: 'a demo' }),
      ]);
    });

    test.each(commands)('%s', async (command) => {
      const asked = command.replace(HOSTS, `${ecr.registry.host} --insecure`).replace(/ --region eu-west-1/, '');
      // Not in this thread: the servers are in it.
      const env = {
        ...ecr.aws.env,
        AWS_ENDPOINT_URL_SECURITYHUB: hub.endpoint,
        PHISCAN_CACHE_DIR: join(folder, 'cache'),
        PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      };
      const { status, stdout, stderr } = await new Promise<{ status: number; stdout: string; stderr: string }>(
        (done) => {
          const child = execFile('sh', ['-c', asked], { cwd: folder, env }, (_error, out, err) => {
            done({ status: child.exitCode ?? -1, stdout: out, stderr: err });
          });
        },
      );
      const [, file] = /--output (\S+)/.exec(command) ?? [];
      const told = file === undefined ? stdout : readFileSync(join(folder, file), 'utf8');
      for (const value of [one.ssn, one.mrn]) expect(told + stderr).not.toContain(value);
      if (command.includes('--dry-run')) {
        expect(status, stderr).toBe(0);
        expect(told).toContain('unique layers');
        return;
      }
      expect(status, stderr).toBe(1);
      if (command.includes('--format jsonl')) for (const line of told.trimEnd().split('\n')) JSON.parse(line);
      else expect(told).toMatch(/swept \d images?/);
      const [, asff] = /--asff (\S+)/.exec(command) ?? [];
      if (asff !== undefined) expect(existsSync(join(folder, asff))).toBe(true);
      if (command.includes('--securityhub')) expect(stderr).toContain('imported');
    });
  },
);
