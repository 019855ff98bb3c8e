import type { EntryGap } from '../../finding.ts';
import type { ListedImage, ListedRepository, ListedText, RegistryListing } from '../../registry/registry-listing.ts';
import { Asking } from '../asking.ts';
import type { EcrListingOptions } from './listing.ts';
import { listedImage } from './listing.ts';
import type { EcrPublic, EcrPublicInputs } from './public-client.ts';
import { GapList } from './gap-list.ts';
import { Repositories } from './repositories.ts';

/** Of all texts: everybody may read them in the gallery. */
const SURFACE = 'ecr-public-text';

/** The public registry of one account. Its images are those of any registry: `HOST/ALIAS/NAME`, asked for without an account. */
export class EcrPublicListing implements RegistryListing {
  readonly isComplete = true;
  readonly #asking: Asking<EcrPublicInputs>;
  readonly #gaps: GapList;
  readonly #repositories: Repositories;

  constructor(ecr: EcrPublic, { signal, maskText }: EcrListingOptions) {
    this.#gaps = new GapList(maskText);
    this.#asking = new Asking(ecr, { name: 'ECR Public', signal, onGap: this.#gaps.add });
    this.#repositories = new Repositories(this.#asking, { surface: SURFACE });
  }

  get gaps(): readonly EntryGap[] {
    return this.#gaps.all;
  }

  repositories(): AsyncGenerator<ListedRepository, void, undefined> {
    return this.#repositories.list();
  }

  async *images(repository: string): AsyncGenerator<ListedImage, void, undefined> {
    for await (const described of this.#repositories.images(repository)) {
      const image = listedImage(repository, described);
      if (image !== undefined) yield image;
    }
  }

  texts(repository?: string): AsyncGenerator<ListedText, void, undefined> {
    return repository === undefined ? this.#registryTexts() : this.#repositoryTexts(repository);
  }

  async *#registryTexts(): AsyncGenerator<ListedText, void, undefined> {
    for await (const page of this.#asking.pages('DescribeRegistries', {}, 'registry'))
      yield* this.#repositories.text('registry', page);
    yield* this.#repositories.text('catalog', await this.#asking.ask('GetRegistryCatalogData', {}, 'catalog'));
  }

  async *#repositoryTexts(repository: string): AsyncGenerator<ListedText, void, undefined> {
    yield* this.#repositories.texts(repository);
    const catalog = `repository/${repository}/catalog`;
    const input = { repositoryName: repository };
    const absent = 'RepositoryCatalogDataNotFoundException';
    const answer = await this.#asking.ask('GetRepositoryCatalogData', input, catalog, absent);
    yield* this.#repositories.text(catalog, answer);
    for await (const image of this.#repositories.images(repository)) {
      yield* this.#repositories.imageText(repository, image);
    }
  }
}
