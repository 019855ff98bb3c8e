/** The order and the summary of what a sweep tells. */

import type { Severity, SweptOutcome, SweptPart, SweptPlace, SweptRow } from '../finding.ts';
import { SEVERITIES } from '../finding.ts';

/** `threshold`: findings below it do not make an outcome. */
export function rowOf({ place, report, remembered }: SweptPart, threshold: Severity): SweptRow {
  const { findings, coverage, summary } = report;
  const { critical, high, medium, low, info, accepted } = summary;
  const most = SEVERITIES.indexOf(threshold);
  const isFound = findings.some(
    (finding) => finding.accepted === undefined && SEVERITIES.indexOf(finding.severity) <= most,
  );
  const outcome: SweptOutcome = isFound ? 'findings' : coverage.complete ? 'clean' : 'incomplete';
  return {
    ...place,
    outcome,
    complete: coverage.complete,
    findings: { critical, high, medium, low, info },
    accepted,
    gaps: coverage.gaps.length,
    remembered,
  };
}

/** By account, Region, registry and repository; the texts before the images, and of those the newest first. */
export function byPlace(a: SweptPlace, b: SweptPlace): number {
  return (
    compareTexts(a.account, b.account) ||
    compareTexts(a.region, b.region) ||
    compareTexts(a.registry, b.registry) ||
    compareTexts(a.repository, b.repository) ||
    Number(a.digest !== '') - Number(b.digest !== '') ||
    compareTexts(b.pushedAt ?? '', a.pushedAt ?? '') ||
    compareTexts(a.digest, b.digest)
  );
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
