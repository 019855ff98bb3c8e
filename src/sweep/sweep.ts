/** A whole registry: planned, each layer read once, and each image put together by the ordinary pipeline. */

import { inParallel } from '../parallel.ts';
import type { Engine } from '../engine/engine.ts';
import type { SweepTotals, SweptPart, SweptPlace } from '../finding.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ImageRegistry } from '../registry/image-registry.ts';
import type { RegistryListing } from '../registry/registry-listing.ts';
import type { Attributed } from '../scan/attribute.ts';
import type { Pool } from '../scan/pool.ts';
import type { Progress } from '../scan/progress.ts';
import { makeReport } from '../scan/report.ts';
import type { Problem } from '../unpack/chunks.ts';
import { jobOrder } from './job-order.ts';
import { KeptRegistry } from './kept-registry.ts';
import { LayerRun } from './layer-run.ts';
import type { PlannedImage, SweepPlan } from './plan.ts';
import { planSweep } from './planner.ts';
import { ReadyImages } from './ready-images.ts';
import type { SweepScope } from './scope.ts';
import { SweepLedger } from './sweep-ledger.ts';
import { registryTexts } from './texts.ts';
import { unreadImage } from './unread-image.ts';
import { remoteLimits } from '../remote-limits.ts';

/** One registry: of ECR, one Region of one account. */
export interface SweptRegistry {
  readonly registry: ImageRegistry;
  readonly listing: RegistryListing;
  /** Of AWS; empty for others. */
  readonly account: string;
  readonly region: string;
}

export interface SweepOptions {
  readonly scope: SweepScope;
  /** Worker threads, and layers that are read at once. */
  readonly jobs: number;
  readonly engine: Engine;
  /** Where layers and images are remembered; of this run alone, where nothing shall be. */
  readonly ledger: Ledger;
  readonly minConfidence: number;
  /** Ends the sweep early: what was not read is `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called when an image is ready, in no order; the sweep waits for it. */
  readonly onPart: (part: SweptPart) => Promise<void>;
  /** Called when the first layer or image is to be scanned; the caller closes it. */
  readonly pool: () => Promise<Pool>;
}

/** Throws ScanError when the registry cannot be listed at all. */
export async function sweepRegistry(swept: SweptRegistry, options: SweepOptions): Promise<SweepTotals> {
  return new Sweep(swept, options).run();
}

class Sweep {
  readonly #swept: SweptRegistry;
  readonly #options: SweepOptions;
  readonly #registry: KeptRegistry;
  readonly #ledger: SweepLedger;
  readonly #layers: LayerRun;
  #progress: Progress = { layersDone: 0, layersTotal: undefined, bytesDone: 0, bytesTotal: undefined };
  #hasFailed = false;

