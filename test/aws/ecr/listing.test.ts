import { PutLifecyclePolicyCommand, PutRegistryPolicyCommand, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type EcrAccount, ecrAccesses, openEcrAccount } from '../../../src/aws/ecr/account.ts';
import type { ListedImage, ListedText } from '../../../src/registry/registry-listing.ts';
import { denied, throttled } from '../../support/fake-aws.ts';
import { type FakeEcr, startFakeEcr } from '../../support/fake-ecr.ts';
import { buildImages } from '../../support/image-builder.ts';
import { ociLayout } from '../../support/image-layouts.ts';
import { motoMissing } from '../../support/moto.ts';
import { registryMissing } from '../../support/registry-server.ts';

const skipped = motoMissing() ?? registryMissing();
const NAMES = ['app', 'team/import', 'team/web'];

function policy(action: string, resource?: readonly string[]): string {
  const of = { Sid: 'Others', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: [action] };
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ ...of, ...(resource && { Resource: resource }) }] });
}

async function all<Each>(each: AsyncIterable<Each>): Promise<readonly Each[]> {
  const found: Each[] = [];
  for await (const one of each) found.push(one);
  return found;
}

describe.skipIf(skipped !== undefined)(
  `a registry of ECR, listed${skipped === undefined ? '' : ` (${skipped})`}`,
  () => {
    let ecr: FakeEcr;
    let account: EcrAccount;
    let digests: readonly string[];

    beforeAll(async () => {
      ecr = await startFakeEcr();
      for (const [name, value] of Object.entries(ecr.aws.env)) vi.stubEnv(name, value);
      const images = await buildImages(
        [1, 2, 3].map((version) => ({
          names: [`app:${version}`],
          layers: [{ entries: [{ path: 'version', content: String(version) }] }],
        })),
      );
      const pushed: string[] = [];
      for (const [index, image] of images.entries()) {
        for (const name of index === 0 ? NAMES : ['app']) {
          const digest = await ecr.push(ociLayout([image]), `${name}:${index + 1}`, [
            { Key: 'owner', Value: 'imports' },
          ]);
          if (name === 'app') pushed.push(digest);
        }
      }
      digests = pushed;
      const lifecyclePolicyText = JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: 'old ones',
            selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 9 },
            action: { type: 'expire' },
          },
        ],
      });
      await ecr.client.send(
        new SetRepositoryPolicyCommand({ repositoryName: 'app', policyText: policy('ecr:BatchGetImage') }),
      );
      await ecr.client.send(new PutLifecyclePolicyCommand({ repositoryName: 'app', lifecyclePolicyText }));
      await ecr.client.send(new PutRegistryPolicyCommand({ policyText: policy('ecr:ReplicateImage', ['*']) }));
    }, 60_000);

    beforeEach(async () => {
      account = await openEcrAccount({ attempts: 2 }, { maskText: (text) => text });
    });

    afterEach(async () => {
      await account.close();
      ecr.aws.reset();
      ecr.archived.clear();
    });

    afterAll(async () => {
      vi.unstubAllEnvs();
      await ecr.stop();
    });

    test('has all repositories, page after page', async () => {
      expect([account.account, account.region]).toEqual(['123456789012', 'us-east-1']);
      expect(account.registry.host).toBe('123456789012.dkr.ecr.us-east-1.amazonaws.com');
      const names = await all(account.listing.repositories());
      expect(names.map(({ name }) => name)).toEqual(NAMES);
      expect(account.listing.gaps).toEqual([]);
      const pages = ecr.aws.calls.filter(({ operation }) => operation === 'DescribeRepositories');
      expect(pages.length).toBeGreaterThan(1);
    });

    test('has all images by digest, the untagged and the archived, with what a plan needs', async () => {
      const [first = '', second = '', third = ''] = digests;
      const answered = ecr.aws.calls.length;
      ecr.archived.add(second);
      const plain = (await import('../../../src/aws/ecr/listing.ts')).listedImage;
      expect(plain('app', {})).toBeUndefined();
      const images = await all<ListedImage>(account.listing.images('app'));
      expect(images.map(({ digest, tags, state }) => [digest, tags, state])).toEqual([
        [first, ['1'], 'active'],
        [second, ['2'], 'archived'],
        [third, ['3'], 'active'],
      ]);
      for (const { mediaType, pushedAt } of images) {
        expect(mediaType).toBe('application/vnd.oci.image.manifest.v1+json');
        expect(pushedAt).toBeInstanceOf(Date);
      }
      const [asked] = ecr.aws.calls.slice(answered);
      // Archived ones are not told otherwise.
      expect(asked?.input['filter']).toEqual({ imageStatus: 'ANY' });
    });

    test('has the texts of the registry and of each repository', async () => {
      const ofRegistry = await all(account.listing.texts());
      expect(ofRegistry.map(({ name }) => name)).toEqual([
        'registry',
        'registry-policy',
        'creation-templates',
        'pull-through-cache-rules',
      ]);
      const [first, second, third] = digests;
      const names = [
        'repository/app',
        'repository/app/tags',
        'repository/app/policy',
        'repository/app/lifecycle-policy',
        ...[first, second, third].map((digest) => `repository/app/image/${digest ?? ''}`),
      ];
      const texts: readonly ListedText[] = await all(account.listing.texts('app'));
      expect(texts.map(({ name }) => name)).toEqual(names);
      expect(JSON.stringify(texts)).toMatch(/old ones.*"imageTags":\["1"\]/s);
      // One that has no policies.
      const others = await all(account.listing.texts('team/web'));
      expect(others.map(({ name }) => name.replace(/sha256:.*/, 'DIGEST'))).toEqual([
        'repository/team/web',
        'repository/team/web/tags',
        'repository/team/web/image/DIGEST',
      ]);
      expect(account.listing.gaps).toEqual([]);
    });

    test('asks for images once, for the list and for their texts', async () => {
      await all(account.listing.repositories());
      await all(account.listing.images('app'));
      const before = ecr.aws.calls.length;
      await all(account.listing.texts('app'));
      const operations = ecr.aws.calls.slice(before).map(({ operation }) => operation);
      expect(operations).toEqual(['ListTagsForResource', 'GetRepositoryPolicy', 'GetLifecyclePolicy']);
    });

    test.each([
      ['GetRepositoryPolicy', 'repository/app/policy'],
      ['DescribeImages', 'repository/app'],
      ['ListTagsForResource', 'repository/app/tags'],
    ])('a call that is denied is a gap that names it: %s', async (operation, path) => {
      ecr.aws.answer({
        [`ecr.${operation}`]: () => {
          throw denied(operation, 'ecr');
        },
      });
      await all(account.listing.texts('app'));
      expect(account.listing.gaps).toEqual([
        { reason: 'unreadable', path, detail: `ecr:${operation}: AccessDeniedException` },
      ]);
    });

    test('a call that is throttled to the end is a gap, and the rest goes on', async () => {
      ecr.aws.answer({
        'ecr.GetLifecyclePolicy': () => {
          throw throttled();
        },
      });
      const texts = await all(account.listing.texts('app'));
      expect(texts.map(({ name }) => name)).toContain(`repository/app/image/${digests[2] ?? ''}`);
      expect(account.listing.gaps.map(({ detail }) => detail)).toEqual(['ecr:GetLifecyclePolicy: ThrottlingException']);
    });

    test('a page that follows itself is not asked for ever', async () => {
      ecr.aws.answer({
        'ecr.DescribeRepositories': () => ({ repositories: [{ repositoryName: 'app' }], nextToken: 'again' }),
      });
      expect((await all(account.listing.repositories())).length).toBeLessThan(4);
      expect(account.listing.gaps.map(({ reason }) => reason)).toEqual(['corrupt']);
    });

    test('texts of ECR Public are of one Region, whatever is swept', async () => {
      ecr.aws.answer({
        'ecr-public.GetRegistryCatalogData': () => ({ registryCatalogData: { displayName: 'Clinic' } }),
      });
      const { listing, close } = await account.openPublic();
      const texts = await all(listing.texts());
      expect(texts.map(({ name, surface }) => [name, surface])).toEqual([
        ['registry', 'ecr-public-text'],
        ['catalog', 'ecr-public-text'],
      ]);
      expect(await all(listing.repositories())).toEqual([]);
      close();
    });
  },
);

describe('accounts', () => {
  test('are each role in each Region, or the own one', () => {
    const roles = [{ arn: 'a' }, { arn: 'b' }];
    const given = ecrAccesses({ regions: ['us-east-1', 'eu-west-1', 'us-east-1'], roles }, { profile: 'p' });
    expect(given.map(({ region, role, profile }) => [region, role?.arn, profile])).toEqual([
      ['us-east-1', 'a', 'p'],
      ['eu-west-1', 'a', 'p'],
      ['us-east-1', 'b', 'p'],
      ['eu-west-1', 'b', 'p'],
    ]);
    expect(ecrAccesses({ regions: [], roles: [] }, {})).toEqual([{ region: undefined, role: undefined }]);
  });
});
