import type { PlannedImage, SweepPlan } from './plan.ts';

/** Images in the order in which their last layer was read; those without one to wait for first. Iterated once. */
export class ReadyImages implements AsyncIterable<PlannedImage> {
  readonly #waiting = new Map<PlannedImage, number>();
  readonly #imagesOf = new Map<string, PlannedImage[]>();
  #ready: PlannedImage[] = [];
  #wake: (() => void) | undefined;
  #hasEnded = false;

  constructor({ images, jobs }: Pick<SweepPlan, 'images' | 'jobs'>) {
    const awaited = new Set(jobs.map(({ digest }) => digest));
    for (const image of images) {
      const layers = image.layers.filter((digest) => awaited.has(digest));
      if (layers.length === 0 || image.remembered || image.problem !== undefined) {
        this.#ready.push(image);
        continue;
      }
      this.#waiting.set(image, layers.length);
      for (const digest of layers) {
        const images = this.#imagesOf.get(digest);
        if (images === undefined) this.#imagesOf.set(digest, [image]);
        else images.push(image);
      }
    }
  }

  /** A layer was read, or will not be. */
  settle(digest: string): void {
    for (const image of this.#imagesOf.get(digest) ?? []) {
      const left = (this.#waiting.get(image) ?? 0) - 1;
      this.#waiting.set(image, left);
      if (left > 0) continue;
      this.#waiting.delete(image);
      this.#ready.push(image);
    }
    this.#imagesOf.delete(digest);
    this.#wake?.();
  }

  /** No further layer will be settled: what still waits is ready as it is. */
  end(): void {
    this.#ready.push(...this.#waiting.keys());
    this.#waiting.clear();
    this.#hasEnded = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PlannedImage, void, undefined> {
    for (;;) {
      const ready = this.#ready;
      this.#ready = [];
      yield* ready;
      if (this.#ready.length > 0) continue;
      if (this.#hasEnded) return;
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
      this.#wake = undefined;
    }
  }
}
