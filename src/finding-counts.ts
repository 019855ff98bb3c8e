import { SEVERITIES, type Finding, type FindingCounts, type Severity } from './finding.ts';

export function countsOf(findings: readonly Pick<Finding, 'severity' | 'accepted'>[]): FindingCounts {
  const counts: Record<Severity | 'accepted', number> = { ...noFindings };
  for (const { severity, accepted } of findings) counts[accepted === undefined ? severity : 'accepted'] += 1;
  return counts;
}

export function sumOf(parts: Iterable<FindingCounts>): FindingCounts {
  const counts: Record<Severity | 'accepted', number> = { ...noFindings };
  for (const part of parts) for (const key of [...SEVERITIES, 'accepted'] as const) counts[key] += part[key];
  return counts;
}

export const noFindings: FindingCounts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, accepted: 0 };
