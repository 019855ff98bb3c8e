import { setTimeout as wait } from 'node:timers/promises';
import { remoteLimits } from '../remote-limits.ts';
import { trace } from '../trace.ts';
import { RegistryFailure } from './failure.ts';

/** How long to wait for the next attempt, in milliseconds. */
export interface RetryPace {
  readonly attempts: number;
  readonly backoffMs: number;
}

const PACE: RetryPace = remoteLimits;

/**
 * What `attempt` gives, tried again after failures that may pass, with growing waits, or as long as the server asks for. Throws
 * the last failure; one of kind `stopped` when the signal ends the waiting.
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  signal: AbortSignal,
  pace: RetryPace = PACE,
): Promise<Result> {
  for (let failed = 1; ; failed++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof RegistryFailure) || !error.isTransient || failed >= pace.attempts) throw error;
      await pause(error, failed, signal, pace);
    }
  }
}

/** Waits before the next attempt, after the `failed`th. Throws the failure itself where the server asks for too long a wait. */
export async function pause(
  failure: RegistryFailure,
  failed: number,
  signal: AbortSignal,
  { backoffMs }: RetryPace = PACE,
): Promise<void> {
  const { retryAfterMs } = failure;
  if (retryAfterMs !== undefined && retryAfterMs > remoteLimits.retryAfterMs) throw failure;
  const most = Math.min(backoffMs * 2 ** (failed - 1), remoteLimits.backoffMostMs);
  // Spread, so that requests that failed together do not come back together.
  const spread = most * (0.5 + Math.random() / 2);
  try {
    await wait(Math.max(spread, retryAfterMs ?? 0), undefined, { signal });
    trace('retry', { call: 'a registry', attempt: failed + 1, why: failure.reason });
  } catch {
    throw new RegistryFailure('stopped', 'stopped');
  }
}

/** Retry-After (RFC 9110, 10.2.3) in milliseconds from now: seconds, or a date. Docker Hub gives seconds since 1970. */
export function retryAfterMs(header: string, now: number = Date.now()): number | undefined {
  const text = header.trim();
  if (/^\d{1,12}$/.test(text)) {
    const seconds = Number(text);
    return seconds > 1_000_000_000 ? Math.max(0, seconds * 1000 - now) : seconds * 1000;
  }
  const date = /^[A-Za-z]{3,9}, /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
