import { ScanError } from '../errors.ts';
import type { EntryGap } from '../finding.ts';
import type { Descriptor } from '../image/descriptor.ts';
import { arrayOf, memberOf, textOf } from '../image/json.ts';
import { inParallel } from '../parallel.ts';
import { remoteLimits } from '../remote-limits.ts';
import type { DistributionRegistry } from './distribution.ts';
import { problemOf, RegistryFailure, scanErrorOf } from './failure.ts';
import { isRepositoryName } from './image-name.ts';
import { headManifest, tagPages } from './manifests.ts';
import { pages } from './pages.ts';
import type { ListedImage, ListedRepository, ListedText, RegistryListing } from './registry-listing.ts';

/** What a registry of the OCI distribution specification tells of itself: repositories by `_catalog`, and of each the images
 * that have a tag. It has no texts beside. */
export class DistributionListing implements RegistryListing {
  /** Untagged manifests are listed nowhere. */
  readonly isComplete = false;
  readonly gaps: EntryGap[] = [];
  readonly #registry: DistributionRegistry;

  constructor(registry: DistributionRegistry) {
    this.#registry = registry;
  }

  /** Throws ScanError when the registry does not list its repositories at all. */
  async *repositories(): AsyncGenerator<ListedRepository, void, undefined> {
    const { transport, host } = this.#registry;
    let pageCount = 0;
    try {
      for await (const page of pages(transport, '/v2/_catalog?n=1000', { scope: 'registry:catalog:*' })) {
        pageCount += 1;
        for (const name of arrayOf(memberOf(page, 'repositories')).map(textOf)) {
          if (isRepositoryName(name)) yield { name };
          else this.#gap({ reason: 'unsupported', detail: 'GET _catalog: a name that no repository can have' }, '');
        }
      }
    } catch (error) {
      if (pageCount > 0) this.#failed(error, 'GET _catalog', '');
      else {
        const todo = error instanceof RegistryFailure && error.kind === 'not-found' ? 'give --repository' : undefined;
        throw scanErrorOf(error, host, `the list of repositories of ${host}`, todo ?? this.#registry.remedy(error));
      }
    }
  }

  async *images(repository: string): AsyncGenerator<ListedImage, void, undefined> {
    const images = new Map<string, { readonly head: Head; readonly tags: string[] }>();
    const tags: string[] = [];
    try {
      for await (const page of tagPages(this.#registry.transport, repository)) tags.push(...page);
      this.#registry.knowTags(repository, tags);
    } catch (error) {
      // A repository of which all was deleted is still in the catalog.
      const isEmpty = error instanceof RegistryFailure && error.kind === 'not-found' && tags.length === 0;
      if (!isEmpty) this.#failed(error, 'GET tags/list', repository);
    }
    const heads = new Map<string, Head>();
    await inParallel(tags, remoteLimits.manifestsAtOnce, async (tag) => {
      const head = await this.#head(repository, tag);
      if (head !== undefined) heads.set(tag, head);
    });
    // In the order of the list, whichever was answered first: a plan is the same each time.
    for (const tag of tags) {
      const head = heads.get(tag);
      if (head === undefined) continue;
      const image = images.get(head.digest) ?? { head, tags: [] };
      images.set(head.digest, image);
      image.tags.push(tag);
    }
    for (const [digest, { head, tags: named }] of images) {
      const type = head.mediaType === '' ? {} : { mediaType: head.mediaType };
      yield { repository, digest, tags: named, ...type, state: 'active' };
    }
  }

  async *texts(): AsyncGenerator<ListedText, void, undefined> {}

  async #head(repository: string, tag: string): Promise<Head | undefined> {
    try {
      return await headManifest(this.#registry.transport, repository, tag);
    } catch (error) {
      this.#failed(error, 'HEAD manifests', `${repository}:${tag}`);
      return undefined;
    }
  }

  #failed(error: unknown, call: string, path: string): void {
    if (error instanceof ScanError) throw error;
    const { reason, detail = '' } = problemOf(error, this.#registry.host);
    this.#gap({ reason, detail: `${call}: ${detail}` }, path);
  }

  #gap(problem: Pick<EntryGap, 'reason' | 'detail'>, path: string): void {
    this.gaps.push({ ...problem, path });
  }
}

type Head = Pick<Descriptor, 'digest' | 'mediaType' | 'size'>;
