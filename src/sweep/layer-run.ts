import type { ImageRegistry } from '../registry/image-registry.ts';
import { lost } from '../scan/lost.ts';
import type { Pool } from '../scan/pool.ts';
import type { Progress } from '../scan/progress.ts';
import type { Requests } from '../scan/requests.ts';
import type { Problem } from '../unpack/chunks.ts';
import { readLayer, type LayerJob } from './layer-job.ts';
import type { SweepLedger } from './sweep-ledger.ts';

export interface LayerRunOptions {
  readonly registry: ImageRegistry;
  readonly ledger: SweepLedger;
  readonly pool: () => Promise<Pool>;
  readonly signal: AbortSignal | undefined;
  /** Of stored bytes. */
  readonly maxBytes: number | undefined;
  readonly stopped: () => Problem | undefined;
}

/** The layers of one sweep: each read into the ledger, or left out with the reason why. */
export class LayerRun {
  readonly #options: LayerRunOptions;
  #requests: Promise<Requests> | undefined;
  #layersTotal: number | undefined;
  #bytesTotal = 0;
  #layersDone = 0;
  /** Of layers in flight, too, and of those that were read twice. */
  #bytesDone = 0;
  readLayers = 0;
  /** Stored bytes of the layers that were read to their end. */
  readBytes = 0;

  constructor(options: LayerRunOptions) {
    this.#options = options;
  }

  /** Undefined before the plan is made. */
  get progress(): Progress | undefined {
    if (this.#layersTotal === undefined) return undefined;
    return {
      layersDone: this.#layersDone,
      layersTotal: this.#layersTotal,
      bytesDone: this.#bytesDone,
      bytesTotal: this.#bytesTotal,
    };
  }

  expect(jobs: readonly LayerJob[]): void {
    this.#layersTotal = jobs.length;
    this.#bytesTotal = jobs.reduce((sum, { size }) => sum + (size ?? 0), 0);
  }

  /** Never rejects. */
  async read(job: LayerJob): Promise<void> {
    const { ledger, signal } = this.#options;
    const problem = await this.#problemOf(job).catch((error: unknown) => lost(error, signal));
    if (problem !== undefined) ledger.leaveOut(job.digest, problem);
    this.#layersDone += 1;
  }

  async #problemOf(job: LayerJob): Promise<Problem | undefined> {
    const { registry, ledger } = this.#options;
    const early = this.#stopped();
    if (early !== undefined) return early;
    const result = await readLayer(job, registry, {
      requests: await (this.#requests ??= this.#begin()),
      stopped: () => this.#stopped(),
      onBytes: (bytes) => {
        this.#bytesDone += bytes;
      },
    });
    if ('problem' in result) return result.problem;
    await ledger.remember(result.scanned, true);
    this.readLayers += 1;
    this.readBytes += result.scanned.size;
    return undefined;
  }

  /** Not before there is a layer to read: most sweeps of a registry that is swept daily read few. */
  async #begin(): Promise<Requests> {
    const { pool, signal } = this.#options;
    const { Requests } = await import('../scan/requests.ts');
    return new Requests(await pool(), signal);
  }

  #stopped(): Problem | undefined {
    const { maxBytes = Infinity, stopped } = this.#options;
    // Sizes in manifests may be wrong, and those of schema 1 are not told.
    if (this.#bytesDone > maxBytes) return { reason: 'left-out', detail: 'over the bytes of the sweep' };
    return stopped();
  }
}