  constructor(swept: SweptRegistry, options: SweepOptions) {
    this.#swept = swept;
    this.#options = options;
    this.#registry = new KeptRegistry(swept.registry);
    this.#ledger = new SweepLedger(options.ledger);
    this.#layers = new LayerRun({
      registry: this.#registry,
      ledger: this.#ledger,
      pool: options.pool,
      signal: options.signal,
      maxBytes: options.scope.maxBytes,
      stopped: () => this.#stopped(),
    });
  }

  async run(): Promise<SweepTotals> {
    const telling = this.#tellProgress();
    try {
      const plan = await this.#plan();
      await this.#images(plan);
      await this.#texts(plan);
      return this.#totals(plan);
    } finally {
      this.#hasFailed = true;
      telling.stop();
    }
  }

  async #plan(): Promise<SweepPlan> {
    const onImages = (count: number): void => {
      this.#progress = { ...this.#progress, layersDone: count, unit: 'image' };
    };
    const stopped = (): Problem | undefined => this.#stopped();
    const { scope } = this.#options;
    const { listing } = this.#swept;
    const plan = await planSweep({ registry: this.#registry, listing, ledger: this.#ledger, scope, stopped, onImages });
    for (const { digest } of plan.leftOut) {
      this.#ledger.leaveOut(digest, { reason: 'left-out', detail: 'over the bytes of the sweep' });
    }
    return plan;
  }

  async #images(plan: SweepPlan): Promise<void> {
    const { jobs } = this.#options;
    const ready = new ReadyImages(plan);
    this.#layers.expect(plan.jobs);
    const joining = inParallel(ready, remoteLimits.joinsAtOnce, (image) => this.#image(image));
    // It fails only with the run; but before it is awaited.
    joining.catch(() => {
      this.#hasFailed = true;
    });
    try {
      await inParallel(jobOrder(plan.jobs, jobs), jobs, async (job) => {
        await this.#layers.read(job);
        ready.settle(job.digest);
      });
    } finally {
      ready.end();
    }
    await joining;
  }

  async #image(image: PlannedImage): Promise<void> {
    const { engine } = this.#options;
    const remembered = image.remembered ? await this.#ledger.recallImage(image.key) : undefined;
    const part = remembered ?? (await this.#joined(image));
    this.#registry.forget(image.repository, image.manifests);
    await this.#tell(placeOf(this.#swept, engine, image), [part], remembered !== undefined);
  }

  async #joined(image: PlannedImage): Promise<Attributed> {
    const { engine, signal, pool } = this.#options;
    const problem = image.problem ?? this.#tooLate(image);
    if (problem !== undefined) return unreadImage(image, problem, engine);
    const ledger = this.#ledger;
    const { joinImage } = await import('./join.ts');
    return joinImage(image, { registry: this.#registry, ledger, engine, signal, pool: await pool() });
  }

  /** After the deadline, images are still put together of what was read, for a while. */
  #tooLate({ layers }: PlannedImage): Problem | undefined {
    const stopped = this.#stopped();
    if (stopped === undefined || stopped.reason === 'interrupted') return stopped;
    const { deadline = Infinity } = this.#options.scope;
    const isUnread = layers.length > 0 && layers.every((digest) => this.#ledger.isUnread(digest));
    return isUnread || Date.now() > deadline + remoteLimits.joinGraceMs ? stopped : undefined;
  }

  async #texts({ repositories, images, gaps }: SweepPlan): Promise<void> {
    const { engine } = this.#options;
    const { listing } = this.#swept;
    const tagsOf = new Map<string, string[]>();
    for (const { repository, tags } of images) tagsOf.set(repository, [...(tagsOf.get(repository) ?? []), ...tags]);
    const stopped = (): Problem | undefined => this.#stopped();
    const texts = { listing, engine, stopped, host: this.#registry.host };
    await inParallel(repositories, remoteLimits.repositoriesAtOnce, async (repository) => {
      const part = await registryTexts({ ...texts, repository, tags: tagsOf.get(repository) ?? [], gaps: () => [] });
      await this.#tell(placeOf(this.#swept, engine, { repository }), [part], false);
    });
    // Last, since each of these calls may have added a gap.
    const own = await registryTexts({
      ...texts,
      repository: undefined,
      tags: [],
      gaps: () => [...gaps, ...listing.gaps],
    });
    await this.#tell(placeOf(this.#swept, engine, { repository: '' }), [own], false);
  }

  async #tell(place: SweptPlace, parts: readonly Attributed[], remembered: boolean): Promise<void> {
    const { engine, minConfidence, onPart } = this.#options;
    const report = makeReport(parts, { ruleset: engine.ruleset, minConfidence, durationMs: 0 });
    await onPart({ place, report, remembered });
  }

  #stopped(): Problem | undefined {
    const { signal, scope } = this.#options;
    if (signal?.aborted === true || this.#hasFailed) return { reason: 'interrupted' };
    if (scope.deadline !== undefined && Date.now() > scope.deadline) {
      return { reason: 'left-out', detail: 'after the deadline of the sweep' };
    }
    return undefined;
  }

  #totals({ repositories, images, total, remembered }: SweepPlan): SweepTotals {
    return {
      repositories: repositories.length,
      images: images.length,
      rememberedImages: images.filter((image) => image.remembered).length,
      layers: total.layers,
      rememberedLayers: remembered.layers,
      readLayers: this.#layers.readLayers,
      readBytes: this.#layers.readBytes,
    };
  }

  #tellProgress(): { readonly stop: () => void } {
    const { onProgress } = this.#options;
    if (onProgress === undefined) return { stop: () => undefined };
    const tell = (): void => {
      onProgress(this.#layers.progress ?? this.#progress);
    };
    const timer = setInterval(tell, PROGRESS_MS);
    return {
      stop: () => {
        clearInterval(timer);
        tell();
      },
    };
  }
}

const PROGRESS_MS = 100;

/** Names of repositories and tags are texts that people choose. */
function placeOf(
  { registry, account, region }: SweptRegistry,
  engine: Engine,
  { repository, digest = '', tags = [], pushedAt }: Partial<PlannedImage> & Pick<PlannedImage, 'repository'>,
): SweptPlace {
  return {
    registry: registry.host,
    account,
    region,
    repository: engine.maskText(repository),
    digest,
    tags: tags.map((tag) => engine.maskText(tag)),
    ...(pushedAt === undefined ? {} : { pushedAt: pushedAt.toISOString() }),
  };
}
