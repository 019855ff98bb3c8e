/** How fast a service may be asked. */
import { setTimeout as wait } from 'node:timers/promises';
import { remoteLimits } from '../remote-limits.ts';

export interface BudgetSize {
  /** Calls at once, when nothing was asked for a while. */
  readonly burst: number;
  readonly perSecond: number;
}

/** A token bucket, and the turns of those who wait for an answer: first come, first served. */
export class Budget {
  readonly #size: BudgetSize;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Below zero: tokens that are promised to those who wait. */
  #tokens: number;
  #at = performance.now();

  constructor(size: BudgetSize) {
    this.#size = size;
    this.#tokens = size.burst;
  }

  /** Resolves when one more request may leave; rejects when the signal is aborted. */
  async take(signal: AbortSignal | undefined): Promise<void> {
    const now = performance.now();
    const { burst, perSecond } = this.#size;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * perSecond) - 1;
    this.#at = now;
    if (this.#tokens < 0) await wait((-this.#tokens / perSecond) * 1000, undefined, { signal });
  }

  /** Runs a call when it is its turn. */
  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#running >= remoteLimits.awsCallsAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
