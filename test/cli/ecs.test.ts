import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { account } from '../aws/ecs/account.ts';
import { AwsFailure, denied, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { patient } from '../support/patients.ts';
import { phiscan, type Ended } from '../support/scans.ts';

const { ssn } = patient(73);
let aws: FakeAws;
let folder: string;

beforeEach(async () => {
  aws = await startFakeAws(account);
  folder = mkdtempSync(join(tmpdir(), 'phiscan-ecs-cli-'));
});

afterEach(async () => {
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const all = { ...aws.env, PHISCAN_CACHE_DIR: join(folder, 'cache'), HOME: folder, ...env };
  return phiscan(['ecs', ...args], { cwd: folder, env: all });
}

describe('exit codes', () => {
  test('0 for an account without a finding, and nothing on stderr', async () => {
    const { code, stdout, stderr } = await run([]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^no findings: scanned .* in 19 entries, complete$/m);
  });

  test('3 for a call that is denied, unless that is accepted', async () => {
    aws.answer({
      ListGateways: ({ operation }) => {
        throw denied(operation);
      },
    });
    const { code, stdout } = await run([]);
    expect(code).toBe(3);
    expect(stdout).toContain('gateways, ecs:ListGateways: AccessDeniedException');
    expect((await run(['--allow-incomplete'])).code).toBe(0);
  });

  test('2 for no Region, no credentials and a cluster that is not there', async () => {
    expect(await run([], { AWS_REGION: '' })).toMatchObject({
      code: 2,
      stderr: 'phiscan: no Region is set. Name one with --region, or set AWS_REGION\n',
    });
    expect((await run([], { AWS_ACCESS_KEY_ID: '' })).stderr).toContain('no credentials for AWS were found');
    aws.answer({
      DescribeClusters: () => ({ failures: [{ arn: 'arn:aws:ecs:r:a:cluster/prdo', reason: 'MISSING' }] }),
    });
    expect(await run(['--cluster', 'prdo'])).toMatchObject({
      code: 2,
      stderr: 'phiscan: no such cluster (prdo). Check the name and the Region\n',
    });
  });
});

test('a Region that cannot be asked does not lose the others', async () => {
  aws.answer({
    ListClusters: ({ region }) => {
      if (region === 'eu-west-1') throw new AwsFailure('UnrecognizedClientException', 'who are you');
      return { clusterArns: ['arn:aws:ecs:us-east-1:123456789012:cluster/prod'] };
    },
    DescribeGateway: () => ({ gateway: { statusReason: `patient ssn ${ssn}` } }),
  });
  const { code, stdout, stderr } = await run(['--region', 'eu-west-1', '--region', 'us-east-1', '--format', 'json']);
  expect(code).toBe(1);
  expect(stderr).toContain('AWS does not accept the credentials (eu-west-1: UnrecognizedClientException)');
  const { targets, findings, coverage } = JSON.parse(stdout) as Report;
  expect(targets.map(({ reference }) => reference)).toEqual(['ecs:eu-west-1', 'ecs:us-east-1']);
  expect(findings.map(({ location: { target } }) => target)).toEqual(['ecs:us-east-1']);
  expect(coverage.gaps.map(({ location: { target } }) => target)).toEqual(['ecs:eu-west-1']);
  expect(stdout).not.toContain(ssn);
});

test('--endpoint-url and --profile are honoured', async () => {
  const { code, stderr } = await run(['--endpoint-url', aws.endpoint, '--region', 'us-east-1'], {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  });
  expect([code, stderr]).toEqual([0, '']);
  const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_REGION: undefined };
  expect(await run(['--profile', 'nobody', '--region', 'us-east-1'], none)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no credentials for AWS were found in the profile (--profile)') as unknown,
  });
  const config = join(folder, 'config');
  const keys = JSON.stringify({ Version: 1, AccessKeyId: 'test', SecretAccessKey: 'test' });
  writeFileSync(join(folder, 'keys.json'), keys);
  const lines = ['[profile audit]', 'region = eu-west-1', `credential_process = cat ${join(folder, 'keys.json')}`, ''];
  writeFileSync(config, lines.join('\n'));
  const asAudit = await run(['--profile', 'audit'], { ...none, AWS_CONFIG_FILE: config });
  expect([asAudit.code, asAudit.stderr]).toEqual([0, '']);
  expect(asAudit.stdout).toContain('scanned');
  expect(aws.calls.at(-1)?.region).toBe('eu-west-1');
  // A profile that was named goes before keys in the environment.
  const beside = await run(['--profile', 'audit'], { AWS_REGION: undefined, AWS_CONFIG_FILE: config });
  expect([beside.code, beside.stderr]).toEqual([0, '']);
  expect(aws.calls.at(-1)?.region).toBe('eu-west-1');
  expect((await run(['--profile', 'nobody'])).stderr).toMatch(
    /^phiscan: no credentials for AWS were found in the profile/,
  );
});

describe('revisions are remembered', () => {
  test('in PHISCAN_CACHE_DIR, or in the user’s cache folder', async () => {
    await run([]);
    expect(readdirSync(join(folder, 'cache'))).toContain('ledger.db');
    await run([], { PHISCAN_CACHE_DIR: undefined, XDG_CACHE_HOME: join(folder, 'xdg') });
    expect(readdirSync(join(folder, 'xdg', 'phiscan'))).toContain('ledger.db');
    await run([], { PHISCAN_CACHE_DIR: undefined, XDG_CACHE_HOME: 'relative' });
    expect(readdirSync(join(folder, '.cache', 'phiscan'))).toContain('ledger.db');
  });

  test('nowhere with --no-cache', async () => {
    await run(['--no-cache']);
    expect(existsSync(join(folder, 'cache'))).toBe(false);
  });
});

test.each([
  ['--region', 'US EAST'],
  ['--cluster', 'prod 7'],
  ['--family', 'web:12'],
  ['--max-revisions', '0'],
  ['--since', 'yesterday'],
  ['--since', '2999-01-01'],
  ['--since', '2026-13-01'],
  ['--profile', ''],
  ['--endpoint-url', 'ftp://example.invalid'],
  ['--endpoint-url', 'http://user:word@example.invalid'],
])('%s %s is wrong usage, and is not repeated', async (option, value) => {
  const { code, stderr } = await run([option, value]);
  expect(code).toBe(2);
  expect(stderr).toMatch(new RegExp(`^phiscan: wrong value \\(${option}\\)\\. Give `));
  if (value !== '') expect(stderr).not.toContain(value);
});
