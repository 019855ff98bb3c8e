import type { GapReason } from '../finding.ts';
import { type AdjustableLimits, adjustableLimits } from '../adjustable-limits.ts';
import { limits } from '../limits.ts';
import type { Chunks } from '../unpack/chunks.ts';

/** Thrown inside a nested archive when a bound is hit; caught where the outermost archive was opened. */
export class BudgetExceeded extends Error {
  readonly reason: GapReason;

  constructor(reason: GapReason, detail: string) {
    super(detail);
    this.name = 'BudgetExceeded';
    this.reason = reason;
  }
}

/**
 * What one nested archive may use, all depths inside it together: entries, unpacked bytes, bytes out for each byte in,
 * and time. One alone is not enough: a quine has no depth, a bomb of zeros few entries, a slow one few bytes.
 */
export class Budget {
  #entries = 0;
  #unpacked = 0;
  #stored = 0;
  #held = 0;
  readonly #limits: AdjustableLimits;
  readonly #ends: number;

  constructor(adjusted: AdjustableLimits = adjustableLimits, now: number = performance.now()) {
    this.#limits = adjusted;
    this.#ends = now + adjusted.nestedMs;
  }

  /** Bytes of the outermost archive as they are stored in the layer. */
  stored(bytes: number): void {
    this.#stored += bytes;
  }

  /** Call once for each buffer that comes out of a container, before it is used. */
  unpacked(bytes: number): void {
    this.#unpacked += bytes;
    if (this.#unpacked > this.#limits.nestedBytes) {
      throw new BudgetExceeded('byte-limit', `more than ${this.#limits.nestedBytes} bytes came out`);
    }
    if (this.#unpacked > limits.nestedRatioFloor && this.#unpacked > this.#stored * this.#limits.nestedRatio) {
      throw new BudgetExceeded('ratio-limit', `more than ${this.#limits.nestedRatio} bytes out for each byte in`);
    }
    this.#checkTime();
  }

  entry(): void {
    this.#entries += 1;
    if (this.#entries > this.#limits.nestedEntries) {
      throw new BudgetExceeded('entry-limit', `more than ${this.#limits.nestedEntries} entries`);
    }
    // A million empty entries take their time without a byte.
    this.#checkTime();
  }

  /** Bytes that one more container may have to be held in memory: those around it are held meanwhile. */
  get room(): number {
    return this.#limits.heldBytes - this.#held;
  }

  /** Call again with what was held, negative, when it is no longer. */
  hold(bytes: number): void {
    this.#held += bytes;
  }

  #checkTime(): void {
    if (performance.now() > this.#ends) {
      throw new BudgetExceeded('time-limit', `more than ${this.#limits.nestedMs} ms`);
    }
  }
}

/** The stored bytes of the outermost container. */
export async function* metered(chunks: Chunks, budget: Budget): Chunks {
  for await (const chunk of chunks) {
    budget.stored(chunk.length);
    yield chunk;
  }
}

/** What comes out of any container; throws BudgetExceeded between two buffers. */
export async function* unpackedOf(chunks: Chunks, budget: Budget): Chunks {
  for await (const chunk of chunks) {
    budget.unpacked(chunk.length);
    yield chunk;
  }
}
