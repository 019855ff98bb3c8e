import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { type AdjustableLimits, adjustableLimits } from '../adjustable-limits.ts';
import { limits } from '../limits.ts';
import { VERSION } from '../version.ts';

/** All that a result depends on beside the bytes: what differs in any of it is not recalled. */
export interface LedgerScope {
  /** 16 bytes. */
  readonly hash: Buffer;
  /** For `phiscan ledger stats`: `0.1.0, rules 3f2a…`. */
  readonly label: string;
}

/** Counts up when records are written otherwise. */
const RECORD_VERSION = 3;

/**
 * `ruleset`: of the engine, own detectors included. `engine`: of the code that scans, so that a build is never given what another
 * one found. `of`: what the caller adds. `adjusted`: as the run has set them.
 */
export function scopeOf(
  ruleset: string,
  engine: string,
  of: readonly string[] = [],
  adjusted: AdjustableLimits = adjustableLimits,
): LedgerScope {
  // Detectors tell years to come from those that have passed.
  const year = new Date().getUTCFullYear();
  const parts = [RECORD_VERSION, VERSION, ruleset, engine, { ...limits, ...adjusted }, year, endianness(), of];
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  return { hash, label: `${VERSION}, rules ${ruleset}` };
}
