import type { Gap, GapReason } from '../finding.ts';

/** Gaps of one reason, those of the first gap first. */
export function gapsByReason(gaps: readonly Gap[]): ReadonlyMap<GapReason, readonly [Gap, ...Gap[]]> {
  const reasons = new Map<GapReason, [Gap, ...Gap[]]>();
  for (const gap of gaps) {
    const same = reasons.get(gap.reason);
    if (same === undefined) reasons.set(gap.reason, [gap]);
    else same.push(gap);
  }
  return reasons;
}
