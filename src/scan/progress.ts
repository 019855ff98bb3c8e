import type { Pool } from './pool.ts';

/** How far the scan of one source is. */
export interface Progress {
  readonly layersDone: number;
  /** Undefined until the source says. */
  readonly layersTotal: number | undefined;
  /** What is counted where it is no layer: `revision`. */
  readonly unit?: string;
  /** Stored bytes read. */
  readonly bytesDone: number;
  readonly bytesTotal: number | undefined;
}

/** A layer whose findings are there. */
export interface LayerRead {
  /** Of its stored bytes: `sha256:<hex>`. */
  readonly digest: string;
  /** Stored. */
  readonly bytes: number;
  /** Its result is one of the ledger. */
  readonly remembered: boolean;
}

/** Who is told. */
export interface ProgressListeners {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onLayer?: ((layer: LayerRead) => void) | undefined;
}

const INTERVAL_MS = 100;

/** Tells how far one source is, ten times a second. */
export class ProgressCounter {
  readonly #pool: Pick<Pool, 'bytesRead'>;
  readonly #bytesTotal: number | undefined;
  readonly #listeners: ProgressListeners;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #bytesBefore: number;
  #layersDone = 0;
  #layersTotal: number | undefined;

  constructor(pool: Pick<Pool, 'bytesRead'>, bytesTotal: number | undefined, listeners: ProgressListeners) {
    this.#pool = pool;
    this.#bytesTotal = bytesTotal;
    this.#listeners = listeners;
    this.#bytesBefore = pool.bytesRead;
    if (listeners.onProgress !== undefined) {
      this.#timer = setInterval(() => {
        this.#tell();
      }, INTERVAL_MS);
    }
  }

  expect(layers: number): void {
    this.#layersTotal = layers;
  }

  /** `layer`: absent where it is another blob. */
  layerDone(layer?: LayerRead): void {
    this.#layersDone += 1;
    if (layer !== undefined) this.#listeners.onLayer?.(layer);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#tell();
  }

  #tell(): void {
    this.#listeners.onProgress?.({
      layersDone: this.#layersDone,
      layersTotal: this.#layersTotal,
      bytesDone: this.#pool.bytesRead - this.#bytesBefore,
      bytesTotal: this.#bytesTotal,
    });
  }
}
