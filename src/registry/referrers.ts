import type { Descriptor } from '../image/descriptor.ts';
import { readDescriptor } from '../image/descriptor.ts';
import { memberOf } from '../image/json.ts';
import { remoteLimits } from '../remote-limits.ts';
import { RegistryFailure } from './failure.ts';
import { headManifest, isUnknown, pullRequest, tagPages } from './manifests.ts';
import { pages } from './pages.ts';
import type { Transport } from './transport.ts';

/** Cosign's tags of what is about an image; without an ending, the index that stands in for the list of referrers (OCI
 * distribution, "Referrers Tag Schema"). */
const ENDINGS = ['', '.sig', '.att', '.sbom'];

/** What is about the manifests of one registry, by its list and by tags. */
export class Referrers {
  readonly #transport: Transport;
  /** False once it has said that it knows no such list. */
  #isListed = true;
  /** The first question, which goes alone: by a no to it, all others are spared. */
  #first: Promise<unknown> | undefined;
  /** Of each repository; undefined where it has too many, or does not tell. */
  readonly #tags = new Map<string, Promise<ReadonlySet<string> | undefined>>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** All tags of a repository, where somebody has listed them already. */
  know(repository: string, tags: readonly string[]): void {
    if (!this.#tags.has(repository)) this.#tags.set(repository, Promise.resolve(new Set(tags.filter(isAbout))));
  }

  /** Throws RegistryFailure. */
  async of(repository: string, digest: string): Promise<readonly Descriptor[]> {
    if (this.#first !== undefined) await this.#first;
    const answer = this.#isListed ? this.#listed(repository, digest) : undefined;
    this.#first ??= answer?.catch(() => undefined);
    const listed = (await answer) ?? [];
    return [...listed, ...(await this.#tagged(repository, digest))];
  }

  async #listed(repository: string, digest: string): Promise<readonly Descriptor[]> {
    const descriptors: Descriptor[] = [];
    try {
      const path = `/v2/${repository}/referrers/${digest}`;
      const request = pullRequest(repository, { headers: { accept: 'application/vnd.oci.image.index.v1+json' } });
      for await (const page of pages(this.#transport, path, request)) {
        const entries = memberOf(page, 'manifests');
        if (!Array.isArray(entries)) throw new RegistryFailure('garbled', 'a list of referrers that is none');
        descriptors.push(...entries.map(readDescriptor).filter((entry) => entry !== undefined));
        if (descriptors.length > remoteLimits.imageManifests) break;
      }
    } catch (error) {
      // The first page tells whether there is such a list at all.
      if (descriptors.length > 0 || !isUnknown(error)) throw error;
      this.#isListed = false;
    }
    return descriptors;
  }

  async #tagged(repository: string, digest: string): Promise<readonly Descriptor[]> {
    const [algorithm = '', encoded = ''] = digest.split(':');
    const names = ENDINGS.map((ending) => `${algorithm}-${encoded.slice(0, 64)}${ending}`);
    const known = await this.#tagsOf(repository);
    const found: Descriptor[] = [];
    for (const name of names) {
      if (known?.has(name) === false) continue;
      const head = await headManifest(this.#transport, repository, name);
      const annotations = { 'org.opencontainers.image.ref.name': name };
      if (head !== undefined) found.push({ ...head, platform: undefined, annotations });
    }
    return found;
  }

  /** One list instead of four questions for each manifest. */
  async #tagsOf(repository: string): Promise<ReadonlySet<string> | undefined> {
    let known = this.#tags.get(repository);
    if (known === undefined) {
      known = this.#listTags(repository);
      this.#tags.set(repository, known);
    }
    return await known;
  }

  async #listTags(repository: string): Promise<ReadonlySet<string> | undefined> {
    const tags = new Set<string>();
    let count = 0;
    try {
      for await (const page of tagPages(this.#transport, repository)) {
        for (const tag of page.filter(isAbout)) tags.add(tag);
        count += 1;
        if (count > remoteLimits.tagPages) return undefined;
      }
      return tags;
    } catch (error) {
      // Each tag can still be asked for by itself.
      if (error instanceof RegistryFailure && error.kind !== 'stopped') return undefined;
      throw error;
    }
  }
}

/** Whether it may be a tag of what is about an image: others need not be kept. */
function isAbout(tag: string): boolean {
  return /^[a-z\d]+-[\da-f]{32}/.test(tag);
}
