/** What a sweep tells of each image, and of the texts of each repository, when it is ready. */

import type { Report, SweptOutcome, SweptPlace, SweptRow, Severity } from '../finding.ts';
import { SEVERITIES } from '../finding.ts';

export interface SweptPart {
  readonly place: SweptPlace;
  readonly report: Report;
  /** Of an earlier run. */
  readonly remembered: boolean;
}

/** `threshold`: findings below it do not make an outcome. */
export function rowOf({ place, report, remembered }: SweptPart, threshold: Severity): SweptRow {
  const { findings, coverage, summary } = report;
  const { critical, high, medium, low, info } = summary;
  const most = SEVERITIES.indexOf(threshold);
  const isFound = findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= most);
  const outcome: SweptOutcome = isFound ? 'findings' : coverage.complete ? 'clean' : 'incomplete';
  return {
    ...place,
    outcome,
    complete: coverage.complete,
    findings: { critical, high, medium, low, info },
    gaps: coverage.gaps.length,
    remembered,
  };
}

/** By account, Region, registry and repository; the texts before the images, and of those the newest first. */
export function byPlace(a: SweptPlace, b: SweptPlace): number {
  return (
    compare(a.account, b.account) ||
    compare(a.region, b.region) ||
    compare(a.registry, b.registry) ||
    compare(a.repository, b.repository) ||
    Number(a.digest !== '') - Number(b.digest !== '') ||
    compare(b.pushedAt ?? '', a.pushedAt ?? '') ||
    compare(a.digest, b.digest)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
