import { inParallel } from '../parallel.ts';
import { ScanError } from '../errors.ts';
import type { EntryGap } from '../finding.ts';
import type { Ledger, RememberedImage } from '../ledger/ledger.ts';
import { limits } from '../limits.ts';
import type { ImageRegistry } from '../registry/image-registry.ts';
import type { ListedImage, RegistryListing } from '../registry/registry-listing.ts';
import type { Problem } from '../unpack/chunks.ts';
import { imageParts, type NamedLayer } from './image-manifests.ts';
import type { LayerJob } from './layer-job.ts';
import { LayerTable } from './layer-table.ts';
import { byNewest, type PlannedImage, type SweepPlan } from './plan.ts';
import { compareTexts } from './swept.ts';
import { exactNames, isExact, repositoryFilter, type SweepScope } from './scope.ts';
import { remoteLimits } from '../remote-limits.ts';

export interface PlanRequest {
  readonly registry: ImageRegistry;
  readonly listing: RegistryListing;
  readonly ledger: Ledger;
  readonly scope: SweepScope;
  /** Why nothing more is asked; undefined to go on. */
  readonly stopped: () => Problem | undefined;
  /** Images that were looked at so far. */
  readonly onImages?: ((count: number) => void) | undefined;
}

type ImageWithLayers = PlannedImage & { readonly named: readonly NamedLayer[] };

/** Lists the registry and asks for the manifests that are not remembered. Throws ScanError when it cannot be listed at all. */
export async function planSweep(request: PlanRequest): Promise<SweepPlan> {
  return new Planner(request).plan();
}

/** By which the ledger knows an image's result: its report names the repository, and nothing else of it may change. */
function imageKey(registry: string, repository: string, digest: string): string {
  return `${registry}/${repository}@${digest}`;
}

class Planner {
  readonly #request: PlanRequest;
  readonly #repositories: string[] = [];
  readonly #images: ImageWithLayers[] = [];
  readonly #gaps: EntryGap[] = [];
  #looked = 0;

  constructor(request: PlanRequest) {
    this.#request = request;
  }

