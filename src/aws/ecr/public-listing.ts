import { digestOf } from '../../image/descriptor.ts';
import type { EntryGap } from '../../finding.ts';
import { arrayOf, isObject, type JsonObject, memberOf } from '../../image/json.ts';
import type { ListedImage, ListedRepository, ListedText, RegistryListing } from '../../registry/registry-listing.ts';
import { Asking } from '../asking.ts';
import { isText } from '../response.ts';
import type { EcrListingOptions } from './listing.ts';
import { listedImage } from './listing.ts';
import type { EcrPublic, EcrPublicInputs } from './public-client.ts';
import { GapList } from './gap-list.ts';

/** Most of one page (Amazon ECR Public API Reference). */
const PAGE = 1000;
/** Of all texts: everybody may read them in the gallery. */
const SURFACE = 'ecr-public-text';

/** The public registry of one account. Its images are those of any registry: `HOST/ALIAS/NAME`, asked for without an account. */
export class EcrPublicListing implements RegistryListing {
  readonly isComplete = true;
  readonly #asking: Asking<EcrPublicInputs>;
  readonly #gaps: GapList;
  readonly #described = new Map<string, JsonObject>();

  constructor(ecr: EcrPublic, { signal, maskText }: EcrListingOptions) {
    this.#gaps = new GapList(maskText);
    this.#asking = new Asking(ecr, { name: 'ECR Public', signal, onGap: this.#gaps.add });
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

  async *images(repository: string): AsyncGenerator<ListedImage, void, undefined> {
    for await (const described of this.#describeImages(repository)) {
      const image = listedImage(repository, described);
      if (image !== undefined) yield image;
    }
  }

  texts(repository?: string): AsyncGenerator<ListedText, void, undefined> {
    return repository === undefined ? this.#registryTexts() : this.#repositoryTexts(repository);
  }

  async *#registryTexts(): AsyncGenerator<ListedText, void, undefined> {
    for await (const page of this.#asking.pages('DescribeRegistries', {}, 'registry'))
      yield* this.#text('registry', page);
    yield* this.#text('catalog', await this.#asking.ask('GetRegistryCatalogData', {}, 'catalog'));
  }

  async *#repositoryTexts(repository: string): AsyncGenerator<ListedText, void, undefined> {
    const of = `repository/${repository}`;
    const input = { repositoryName: repository };
    const described = this.#described.get(repository) ?? (await this.#describe(repository));
    if (described !== undefined) yield* this.#text(of, { repositories: [described] });
    const catalog = `${of}/catalog`;
    yield* this.#text(
      catalog,
      await this.#asking.ask('GetRepositoryCatalogData', input, catalog, 'RepositoryCatalogDataNotFoundException'),
    );
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
    for await (const image of this.#describeImages(repository)) {
      yield* this.#text(`${of}/image/${digestOf(image['imageDigest'])}`, { imageDetails: [image] });
    }
  }

  async #describe(repository: string): Promise<JsonObject | undefined> {
    const input = { repositoryNames: [repository] };
    const answer = await this.#asking.ask('DescribeRepositories', input, `repository/${repository}`);
    return arrayOf(answer?.['repositories']).find(isObject);
  }

  async *#describeImages(repository: string): AsyncGenerator<JsonObject, void, undefined> {
    const input = { repositoryName: repository, maxResults: PAGE };
    for await (const each of this.#asking.list('DescribeImages', input, 'imageDetails', `repository/${repository}`)) {
      if (isObject(each)) yield each;
    }
  }

  /** None where nothing was answered. */
  *#text(name: string, json: JsonObject | undefined): Generator<ListedText, void, undefined> {
    if (json !== undefined && Object.keys(json).length > 0) yield { name, surface: SURFACE, json };
  }
}
