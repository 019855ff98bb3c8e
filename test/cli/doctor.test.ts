import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { absent, ACCOUNT, healthy } from '../doctor/healthy.ts';
import { denied, type FakeAws, startFakeAws } from '../support/fake-aws.ts';
import { helpPages, wordsOf } from '../support/help-examples.ts';
import { patient } from '../support/patients.ts';
import { type Ended, phiscanHere } from '../support/scans.ts';

let aws: FakeAws;
let folder: string;

beforeEach(async () => {
  aws = await startFakeAws(healthy);
  folder = mkdtempSync(join(tmpdir(), 'phiscan-doctor-cli-'));
});

afterEach(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Omit<Ended, 'peakBytes'>> {
  const own = { PHISCAN_CACHE_DIR: join(folder, 'cache'), HOME: folder, DOCKER_HOST: `unix://${folder}/none.sock` };
  return phiscanHere(['doctor', ...args], { env: { ...aws.env, ...own, ...env } });
}

describe('phiscan doctor', () => {
  const page = helpPages().find(({ command }) => command === 'doctor');

  test.each(page?.examples ?? [])('%s, as its help has it', async (line) => {
    const { code, stderr } = await run(wordsOf(line).slice(2));
    // 1: the account that is played has no exclusion for such a role.
    expect([code, stderr]).toEqual([line.includes('--role-arn') ? 1 : 0, '']);
  });

  test('0 where nothing is wrong', async () => {
    const { code, stdout, stderr } = await run();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^this machine\nok {11}the folder of the ledger: /);
    expect(stdout).toMatch(/^warning {6}the Docker engine: /m);
    expect(stdout).toMatch(new RegExp(`^${ACCOUNT} us-east-1$`, 'm'));
    expect(stdout).toMatch(/\n\n22 checks: 1 warning, 1 not checked, 20 ok\n$/);
  });

  test('1 where something must be put right, in JSON with its IAM action', async () => {
    aws.answer({
      'ecr.DescribeImages': ({ operation }) => {
        throw denied(operation, 'ecr');
      },
    });
    const { code, stdout } = await run(['--format', 'json', '--region', 'eu-west-1']);
    expect(code).toBe(1);
    const { schemaVersion, checks, summary } = JSON.parse(stdout) as Told;
    expect([schemaVersion, summary]).toEqual([1, { ok: 19, warning: 1, failed: 1, notChecked: 1 }]);
    expect(checks.filter(({ state }) => state === 'failed')).toEqual([
      {
        id: 'permission',
        state: 'failed',
        place: `${ACCOUNT} eu-west-1`,
        subject: 'ecr:DescribeImages',
        action: 'ecr:DescribeImages',
        detail: 'denied (AccessDeniedException)',
        todo: 'deploy/iam/sweep.json has the least policy',
      },
    ]);
  });

  test.each([
    ['--role-arn', 'phiscan'],
    ['--external-id', 'a b'],
    ['--region', 'US'],
    ['--endpoint-url', 'ftp://example.invalid'],
    ['--format', 'xml'],
  ])('2 for %s %s', async (option, value) => {
    const { code, stderr } = await run([option, value]);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^phiscan: wrong value \\(${option}\\)\\. Give `));
  });

  test('prints no value that is in a name', async () => {
    const { ssn } = patient(85);
    aws.answer({
      'sts.GetCallerIdentity': () => ({ Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/phiscan/${ssn}` }),
      'ecr.ListPullTimeUpdateExclusions': () => absent('RegistryPolicyNotFoundException'),
    });
    for (const format of ['table', 'json']) expect((await run(['--format', format])).stdout).not.toContain(ssn);
  });

  test('is told in the help', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--role-arn <arn>');
    expect(stdout).toContain('1  something must be put right before a sweep');
  });
});

interface Told {
  readonly schemaVersion: number;
  readonly checks: readonly { readonly state: string }[];
  readonly summary: unknown;
}
