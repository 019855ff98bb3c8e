import type { ObjectRequest } from '../source/source.ts';
import type { Problem } from '../unpack/chunks.ts';
import { type ScannedBlob, withProblems } from './blob.ts';
import type { Pool } from './pool.ts';

/** Blobs that are asked for when a thread is free for them: as many at once as there are threads, in the order they are given. */
export class Requests {
  readonly #pool: Pool;
  readonly #signal: AbortSignal | undefined;
  readonly #waiting: (() => void)[] = [];
  #open = 0;

  constructor(pool: Pool, signal: AbortSignal | undefined) {
    this.#pool = pool;
    this.#signal = signal;
  }

  /** Rejects as `open` does, or when the thread failed or the run was stopped. */
  async scan(name: string, { open }: ObjectRequest): Promise<ScannedBlob> {
    await this.#turn();
    try {
      this.#signal?.throwIfAborted();
      const problems: Problem[] = [];
      const { job } = await this.#pool.blobFromStream(
        name,
        open((problem) => problems.push(problem)),
      );
      return withProblems(await job, problems);
    } finally {
      this.#open -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#open >= this.#pool.jobs) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    this.#open += 1;
  }
}
