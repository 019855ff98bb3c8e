import type { EntryGap } from '../../finding.ts';
import { arrayOf, type JsonObject, textOf } from '../../image/json.ts';
import { digestOf } from '../../image/descriptor.ts';
import type { ListedImage, ListedRepository, ListedText, RegistryListing } from '../../registry/registry-listing.ts';
import { remoteLimits } from '../../remote-limits.ts';
import { Asking } from '../asking.ts';
import { instantOf, isText } from '../response.ts';
import type { Ecr, EcrInputs } from './client.ts';
import { GapList } from './gap-list.ts';
import { Repositories } from './repositories.ts';

export interface EcrListingOptions {
  readonly signal?: AbortSignal | undefined;
  /** The values of names masked. */
  readonly maskText: (text: string) => string;
}

/** Most of one page of what is seldom long (Amazon ECR API Reference). */
const SMALL_PAGE = 100;

/** The private registry of one account in one Region, and all texts that ECR keeps of it. */
export class EcrListing implements RegistryListing {
  readonly isComplete = true;
  readonly #asking: Asking<EcrInputs>;
  readonly #gaps: GapList;
  readonly #repositories: Repositories;
  readonly #images = new Map<string, readonly JsonObject[]>();
  #imagesKept = 0;

  constructor(ecr: Ecr, { signal, maskText }: EcrListingOptions) {
    this.#gaps = new GapList(maskText);
    this.#asking = new Asking(ecr, { name: 'ECR', signal, onGap: this.#gaps.add });
    this.#repositories = new Repositories(this.#asking);
  }

  get gaps(): readonly EntryGap[] {
    return this.#gaps.all;
  }

  repositories(): AsyncGenerator<ListedRepository, void, undefined> {
    return this.#repositories.list();
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
    yield* this.#repositories.text('registry', await this.#asking.ask('DescribeRegistry', {}, 'registry'));
    const policy = this.#asking.ask('GetRegistryPolicy', {}, 'registry-policy', 'RegistryPolicyNotFoundException');
    yield* this.#repositories.text('registry-policy', await policy);
    for (const [operation, name] of [
      ['DescribeRepositoryCreationTemplates', 'creation-templates'],
      ['DescribePullThroughCacheRules', 'pull-through-cache-rules'],
    ] as const) {
      for await (const page of this.#asking.pages(operation, { maxResults: SMALL_PAGE }, name)) {
        yield* this.#repositories.text(name, page);
      }
    }
  }

  async *#repositoryTexts(repository: string): AsyncGenerator<ListedText, void, undefined> {
    yield* this.#repositories.texts(repository);
    const lifecycle = `repository/${repository}/lifecycle-policy`;
    const input = { repositoryName: repository };
    const absent = 'LifecyclePolicyNotFoundException';
    const answer = await this.#asking.ask('GetLifecyclePolicy', input, lifecycle, absent);
    yield* this.#repositories.text(lifecycle, answer);
    for await (const image of this.#imagesOf(repository)) yield* this.#repositories.imageText(repository, image);
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

  #describeImages(repository: string): AsyncGenerator<JsonObject, void, undefined> {
    return this.#repositories.images(repository, { filter: { imageStatus: 'ANY' } });
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
