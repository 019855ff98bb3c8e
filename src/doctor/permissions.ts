/** Whether a sweep may ask what it asks: each call is made once, with a question that changes nothing and pulls nothing. */
import { CallFailure } from '../aws/failure.ts';
import type { EcrInputs } from '../aws/ecr/client.ts';
import type { EcrPublicInputs } from '../aws/ecr/public-client.ts';
import type { Service } from '../aws/service.ts';
import { arrayOf, isObject, type JsonObject, textOf } from '../image/json.ts';
import type { Check } from './check.ts';

/** Of no image and no layer: who may not ask is told so before anybody looks for it. */
const NOBODY = `sha256:${'0'.repeat(64)}`;
/** Serves where the registry has no repository yet. */
const NO_REPOSITORY = 'phiscan-doctor/none';
const POLICIES = 'deploy/iam/sweep.json has the least policy';

interface Tried {
  readonly check: Check;
  readonly answer: JsonObject | undefined;
}

/** One Region of one account. */
class Permissions<Inputs> {
  readonly #service: Service<Inputs>;
  readonly #place: string;

  constructor(service: Service<Inputs>, place: string) {
    this.#service = service;
    this.#place = place;
  }

  async tried<Operation extends keyof Inputs & string>(operation: Operation, input: Inputs[Operation]): Promise<Tried> {
    const action = `${this.#service.prefix}:${operation}`;
    const common = { id: 'permission', place: this.#place, subject: action, action } as const;
    try {
      const answer = await this.#service.ask(operation, input);
      return { check: { ...common, state: 'ok', detail: 'allowed' }, answer };
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      return { check: { ...common, ...seen(error) }, answer: undefined };
    }
  }
}

function seen({ kind, reason }: CallFailure): Pick<Check, 'state' | 'detail' | 'todo'> {
  // It was looked for, so that it may be asked for.
  if (/NotFoundException$/.test(reason)) return { state: 'ok', detail: 'allowed' };
  switch (kind) {
    case 'denied':
      return { state: 'failed', detail: `denied (${reason})`, todo: POLICIES };
    case 'credentials':
      return {
        state: 'failed',
        detail: `the credentials are not accepted (${reason})`,
        todo: 'Log in again; or the Region is not enabled for the account',
      };
    case 'unreachable':
      return {
        state: 'failed',
        detail: `nobody answers (${reason})`,
        todo: 'Check the network; in a VPC without NAT: interface endpoints ecr.api and sts, and the gateway endpoint of S3',
      };
    case 'unsupported':
    case 'stopped':
    case 'other':
      return { state: 'not-checked', detail: `no answer that tells it (${reason})` };
  }
}

/** All reading calls of a private registry. */
export async function registryPermissions(ecr: Service<EcrInputs>, place: string): Promise<readonly Check[]> {
  const permissions = new Permissions(ecr, place);
  const first = await permissions.tried('DescribeRegistry', {});
  if (first.check.state === 'failed' && first.check.detail.startsWith('nobody')) return [first.check];
  const repositories = await permissions.tried('DescribeRepositories', { maxResults: 1 });
  const repository = arrayOf(repositories.answer?.['repositories']).find(isObject);
  const repositoryName = textOf(repository?.['repositoryName']) || NO_REPOSITORY;
  const resourceArn = textOf(repository?.['repositoryArn']) || noRepositoryArn(ecr.region, first.answer);
  const rest = await Promise.all([
    permissions.tried('DescribeImages', { repositoryName, maxResults: 1 }),
    permissions.tried('BatchGetImage', { repositoryName, imageIds: [{ imageDigest: NOBODY }] }),
    permissions.tried('GetDownloadUrlForLayer', { repositoryName, layerDigest: NOBODY }),
    permissions.tried('ListImageReferrers', { repositoryName, subjectId: { imageDigest: NOBODY } }),
    permissions.tried('ListTagsForResource', { resourceArn }),
    permissions.tried('GetRepositoryPolicy', { repositoryName }),
    permissions.tried('GetLifecyclePolicy', { repositoryName }),
    permissions.tried('GetRegistryPolicy', {}),
    permissions.tried('DescribeRepositoryCreationTemplates', { maxResults: 1 }),
    permissions.tried('DescribePullThroughCacheRules', { maxResults: 1 }),
  ]);
  return [first, repositories, ...rest].map(({ check }) => check);
}

function noRepositoryArn(region: string, registry: JsonObject | undefined): string {
  return `arn:aws:ecr:${region}:${textOf(registry?.['registryId']) || '000000000000'}:repository/${NO_REPOSITORY}`;
}

/** Of ECR Public one call tells of all: they are of one service. */
export async function publicPermissions(ecr: Service<EcrPublicInputs>, place: string): Promise<Check> {
  const { check } = await new Permissions(ecr, place).tried('DescribeRegistries', { maxResults: 1 });
  return check;
}
