import * as ecrSdk from '@aws-sdk/client-ecr';
import * as publicSdk from '@aws-sdk/client-ecr-public';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openEcr } from '../../../src/aws/ecr/client.ts';
import { EcrListing } from '../../../src/aws/ecr/listing.ts';
import { openEcrPublic } from '../../../src/aws/ecr/public-client.ts';
import { EcrPublicListing } from '../../../src/aws/ecr/public-listing.ts';
import { documentFindings } from '../../../src/aws/document-findings.ts';
import { Engine } from '../../../src/engine/engine.ts';
import type { Finding } from '../../../src/finding.ts';
import type { ListedText, RegistryListing } from '../../../src/registry/registry-listing.ts';
import { attributeResources } from '../../../src/scan/located.ts';
import { Tally } from '../../../src/scan/tally.ts';
import { type FakeAws, startFakeAws } from '../../support/fake-aws.ts';
import { patient } from '../../support/patients.ts';
import { fullResponse, type Plain, planted, textsOf } from '../response-leaves.ts';

const { ssn } = patient(83);
const LEAK = `patient ssn ${ssn}`;
const engine = new Engine();
const maskText = (text: string): string => engine.maskText(text);
const REPOSITORY = 'team/app';
const DIGEST = `sha256:${'7a'.repeat(32)}`;
const FAST = { burst: 1000, perSecond: 1000 };
const budgets = { manifest: FAST, layer: FAST, other: FAST };
let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
});

/** By operation: the response with one of everything, and what leads on to the next call as it is. */
function responses(sdk: object, operations: readonly string[]): Readonly<Record<string, Plain>> {
  return Object.fromEntries(
    operations.map((operation) => {
      const { nextToken: _, ...full } = fullResponse(sdk, operation);
      return [operation, withNames(full)];
    }),
  );
}

function withNames(full: Plain): Plain {
  const arn = `arn:aws:ecr:us-east-1:123456789012:repository/${REPOSITORY}`;
  const repository = { repositoryName: REPOSITORY, repositoryArn: arn };
  const [first] = (full['repositories'] ?? full['imageDetails'] ?? []) as readonly Plain[];
  if (full['repositories'] !== undefined) return { ...full, repositories: [{ ...first, ...repository }] };
  if (full['imageDetails'] !== undefined) return { ...full, imageDetails: [{ ...first, imageDigest: DIGEST }] };
  return full;
}

const PRIVATE = responses(ecrSdk, [
  'DescribeRegistry',
  'GetRegistryPolicy',
  'DescribeRepositoryCreationTemplates',
  'DescribePullThroughCacheRules',
  'DescribeRepositories',
  'ListTagsForResource',
  'GetRepositoryPolicy',
  'GetLifecyclePolicy',
  'DescribeImages',
]);
const PUBLIC = responses(publicSdk, [
  'DescribeRegistries',
  'GetRegistryCatalogData',
  'DescribeRepositories',
  'GetRepositoryCatalogData',
  'ListTagsForResource',
  'GetRepositoryPolicy',
  'DescribeImages',
]);

async function scanned(listing: RegistryListing): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const read = ({ name, surface, json }: ListedText): void => {
    const tally = new Tally(engine);
    tally.add(documentFindings(engine, name, Buffer.from(JSON.stringify(json))), name);
    findings.push(...attributeResources('ecr', 'host', tally, surface).findings);
  };
  for await (const text of listing.texts()) read(text);
  for await (const { name } of listing.repositories()) {
    for await (const text of listing.texts(name)) read(text);
  }
  expect(listing.gaps).toEqual([]);
  return findings;
}

/** All responses, of which one has a value at one place. */
function serve(service: string, all: Readonly<Record<string, Plain>>, operation: string, response: unknown): void {
  const answers = Object.entries(all).map(
    ([name, full]) => [`${service}.${name}`, () => (name === operation ? response : full)] as const,
  );
  aws.reset();
  aws.answer(Object.fromEntries(answers));
}