  async plan(): Promise<SweepPlan> {
    const { registry, ledger, scope } = this.#request;
    await inParallel(this.#listed(), remoteLimits.repositoriesAtOnce, (repository) => this.#repository(repository));
    const images = this.#images.sort((a, b) => compareTexts(a.repository, b.repository) || byNewest(a, b));
    const table = new LayerTable();
    for (const { named, repository } of images.toSorted(byNewest))
      for (const layer of named) table.add(layer, repository);
    const { jobs, remembered } = await table.divide(registry.host, ledger);
    const { within, over } = withinBytes(images, jobs, scope.maxBytes);
    return {
      registry: registry.host,
      repositories: this.#repositories.sort(compareTexts),
      images: images.map(({ named: _named, ...image }) => image),
      total: table.total,
      remembered,
      jobs: within,
      leftOut: over,
      gaps: this.#gaps,
    };
  }

  async *#listed(): AsyncGenerator<string, void, undefined> {
    const isInScope = repositoryFilter(this.#request.scope);
    try {
      for await (const { name } of this.#request.listing.repositories()) {
        const stopped = this.#request.stopped();
        if (stopped !== undefined) {
          this.#gaps.push({ ...stopped, path: '' });
          return;
        }
        if (!isInScope(name)) continue;
        this.#repositories.push(name);
        yield name;
      }
    } catch (error) {
      if (!(error instanceof ScanError)) throw error;
      // What was listed before is swept all the same, and what is named needs no list.
      const named = exactNames(this.#request.scope).filter((name) => !this.#repositories.includes(name));
      if (this.#repositories.length === 0 && named.length === 0) throw error;
      if (!isExact(this.#request.scope)) this.#gaps.push({ reason: 'unreadable', detail: error.message, path: '' });
      for (const name of named) {
        this.#repositories.push(name);
        yield name;
      }
    }
    if (this.#repositories.length > 0 || this.#request.scope.repositories.length === 0) return;
    if (this.#gaps.length > 0 || this.#request.listing.gaps.length > 0) return;
    throw new ScanError('not-found', `no repository of ${this.#request.registry.host} has that name (--repository)`);
  }

  async #repository(repository: string): Promise<void> {
    const plan = new RepositoryPlan(repository, this.#request, () => {
      this.#looked += 1;
      this.#request.onImages?.(this.#looked);
    });
    try {
      this.#images.push(...(await plan.images()));
    } finally {
      this.#gaps.push(...plan.gaps);
    }
  }
}

/** The images of one repository: those that are listed, and those that are found to be about them. */
class RepositoryPlan {
  readonly gaps: EntryGap[] = [];
  readonly #repository: string;
  readonly #request: PlanRequest;
  readonly #onImage: () => void;
  readonly #planned = new Map<string, ImageWithLayers>();

  constructor(repository: string, request: PlanRequest, onImage: () => void) {
    this.#repository = repository;
    this.#request = request;
    this.#onImage = onImage;
  }

  async images(): Promise<readonly ImageWithLayers[]> {
    let found: readonly ListedImage[] = await this.#listed();
    for (let depth = 0; found.length > 0 && depth <= limits.indexDepth; depth++) {
      const planned: ImageWithLayers[] = [];
      await inParallel(found, this.#request.registry.manifestsAtOnce ?? remoteLimits.manifestsAtOnce, async (image) => {
        const one = await this.#plannedImage(image);
        this.#planned.set(image.digest, one);
        planned.push(one);
        this.#onImage();
      });
      found = this.#request.listing.isComplete === true ? [] : await this.#about(planned);
    }
    // What an index lists is reported with it, unless it was given a name of its own.
    const images = [...this.#planned.values()];
    const parts = new Set(images.flatMap(({ digest, manifests }) => manifests.filter((part) => part !== digest)));
    return images.filter(({ tags, digest }) => tags.length > 0 || !parts.has(digest));
  }

  async #listed(): Promise<readonly ListedImage[]> {
    const { listing, scope, stopped } = this.#request;
    const { since = -Infinity } = scope;
    const listed = new Map<string, ListedImage>();
    try {
      for await (const image of listing.images(this.#repository)) {
        const problem = stopped();
        if (problem !== undefined) {
          this.#gap(problem);
          break;
        }
        if (image.pushedAt === undefined || image.pushedAt.getTime() >= since) listed.set(image.digest, image);
      }
    } catch (error) {
      if (!(error instanceof ScanError)) throw error;
      this.#gap({ reason: 'unreadable', detail: error.message });
    }
    return [...listed.values()];
  }

  async #plannedImage({ digest, tags, pushedAt, state }: ListedImage): Promise<ImageWithLayers> {
    const { registry, ledger, stopped } = this.#request;
    const repository = this.#repository;
    const key = imageKey(registry.host, repository, digest);
    const like = { repository, digest, tags: [...tags].sort(compareTexts), pushedAt, key, remembered: false };
    const unread = (problem: Problem): ImageWithLayers => {
      return { ...like, manifests: [digest], layers: [], named: [], problem };
    };
    // Its layers may be known from others, but nothing of it can be proven.
    if (state !== 'active') return unread({ reason: 'archived', detail: `its state is ${state}` });
    const remembered = await ledger.recallImage(key);
    if (remembered !== undefined) {
      const named = layersOf(remembered);
      const layers = named.map((layer) => layer.digest);
      const manifests = [...new Set([digest, ...(remembered.parts ?? [])])];
      return { ...like, remembered: true, manifests, layers, named, problem: undefined };
    }
    const problem = stopped();
    if (problem !== undefined) return unread(problem);
    try {
      const { manifests, layers: named } = await imageParts(registry, repository, digest);
      return { ...like, manifests, layers: named.map((layer) => layer.digest), named, problem: undefined };
    } catch (error) {
      if (!(error instanceof ScanError)) throw error;
      return unread({ reason: 'unreadable', detail: error.message });
    }
  }

  /** Signatures and the like that no listing shows. */
  async #about(images: readonly ImageWithLayers[]): Promise<readonly ListedImage[]> {
    const found = new Map<string, ListedImage>();
    const subjects = new Set(
      images.filter(({ problem }) => problem === undefined).flatMap(({ manifests }) => manifests),
    );
    await inParallel(subjects, remoteLimits.manifestsAtOnce, async (subject) => {
      if (this.#request.stopped() !== undefined) return;
      try {
        for (const { digest } of await this.#request.registry.referrers(this.#repository, subject)) {
          const image: ListedImage = { repository: this.#repository, digest, tags: [], state: 'active' };
          if (!this.#planned.has(digest)) found.set(digest, image);
        }
      } catch (error) {
        if (!(error instanceof ScanError)) throw error;
        this.#gap({ reason: 'unreadable', detail: `what is about ${subject} is not known: ${error.message}` });
      }
    });
    return [...found.values()];
  }

  #gap(problem: Problem): void {
    this.gaps.push({ ...problem, path: this.#repository });
  }
}

function layersOf({ targets }: RememberedImage): readonly NamedLayer[] {
  const layers = new Map<string, NamedLayer>();
  for (const { digest, bytes } of targets.flatMap((target) => target.layers)) {
    if (digest !== '') layers.set(digest, { digest, size: bytes, mediaType: '' });
  }
  return [...layers.values()];
}

/** As many images as there is room for, the newest first: a layer that is left out leaves an image incomplete. */
function withinBytes(
  images: readonly PlannedImage[],
  jobs: readonly LayerJob[],
  maxBytes: number | undefined,
): { readonly within: readonly LayerJob[]; readonly over: readonly LayerJob[] } {
  if (maxBytes === undefined) return { within: jobs, over: [] };
  const sizes = new Map(jobs.map(({ digest, size }) => [digest, size ?? 0]));
  const taken = new Set<string>();
  let bytes = 0;
  for (const { layers } of images.toSorted(byNewest)) {
    const needed = layers.filter((digest) => sizes.has(digest) && !taken.has(digest));
    const more = needed.reduce((sum, digest) => sum + (sizes.get(digest) ?? 0), 0);
    if (bytes + more > maxBytes) continue;
    bytes += more;
    for (const digest of needed) taken.add(digest);
  }
  return {
    within: jobs.filter(({ digest }) => taken.has(digest)),
    over: jobs.filter(({ digest }) => !taken.has(digest)),
  };
}
