import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EcrAccess } from '../../src/aws/ecr/account.ts';
import type { Check } from '../../src/doctor/check.ts';
import { examine } from '../../src/doctor/doctor.ts';
import { principalOf } from '../../src/doctor/principal.ts';
import { AwsFailure, denied, type FakeAws, startFakeAws } from '../support/fake-aws.ts';
import { absent, ACCOUNT, healthy, ROLE } from './healthy.ts';

let aws: FakeAws;
let folder: string;

beforeEach(async () => {
  aws = await startFakeAws(healthy);
  folder = mkdtempSync(join(tmpdir(), 'phiscan-doctor-'));
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  vi.stubEnv('DOCKER_HOST', `unix://${folder}/docker.sock`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

function look(accesses: readonly EcrAccess[] = [{ attempts: 1 }]): Promise<readonly Check[]> {
  return examine({ accesses, cacheFolder: join(folder, 'cache') });
}

/** `subject state`, of those that are not ok. */
function wrong(checks: readonly Check[]): readonly string[] {
  return checks.filter(({ state }) => state !== 'ok').map(({ subject, state }) => `${subject} ${state}`);
}

const ELSEWHERE = 'the bucket of layers not-checked';
const NO_DOCKER = 'the Docker engine warning';

describe('the doctor', () => {
  test('finds nothing wrong in an account that is as it should be, and pulls nothing', async () => {
    const checks = await look();
    expect(wrong(checks)).toEqual([NO_DOCKER, ELSEWHERE]);
    expect(checks.filter(({ id }) => id === 'permission').map(({ action }) => action)).toHaveLength(13);
    const asked = aws.calls.filter(({ operation }) => operation === 'BatchGetImage');
    expect(asked.map(({ input }) => input['imageIds'])).toEqual([[{ imageDigest: `sha256:${'0'.repeat(64)}` }]]);
  });

  test.each(Object.keys(healthy).filter((name) => name.startsWith('ecr') && !name.includes('Exclusions')))(
    'names %s where it is denied',
    async (name) => {
      const [service = '', operation = ''] = name.split('.');
      aws.answer({
        [name]: () => {
          throw denied(operation, service);
        },
      });
      const checks = await look();
      expect(wrong(checks)).toEqual([NO_DOCKER, `${service}:${operation} failed`, ELSEWHERE]);
      expect(checks.find(({ state }) => state === 'failed')).toMatchObject({
        action: `${service}:${operation}`,
        detail: 'denied (AccessDeniedException)',
        todo: 'deploy/iam/sweep.json has the least policy',
      });
    },
  );

  test('tries an empty registry with names of nothing', async () => {
    aws.answer({
      'ecr.DescribeRepositories': () => ({ repositories: [] }),
      'ecr.DescribeImages': () => absent('RepositoryNotFoundException'),
    });
    expect(wrong(await look())).toEqual([NO_DOCKER, ELSEWHERE]);
  });

  test('tells how to exclude the role from pull times', async () => {
    aws.answer({ 'ecr.ListPullTimeUpdateExclusions': () => ({ pullTimeUpdateExclusions: [`${ROLE}-of-others`] }) });
    const checks = await look();
    expect(wrong(checks)).toEqual([NO_DOCKER, ELSEWHERE, 'lastRecordedPullTime failed']);
    expect(checks.find(({ id }) => id === 'pull-time-exclusion')?.todo).toContain(
      `register-pull-time-update-exclusion --principal-arn arn:aws:iam::${ACCOUNT}:role/phiscan`,
    );
  });

  test('does not take what it may not ask for what is right', async () => {
    aws.answer({
      'ecr.ListPullTimeUpdateExclusions': ({ operation }) => {
        throw denied(operation, 'ecr');
      },
      'iam.SimulatePrincipalPolicy': () => {
        throw new AwsFailure('AccessDenied', 'no', 403);
      },
    });
    const checks = await look();
    expect(wrong(checks)).toEqual([
      NO_DOCKER,
      ELSEWHERE,
      'lastRecordedPullTime not-checked',
      'ecr:BatchDeleteImage not-checked',
      'ecr:BatchImportUpstreamImage not-checked',
      'ecr:CreateRepository not-checked',
      'ecr:PutImage not-checked',
    ]);
  });

  test('warns of imports and repositories that pulling may make', async () => {
    aws.answer({
      'iam.SimulatePrincipalPolicy': () => ({
        EvaluationResults: [
          { EvalActionName: 'ecr:BatchImportUpstreamImage', EvalDecision: 'allowed' },
          { EvalActionName: 'ecr:CreateRepository', EvalDecision: 'implicitDeny' },
          { EvalActionName: 'ecr:PutImage', EvalDecision: 'implicitDeny' },
          { EvalActionName: 'ecr:BatchDeleteImage', EvalDecision: 'implicitDeny' },
        ],
      }),
    });
    expect(wrong(await look())).toEqual([NO_DOCKER, ELSEWHERE, 'ecr:BatchImportUpstreamImage failed']);
  });

  test('goes through Regions and roles, and asks for public texts once for an account', async () => {
    aws.answer({
      'sts.AssumeRole': () => ({
        Credentials: {
          AccessKeyId: 'role',
          SecretAccessKey: 'role',
          SessionToken: 'role',
          Expiration: '2999-01-01T00:00:00Z',
        },
      }),
    });
    const role = { arn: ROLE, externalId: 'audit-7' };
    const checks = await look(['us-east-1', 'eu-west-1'].map((region) => ({ region, role, attempts: 1 })));
    expect([...new Set(checks.map(({ place }) => place))]).toEqual([
      '',
      `${ACCOUNT} us-east-1`,
      `${ACCOUNT} eu-west-1`,
    ]);
    expect(checks.filter(({ subject }) => subject === 'ecr-public:DescribeRegistries')).toHaveLength(1);
    const taken = aws.calls.find(({ operation }) => operation === 'AssumeRole');
    expect(taken?.input).toMatchObject({ RoleArn: ROLE, ExternalId: 'audit-7', RoleSessionName: 'phiscan' });
    // The role's own ARN has the path that its session does not tell.
    const simulated = aws.calls.find(({ operation }) => operation === 'SimulatePrincipalPolicy');
    expect(simulated?.input).toMatchObject({ PolicySourceArn: ROLE });
  });

  test.each([
    ['no credentials', { AWS_ACCESS_KEY_ID: '' }, 'no credentials for AWS were found'],
    ['no Region', { AWS_REGION: '' }, 'no Region is set'],
    ['nobody there', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'sts:GetCallerIdentity: ECONNREFUSED'],
  ])('tells %s, and goes on', async (_, env, words) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const failed = (await look()).filter(({ state }) => state === 'failed');
    expect(failed.map(({ id }) => id)).toEqual(['credentials']);
    expect(failed[0]?.detail).toContain(words);
  });

  test('tells a role that may not be taken', async () => {
    aws.answer({
      'sts.AssumeRole': () => {
        throw new AwsFailure('AccessDenied', 'no', 403);
      },
    });
    const failed = (await look([{ role: { arn: ROLE } }])).filter(({ state }) => state === 'failed');
    expect(failed.map(({ detail }) => detail)).toEqual([
      expect.stringContaining(`the role may not be taken (--role-arn, ${ACCOUNT}:role/audit/phiscan: AccessDenied)`),
    ]);
  });

  test('writes to the ledger’s folder, and takes nothing else for one', async () => {
    writeFileSync(join(folder, 'cache'), 'a file');
    const checks = await look([]);
    expect(wrong(checks)).toEqual(['the folder of the ledger failed', NO_DOCKER]);
    expect(checks[0]?.todo).toContain('PHISCAN_CACHE_DIR');
  });
});

test.each([
  [`arn:aws:sts::${ACCOUNT}:assumed-role/phiscan/run`, 'role/phiscan', `arn:aws:iam::${ACCOUNT}:role/phiscan`],
  [ROLE, 'role/phiscan', ROLE],
  [`arn:aws-cn:sts::${ACCOUNT}:assumed-role/p/r`, 'role/p', `arn:aws-cn:iam::${ACCOUNT}:role/p`],
  [`arn:aws:iam::${ACCOUNT}:user/ops/ann`, 'user/ann', `arn:aws:iam::${ACCOUNT}:user/ops/ann`],
])('%s is %s', (arn, name, registered) => {
  expect(principalOf(arn)).toEqual({ name, registered });
});
