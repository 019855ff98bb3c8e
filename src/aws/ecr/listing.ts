import type { EntryGap } from '../../finding.ts';
import { arrayOf, isObject, type JsonObject, memberOf, textOf } from '../../image/json.ts';
import { digestOf } from '../../image/descriptor.ts';
import type { ListedImage, ListedRepository, ListedText, RegistryListing } from '../../registry/registry-listing.ts';
import { remoteLimits } from '../../remote-limits.ts';
import { Asking } from '../asking.ts';
import { instantOf, isText } from '../response.ts';
import type { Ecr, EcrInputs } from './client.ts';
import { GapList } from './gap-list.ts';

export interface EcrListingOptions {
  readonly signal?: AbortSignal | undefined;
  /** The values of names masked. */
  readonly maskText: (text: string) => string;
}

/** Most of one page (Amazon ECR API Reference). */
const PAGE = 1000;
const SMALL_PAGE = 100;

/** The private registry of one account in one Region, and all texts that ECR keeps of it. */
export class EcrListing implements RegistryListing {
  readonly isComplete = true;
  readonly #asking: Asking<EcrInputs>;
  readonly #gaps: GapList;
  readonly #described = new Map<string, JsonObject>();
  readonly #images = new Map<string, readonly JsonObject[]>();
  #imagesKept = 0;

  constructor(ecr: Ecr, { signal, maskText }: EcrListingOptions) {
    this.#gaps = new GapList(maskText);
    this.#asking = new Asking(ecr, { name: 'ECR', signal, onGap: this.#gaps.add });
  }

  get gaps(): readonly EntryGap[] {
    return this.#gaps.all;
  }

  async *repositories(): AsyncGenerator<ListedRepository, void, undefined> {
    const all = this.#asking.list('DescribeRepositories', { maxResults: PAGE }, 'repositories', 'repositories');
    for await (const each of all) {
      const name = memberOf(each, 'repositoryName');
      if (!isObject(each) || !isText(name)) continue;
      this.#described.set(name, each);
      yield { name };
    }
  }

  /** Of all that is there, archived images too: leaving them out would make them look clean. */
  async *images(repository: string): AsyncGenerator<ListedImage, void, undefined> {
    const kept: JsonObject[] = [];
    for await (const described of this.#describeImages(repository)) {
      kept.push(described);
      const image = listedImage(repository, described);
      if (image !== undefined) yield image;
    }
    if (this.#imagesKept + kept.length > remoteLimits.keptImages) return;
    this.#imagesKept += kept.length;
    this.#images.set(repository, kept);
  }

  texts(repository?: string): AsyncGenerator<ListedText, void, undefined> {
    return repository === undefined ? this.#registryTexts() : this.#repositoryTexts(repository);
  }

  async *#registryTexts(): AsyncGenerator<ListedText, void, undefined> {
    yield* this.#text('registry', await this.#asking.ask('DescribeRegistry', {}, 'registry'));
    const policy = this.#asking.ask('GetRegistryPolicy', {}, 'registry-policy', 'RegistryPolicyNotFoundException');
    yield* this.#text('registry-policy', await policy);
    for (const [operation, name] of [
      ['DescribeRepositoryCreationTemplates', 'creation-templates'],
      ['DescribePullThroughCacheRules', 'pull-through-cache-rules'],
    ] as const) {
      for await (const page of this.#asking.pages(operation, { maxResults: SMALL_PAGE }, name)) {
        yield* this.#text(name, page);
      }
    }
  }

  async *#repositoryTexts(repository: string): AsyncGenerator<ListedText, void, undefined> {
    const of = `repository/${repository}`;
    const input = { repositoryName: repository };
    const described = await this.#describe(repository);
    if (described !== undefined) yield* this.#text(of, { repositories: [described] });
    const arn = described?.['repositoryArn'];
    if (isText(arn)) {
      yield* this.#text(
        `${of}/tags`,
        await this.#asking.ask('ListTagsForResource', { resourceArn: arn }, `${of}/tags`),
      );
    }
    const policy = `${of}/policy`;
    yield* this.#text(
      policy,
      await this.#asking.ask('GetRepositoryPolicy', input, policy, 'RepositoryPolicyNotFoundException'),
    );
    const lifecycle = `${of}/lifecycle-policy`;
    yield* this.#text(
      lifecycle,
      await this.#asking.ask('GetLifecyclePolicy', input, lifecycle, 'LifecyclePolicyNotFoundException'),
    );
    for await (const image of this.#imagesOf(repository)) {
      yield* this.#text(`${of}/image/${digestOf(image['imageDigest'])}`, { imageDetails: [image] });
    }
  }

  /** From the list, or by its name where nobody listed it. */
  async #describe(repository: string): Promise<JsonObject | undefined> {
    const listed = this.#described.get(repository);
    if (listed !== undefined) {
      this.#described.delete(repository);
      return listed;
    }
    const input = { repositoryNames: [repository] };
    const answer = await this.#asking.ask('DescribeRepositories', input, `repository/${repository}`);
    return arrayOf(answer?.['repositories']).find(isObject);
  }

  async *#imagesOf(repository: string): AsyncGenerator<JsonObject, void, undefined> {
    const kept = this.#images.get(repository);
    if (kept === undefined) {
      yield* this.#describeImages(repository);
      return;
    }
    this.#images.delete(repository);
    this.#imagesKept -= kept.length;
    yield* kept;
  }

  async *#describeImages(repository: string): AsyncGenerator<JsonObject, void, undefined> {
    const input = { repositoryName: repository, maxResults: PAGE, filter: { imageStatus: 'ANY' as const } };
    for await (const each of this.#asking.list('DescribeImages', input, 'imageDetails', `repository/${repository}`)) {
      if (isObject(each)) yield each;
    }
  }

  /** None where nothing was answered. */
  *#text(name: string, json: JsonObject | undefined): Generator<ListedText, void, undefined> {
    if (json !== undefined && Object.keys(json).length > 0) yield { name, json };
  }
}

/** Undefined without a digest: nothing can be asked for by it. */
export function listedImage(repository: string, described: JsonObject): ListedImage | undefined {
  const digest = digestOf(described['imageDigest']);
  if (digest === '') return undefined;
  const mediaType = textOf(described['imageManifestMediaType']);
  const storedBytes = described['imageSizeInBytes'];
  const pushedAt = instantOf(described['imagePushedAt']);
  return {
    repository,
    digest,
    tags: arrayOf(described['imageTags']).filter(isText),
    ...(mediaType === '' ? {} : { mediaType }),
    ...(typeof storedBytes === 'number' ? { storedBytes } : {}),
    ...(pushedAt === undefined ? {} : { pushedAt: new Date(pushedAt) }),
    state: stateOf(described['imageStatus']),
  };
}

/** A status that AWS adds one day is none that is known to give no layers. */
function stateOf(status: unknown): ListedImage['state'] {
  if (status === 'ARCHIVED') return 'archived';
  return status === 'ACTIVATING' ? 'activating' : 'active';
}