/** Without these nothing more is asked. */
const LEADING = /^repositories\[0\]\.repository(?:Name|Arn)$|^imageDetails\[0\]\.imageDigest$/;

describe.each(Object.entries(PRIVATE))('a value in %s', (operation, full) => {
  test('is found wherever it stands, with its surface and what to do', async () => {
    const ecr = await openEcr({ budgets });
    const places = [...textsOf(full)].filter(({ pointer }) => !LEADING.test(pointer));
    expect(places.length).toBeGreaterThan(0);
    for (const { way, pointer } of places) {
      serve('ecr', PRIVATE, operation, planted(full, way, LEAK));
      const findings = await scanned(new EcrListing(ecr, { maskText }));
      expect(findings.map(({ location }) => location.pointer)).toEqual([pointer]);
      expect(findings[0]).toMatchObject({ location: { kind: 'ecr' }, severity: 'high' });
      expect(findings[0]?.surface).toBeDefined();
      expect(findings[0]?.remedy).toMatch(/^(?:repository|image-tag|policy|registry-settings|tags)$/);
      expect(JSON.stringify(findings)).not.toContain(ssn);
    }
    ecr.close();
  });
});

describe.each(Object.entries(PUBLIC))('a public value in %s', (operation, full) => {
  test('is found wherever it stands, and is worse, since everybody reads it', async () => {
    const ecr = await openEcrPublic({ budget: FAST });
    const places = [...textsOf(full)].filter(({ pointer }) => !LEADING.test(pointer));
    expect(places.length).toBeGreaterThan(0);
    for (const { way, pointer } of places) {
      serve('ecr-public', PUBLIC, operation, planted(full, way, LEAK));
      const findings = await scanned(new EcrPublicListing(ecr, { maskText }));
      expect(findings.map(({ location }) => location.pointer)).toEqual([pointer]);
      expect(findings[0]).toMatchObject({
        location: { kind: 'ecr' },
        surface: 'ecr-public-text',
        remedy: 'public-text',
        severity: 'critical',
      });
    }
    ecr.close();
  });
});

test('names of the table, and not only its last resort', async () => {
  const ecr = await openEcr({ budgets });
  const surfaces = async (operation: string, pointer: RegExp): Promise<readonly (string | undefined)[]> => {
    const full = PRIVATE[operation] ?? {};
    const way = [...textsOf(full)].find((place) => pointer.test(place.pointer))?.way ?? [];
    serve('ecr', PRIVATE, operation, planted(full, way, LEAK));
    const findings = await scanned(new EcrListing(ecr, { maskText }));
    return findings.map(({ surface, location: { path } }) => `${path} ${surface ?? ''}`);
  };
  const of = `repository/${REPOSITORY}`;
  expect(await surfaces('GetRegistryPolicy', /policyText/)).toEqual(['registry-policy ecr-policy']);
  expect(await surfaces('GetRepositoryPolicy', /policyText/)).toEqual([`${of}/policy ecr-policy`]);
  expect(await surfaces('GetLifecyclePolicy', /lifecyclePolicyText/)).toEqual([
    `${of}/lifecycle-policy lifecycle-policy`,
  ]);
  expect(await surfaces('ListTagsForResource', /tags/)).toEqual([`${of}/tags tags`]);
  expect(await surfaces('DescribeImages', /imageTags/)).toEqual([`${of}/image/${DIGEST} image-tag`]);
  expect(await surfaces('DescribeRepositories', /Filters.*filter$/)).toEqual([`${of} tag-filter`]);
  expect(await surfaces('DescribeRegistry', /filter$/)).toEqual(['registry replication']);
  expect(await surfaces('DescribeRepositoryCreationTemplates', /description/)).toEqual([
    'creation-templates creation-template',
  ]);
  expect(await surfaces('DescribePullThroughCacheRules', /upstreamRepositoryPrefix/)).toEqual([
    'pull-through-cache-rules pull-through-cache-rule',
  ]);
  ecr.close();
});
