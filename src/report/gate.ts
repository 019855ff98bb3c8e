import { SEVERITIES, type FailOn, type Finding, type Gap, type Severity } from '../finding.ts';

/** What the process says to a shell or a pipeline. Nothing else is ever returned. */
export const exitCodes = {
  /** Everything was read, and no finding is at or above the threshold. */
  clean: 0,
  /** At least one finding that is not accepted is at or above the threshold. Gaps do not change that. */
  findings: 1,
  /** The command line, the configuration, a reference that cannot be opened, or a fault of phiscan itself. */
  error: 2,
  /** Something could not be read, or the scan was stopped. */
  incomplete: 3,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface GateOptions {
  readonly failOn: FailOn;
  /** Accepts what an input cannot give. It does not accept a scan that was stopped, nor a reference that was not opened. */
  readonly allowIncomplete: boolean;
  /** References that could not be opened at all. */
  readonly unopened: number;
}

/** What of a report the exit code depends on. */
export interface Gated {
  readonly findings: readonly Pick<Finding, 'severity' | 'accepted'>[];
  readonly coverage: { readonly complete: boolean; readonly gaps: readonly Pick<Gap, 'reason'>[] };
}

/** A leak that was found is said first; then what nobody looked at; so that no code hides a worse one. */
export function exitCode(report: Gated, options: GateOptions): ExitCode {
  const counts = report.findings.filter(({ accepted }) => accepted === undefined);
  if (counts.some(({ severity }) => reaches(severity, options.failOn))) return exitCodes.findings;
  if (options.unopened > 0) return exitCodes.error;
  const { complete, gaps } = report.coverage;
  if (gaps.some((gap) => gap.reason === 'interrupted')) return exitCodes.incomplete;
  if ((!complete || gaps.length > 0) && !options.allowIncomplete) return exitCodes.incomplete;
  return exitCodes.clean;
}

/** True when `severity` is as bad as `threshold`, or worse. */
export function reaches(severity: Severity, threshold: FailOn): boolean {
  return threshold !== 'none' && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}
