import { ScanError } from '../errors.ts';
import type { EntryGap } from '../finding.ts';
import type { ImageRegistry } from '../registry/image-registry.ts';
import type { ListedImage, ListedRepository, ListedText, RegistryListing } from '../registry/registry-listing.ts';
import type { SweptRegistry } from './sweep.ts';

/** The texts of an account's ECR Public. Its images are those of any other registry, and are swept as such: a gap says so. */
export function publicTexts(listing: RegistryListing, account: string, region: string): SweptRegistry {
  return { registry: noImages, listing: new TextsOnly(listing), account, region };
}

class TextsOnly implements RegistryListing {
  readonly isComplete = true;
  readonly #listing: RegistryListing;
  readonly #gaps: EntryGap[] = [];

  constructor(listing: RegistryListing) {
    this.#listing = listing;
  }

  get gaps(): readonly EntryGap[] {
    return [...this.#listing.gaps, ...this.#gaps];
  }

  repositories(): AsyncIterable<ListedRepository> {
    return this.#listing.repositories();
  }

  async *images(repository: string): AsyncGenerator<ListedImage, void, undefined> {
    const first = await this.#listing.images(repository)[Symbol.asyncIterator]().next();
    if (first.done === true) return;
    const detail = 'images of ECR Public are not swept here: give its host to `phiscan sweep registry`';
    this.#gaps.push({ reason: 'unreadable', detail, path: repository });
  }

  texts(repository?: string): AsyncIterable<ListedText> {
    return this.#listing.texts(repository);
  }
}

function noImage(): never {
  throw new ScanError('internal', 'images of ECR Public are not asked for');
}

const noImages: ImageRegistry = {
  host: 'ecr-public',
  manifest: noImage,
  blob: noImage,
  referrers: () => Promise.resolve([]),
  close: () => Promise.resolve(),
};
