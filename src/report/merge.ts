import type { Report } from '../finding.ts';

/** One report of several scans of one run; their targets are different references. */
export function mergedReports(all: readonly Report[], tool: Report['tool'], durationMs: number): Report {
  const gaps = all.flatMap((report) => report.coverage.gaps);
  return {
    schemaVersion: 1,
    tool,
    targets: all.flatMap((report) => report.targets),
    findings: all.flatMap((report) => report.findings),
    coverage: {
      complete: all.every((report) => report.coverage.complete),
      bytes: sum(all, (report) => report.coverage.bytes),
      entries: sum(all, (report) => report.coverage.entries),
      gaps,
    },
    summary: {
      critical: sum(all, (report) => report.summary.critical),
      high: sum(all, (report) => report.summary.high),
      medium: sum(all, (report) => report.summary.medium),
      low: sum(all, (report) => report.summary.low),
      info: sum(all, (report) => report.summary.info),
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
