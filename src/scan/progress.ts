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

const INTERVAL_MS = 100;

/** Tells how far one source is, ten times a second. */
export class ProgressCounter {
  readonly #pool: Pick<Pool, 'bytesRead'>;
  readonly #bytesTotal: number | undefined;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #bytesBefore: number;
  #layersDone = 0;
  #layersTotal: number | undefined;

  constructor(
    pool: Pick<Pool, 'bytesRead'>,
    bytesTotal: number | undefined,
    onProgress: ((progress: Progress) => void) | undefined,
  ) {
    this.#pool = pool;
    this.#bytesTotal = bytesTotal;
    this.#onProgress = onProgress;
    this.#bytesBefore = pool.bytesRead;
    if (onProgress !== undefined) {
      this.#timer = setInterval(() => {
        this.#tell();
      }, INTERVAL_MS);
    }
  }

  expect(layers: number): void {
    this.#layersTotal = layers;
  }

  layerDone(): void {
    this.#layersDone += 1;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#tell();
  }

  #tell(): void {
    this.#onProgress?.({
      layersDone: this.#layersDone,
      layersTotal: this.#layersTotal,
      bytesDone: this.#pool.bytesRead - this.#bytesBefore,
      bytesTotal: this.#bytesTotal,
    });
  }
}
