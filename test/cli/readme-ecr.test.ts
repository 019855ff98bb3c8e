import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { type FakeEcr, startFakeEcr } from '../support/fake-ecr.ts';
import { helpPages } from '../support/help-examples.ts';
import { buildImages } from '../support/image-builder.ts';
import { ociLayout } from '../support/image-layouts.ts';
import { motoMissing } from '../support/moto.ts';
import { patient } from '../support/patients.ts';
import { registryMissing } from '../support/registry-server.ts';
import { type Ended, phiscan } from '../support/scans.ts';

const skipped = motoMissing() ?? registryMissing();
const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
const section = /^## ECR: images\n[\s\S]*?(?=^## )/m.exec(readme)?.[0] ?? '';
const commands = [...section.matchAll(/^\$ phiscan (.*)$/gm)].map(([, words = '']) => words.split(' '));
const fromHelp = [...new Set(helpPages().flatMap(({ examples }) => examples))]
  .filter((line) => /^phiscan image .*\becr:/.test(line))
  .map((line) => line.split(' ').slice(1));
const one = patient(64);
const ACCOUNT = '123456789012';

/** What is another one on each machine. */
function lasting(text: string): string {
  return text
    .replace(/sha256:[0-9a-f…]+/g, 'DIGEST')
    .replace(/blob…[0-9a-f]+/g, 'BLOB')
    .replace(/scanned [\d.]+ kB/g, 'SCANNED')
    .replace(/127\.0\.0\.1:\d+/g, 'ADDRESS');
}

describe.skipIf(skipped !== undefined)(
  `the README's section on ECR${skipped === undefined ? '' : ` (${skipped})`}`,
  () => {
    let ecr: FakeEcr;
    let folder = '';
    const run = (words: readonly string[]): Promise<Ended> => {
      const own = { PHISCAN_CACHE_DIR: join(folder, 'cache'), DOCKER_HOST: `unix://${folder}/none.sock` };
      return phiscan(words, { cwd: folder, env: { ...ecr.aws.env, ...own } });
    };

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'phiscan-readme-'));
      ecr = await startFakeEcr({
        'sts.GetCallerIdentity': () => ({
          Account: ACCOUNT,
          Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/phiscan/nightly`,
        }),
        'iam.SimulatePrincipalPolicy': () => ({
          EvaluationResults: [
            { EvalActionName: 'ecr:BatchDeleteImage', EvalDecision: 'implicitDeny' },
            { EvalActionName: 'ecr:BatchImportUpstreamImage', EvalDecision: 'explicitDeny' },
            { EvalActionName: 'ecr:CreateRepository', EvalDecision: 'explicitDeny' },
            { EvalActionName: 'ecr:PutImage', EvalDecision: 'implicitDeny' },
          ],
        }),
      });
      const images = await buildImages([
        {
          names: ['import:1.4'],
          config: { Env: [`TEST_PATIENT_SSN=${one.ssn}`] },
          layers: [
            {
              entries: [{ path: 'srv/seed.csv', content: `mrn,last_name,dob\n${one.mrn},${one.family},${one.dob}\n` }],
              createdBy: 'COPY seed.csv /srv/',
            },
          ],
        },
      ]);
      await ecr.push(ociLayout(images), 'clinic/import:1.4');
      await ecr.push(ociLayout(images), 'team/app:1.4');
    }, 120_000);

    afterAll(async () => {
      await ecr.stop();
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    test('shows what the first command prints', async () => {
      const [words = []] = commands;
      const { code, stdout, stderr } = await run(words);
      expect(stderr).toBe('');
      expect(lasting(section)).toContain(
        `$ phiscan ${words.join(' ')}\n${lasting(stdout)}$ echo $?\n${String(code)}\n`,
      );
    });

    test.each([...commands, ...fromHelp])('runs as it is written: %s %s %s %s %s', async (...words) => {
      const { code, stdout, stderr } = await run(words);
      expect([code, stderr.split('\n').length]).toEqual([1, words.includes('--output') ? 2 : 1]);
      const output = words.includes('--output') ? readFileSync(join(folder, 'ecr.json'), 'utf8') : stdout;
      for (const text of [output, stderr]) {
        expect(text).not.toMatch(new RegExp(`${one.ssn}|${one.mrn}|${ecr.signature}|X-Amz`));
      }
      if (words.includes('--output')) expect((JSON.parse(output) as Report).coverage.complete).toBe(true);
      if (words[0] === 'doctor') expect(section).toContain(`...\n${output.slice(output.indexOf('FAILED'))}`);
    });

    test('has commands of both kinds', () => {
      expect(new Set(commands.map(([command]) => command))).toEqual(new Set(['image', 'doctor']));
      expect(fromHelp.length).toBeGreaterThan(0);
    });
  },
);
