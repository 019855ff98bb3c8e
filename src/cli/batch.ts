import { ScanError } from '../errors.ts';
import type { GapReason, Report } from '../finding.ts';
import { noFindings } from '../finding-counts.ts';
import { mergedReports, type ReportPart } from '../report/merge.ts';
import { VERSION } from '../version.ts';
import { echo, type Mask } from './echo.ts';
import { describeFault } from './fault.ts';

/** One reference, or all paths of `phiscan files`. */
export interface PlannedScan {
  readonly reference: string;
  readonly run: () => Promise<Report>;
}

interface Failure {
  readonly reference: string;
  readonly error: unknown;
}

export interface Batch {
  /** Undefined when nothing could be opened. */
  readonly report: Report | undefined;
  /** References that could not be opened; the report holds a gap for each. */
  readonly failures: readonly Failure[];
}

/** One after the other, so that one reference that cannot be opened does not lose the results of the others. */
export async function scanEach(scans: readonly PlannedScan[], signal: AbortSignal, mask: Mask): Promise<Batch> {
  const begun = performance.now();
  const opened: Report[] = [];
  const parts: ReportPart[] = [];
  const failures: Failure[] = [];
  for (const { reference, run } of scans) {
    // Not before the scan, whose threads take a while to start.
    const shown = (): string => echo(reference, mask);
    const unread = (reason: 'interrupted' | 'unreadable', detail?: string): void => {
      parts.push({ reference: shown(), report: unreadReport(shown(), reason, detail) });
    };
    if (signal.aborted) {
      unread('interrupted');
      continue;
    }
    try {
      const report = await run();
      opened.push(report);
      parts.push({ reference: shown(), report });
    } catch (error) {
      if (aborted(signal)) {
        unread('interrupted');
      } else {
        failures.push({ reference, error });
        unread('unreadable', describeFault(error, mask));
      }
    }
  }
  const [like = parts[0]?.report] = opened;
  if (like === undefined || (opened.length === 0 && !signal.aborted)) return { report: undefined, failures };
  if (parts.length === 1) return { report: like, failures };
  return { report: mergedReports(parts, like.tool, Math.round(performance.now() - begun)), failures };
}

/** A function, since the signal changes while a scan is awaited, which the type checker does not see. */
function aborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** A reference of which nothing was read is a target with a gap: it never looks clean. */
function unreadReport(target: string, reason: GapReason, detail: string | undefined): Report {
  const gap = {
    reason,
    ...(detail === undefined ? {} : { detail }),
    location: { kind: 'file', target, path: '' },
  } as const;
  return {
    schemaVersion: 1,
    tool: { name: 'phiscan', version: VERSION, ruleset: '' },
    targets: [{ reference: target, source: 'not opened', digest: '', platform: '', layers: [] }],
    findings: [],
    coverage: { complete: false, bytes: 0, entries: 0, gaps: [gap] },
    summary: { ...noFindings, gaps: 1, durationMs: 0 },
  };
}

/** Given twice is scanned once; standard input can be read once only. */
export function distinct(references: readonly string[]): readonly string[] {
  const kept = [...new Set(references)];
  if (kept.some((reference) => reference.trim() === '')) {
    throw new ScanError('usage', 'an empty reference. Name an image, an archive or a folder');
  }
  return kept;
}
