import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openEcrAccount } from '../../../src/aws/ecr/account.ts';
import { AwsFailure, type FakeAws, startFakeAws } from '../../support/fake-aws.ts';

const ACCOUNT = '123456789012';
const texts = { maskText: (text: string): string => text };
let aws: FakeAws;

beforeEach(async () => {
  aws = await startFakeAws({
    'sts.GetCallerIdentity': () => ({ Account: ACCOUNT, Arn: 'arn' }),
    'ecr.DescribeRegistry': () => ({ registryId: ACCOUNT }),
    'ecr.GetDownloadUrlForLayer': () => ({ downloadUrl: 'none' }),
  });
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
});

function refuse(...names: readonly string[]): void {
  for (const name of names) {
    aws.answer({
      [name]: () => {
        throw new AwsFailure('AccessDeniedException', 'no');
      },
    });
  }
}

test('an account is told by ECR, or by STS where ECR may not be asked that', async () => {
  refuse('ecr.DescribeRegistry');
  const { account, close } = await openEcrAccount({}, texts);
  expect(account).toBe(ACCOUNT);
  await close();
  refuse('sts.GetCallerIdentity');
  await expect(openEcrAccount({ attempts: 1 }, texts)).rejects.toMatchObject({ code: 'denied' });
});

test('what answers and is not ECR is told so', async () => {
  aws.answer({ 'ecr.DescribeRegistry': () => ({}) });
  await expect(openEcrAccount({}, texts)).rejects.toThrow('what answers in us-east-1 is not ECR');
});

test('a role’s keys are taken anew before they expire, and are what ECR is asked with', async () => {
  let taken = 0;
  aws.answer({
    'sts.AssumeRole': () => {
      taken += 1;
      const Expiration = new Date(Date.now() + (taken === 1 ? 1000 : 3_600_000)).toISOString();
      const keys = { AccessKeyId: `role-${taken}`, SecretAccessKey: 'secret', SessionToken: 'session' };
      return { Credentials: { ...keys, Expiration } };
    },
  });
  const role = { arn: `arn:aws:iam::${ACCOUNT}:role/phiscan` };
  const account = await openEcrAccount({ role }, texts);
  await account.listing.texts().next();
  expect(taken).toBe(2);
  await account.close();
});
