import { SEVERITIES, type Finding, type Gap, type Location, type Report } from '../finding.ts';

/** The same report for the same image: whatever the workers' order was, findings and gaps stand in this one. */
export function ordered(report: Report): Report {
  const targets = new Map<string, number>();
  for (const { reference } of report.targets) {
    if (!targets.has(reference)) targets.set(reference, targets.size);
  }
  function byTarget(left: Location, right: Location): number {
    return (targets.get(left.target) ?? targets.size) - (targets.get(right.target) ?? targets.size);
  }
  return {
    ...report,
    findings: report.findings.toSorted(
      (left, right) => byTarget(left.location, right.location) || byWorst(left, right),
    ),
    coverage: {
      ...report.coverage,
      gaps: report.coverage.gaps.toSorted(
        (left, right) => byTarget(left.location, right.location) || byGap(left, right),
      ),
    },
  };
}

/** Worst first, then by place. */
function byWorst(left: Finding, right: Finding): number {
  return (
    SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity) ||
    byPlace(left.location, right.location) ||
    byText(left.detector, right.detector) ||
    byText(left.fingerprint, right.fingerprint)
  );
}

function byGap(left: Gap, right: Gap): number {
  return (
    byText(left.reason, right.reason) ||
    byPlace(left.location, right.location) ||
    byText(left.detail ?? '', right.detail ?? '')
  );
}

function byPlace(left: Location, right: Location): number {
  return (
    byText(left.path, right.path) ||
    (left.layer?.index ?? -1) - (right.layer?.index ?? -1) ||
    (left.offset ?? -1) - (right.offset ?? -1) ||
    (left.line ?? -1) - (right.line ?? -1) ||
    byText(left.pointer ?? '', right.pointer ?? '') ||
    byText(left.field ?? '', right.field ?? '')
  );
}

/** By code unit: a locale's order differs between machines. */
function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
