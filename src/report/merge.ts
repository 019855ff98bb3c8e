import type { Finding, Gap, Report } from '../finding.ts';
import { sumOf } from '../finding-counts.ts';

/** The report of one of several references. */
export interface ReportPart {
  /** As it was given, values masked. */
  readonly reference: string;
  readonly report: Report;
}

/** One report of several scans of one run. Images of two references that have the same name are told apart by these. */
export function mergedReports(parts: readonly ReportPart[], tool: Report['tool'], durationMs: number): Report {
  const all = withDistinctTargets(parts);
  const gaps = all.flatMap((report) => report.coverage.gaps);
  return {
    schemaVersion: 1,
    tool,
    targets: all.flatMap((report) => report.targets),
    findings: all.flatMap((report) => report.findings),
    ...(all.some(({ remedies }) => remedies !== undefined) && {
      remedies: Object.assign({}, ...all.map(({ remedies }) => remedies)) as Record<string, string>,
    }),
    coverage: {
      complete: all.every((report) => report.coverage.complete),
      bytes: sum(all, (report) => report.coverage.bytes),
      entries: sum(all, (report) => report.coverage.entries),
      gaps,
      ...(all.some(({ coverage }) => coverage.excluded !== undefined) && {
        excluded: all.flatMap(({ coverage }) => coverage.excluded ?? []),
      }),
    },
    summary: {
      ...sumOf(all.map(({ summary }) => summary)),
      gaps: gaps.length,
      durationMs,
    },
  };
}

function sum(reports: readonly Report[], part: (report: Report) => number): number {
  let total = 0;
  for (const report of reports) total += part(report);
  return total;
}

function withDistinctTargets(parts: readonly ReportPart[]): readonly Report[] {
  const owners = new Map<string, number>();
  for (const { report } of parts) {
    for (const name of new Set(report.targets.map(({ reference }) => reference))) {
      owners.set(name, (owners.get(name) ?? 0) + 1);
    }
  }
  return parts.map(({ reference, report }) => {
    const renamed = (target: string): string =>
      (owners.get(target) ?? 0) > 1 && target !== reference ? `${target} (${reference})` : target;
    const relocated = <Located extends Finding | Gap>(located: Located): Located => ({
      ...located,
      location: { ...located.location, target: renamed(located.location.target) },
    });
    return {
      ...report,
      targets: report.targets.map((target) => ({ ...target, reference: renamed(target.reference) })),
      findings: report.findings.map(relocated),
      coverage: { ...report.coverage, gaps: report.coverage.gaps.map(relocated) },
    };
  });
}
