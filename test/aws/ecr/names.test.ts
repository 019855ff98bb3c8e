import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { documentFindings } from '../../../src/aws/document-findings.ts';
import { type EcrAccount, openEcrAccount } from '../../../src/aws/ecr/account.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { attributeResources } from '../../../src/scan/located.ts';
import { Tally } from '../../../src/scan/tally.ts';
import { denied, type FakeAws, startFakeAws } from '../../support/fake-aws.ts';
import { patient } from '../../support/patients.ts';
import { inFolder, phiscan } from '../../support/scans.ts';

const { ssn } = patient(97);
const REPOSITORY = `import/patient-ssn-${ssn}`;
const engine = new Engine();
let aws: FakeAws;
let account: EcrAccount;

beforeAll(async () => {
  aws = await startFakeAws({
    'ecr.DescribeRegistry': () => ({ registryId: '123456789012' }),
    'ecr.DescribeRepositories': () => ({ repositories: [{ repositoryName: REPOSITORY }] }),
    'ecr.GetRepositoryPolicy': ({ operation }) => {
      throw denied(operation, 'ecr');
    },
    'ecr.GetLifecyclePolicy': () => ({}),
    'ecr.DescribeImages': () => ({ imageDetails: [] }),
  });
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  account = await openEcrAccount({}, { maskText: (text) => engine.maskText(text) });
});

afterAll(async () => {
  await account.close();
  vi.unstubAllEnvs();
  await aws.stop();
});

test('a value in the name of a repository is found, and stands in no place, gap or error', async () => {
  const tally = new Tally(engine);
  for await (const { name } of account.listing.repositories()) {
    for await (const text of account.listing.texts(name)) {
      tally.add(documentFindings(engine, text.name, Buffer.from(JSON.stringify(text.json))), text.name);
    }
  }
  const { findings } = attributeResources('ecr', 'host', tally);
  expect(findings.map(({ detector, surface }) => [detector, surface])).toEqual([['ssn', 'repository-name']]);
  expect(account.listing.gaps.map(({ detail }) => detail)).toEqual(['ecr:GetRepositoryPolicy: AccessDeniedException']);
  for (const told of [findings, account.listing.gaps]) expect(JSON.stringify(told)).not.toContain(ssn);
});

test.each(['table', 'json', 'jsonl'])('a sweep prints none of it, whatever is denied: %s', async (format) => {
  const digest = `sha256:${'4d'.repeat(32)}`;
  aws.answer({
    'ecr.DescribeImages': () => ({ imageDetails: [{ imageDigest: digest, imageTags: [`v-${ssn}`] }] }),
    'ecr.BatchGetImage': ({ operation }) => {
      throw denied(operation, 'ecr');
    },
    'ecr.GetRegistryPolicy': () => ({}),
    'ecr.DescribeRepositoryCreationTemplates': () => ({ repositoryCreationTemplates: [] }),
    'ecr.DescribePullThroughCacheRules': () => ({ pullThroughCacheRules: [] }),
    'ecr-public.DescribeRegistries': () => ({ registries: [] }),
    'ecr-public.GetRegistryCatalogData': () => ({}),
    'ecr-public.DescribeRepositories': () => ({ repositories: [] }),
  });
  const { code, stdout, stderr } = await inFolder((folder) => {
    const env = { ...aws.env, PHISCAN_CACHE_DIR: folder };
    return phiscan(['sweep', 'ecr', '--format', format], { env });
  });
  expect(code, stderr).toBe(1);
  expect(stdout).toContain('ecr:BatchGetImage: Acces');
  for (const text of [stdout, stderr]) expect(text).not.toContain(ssn);
});

test('an image that cannot be had is told without it', async () => {
  for (const reference of [`ecr:${REPOSITORY}:1`, `ecr:${REPOSITORY}:Wrong tag`]) {
    const { code, stdout, stderr } = await phiscan(['image', reference], { env: aws.env });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toContain(ssn);
  }
});
