import { faultKind, faultPlaces, ScanError } from '../errors.ts';
import type { Problem } from '../unpack/chunks.ts';

/** What a job that did not end leaves: a gap. An error's message may quote what was read, so only its place is told; but
 * that of a medium that does not give the bytes never does. */
export function lost(error: unknown, signal: AbortSignal | undefined): Problem {
  if (signal?.aborted === true) return { reason: 'interrupted' };
  if (error instanceof ScanError && error.code !== 'internal') return { reason: 'unreadable', detail: error.message };
  return { reason: 'internal', detail: [faultKind(error), ...faultPlaces(error).slice(0, 1)].join(' at ') };
}
