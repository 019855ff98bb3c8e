/** What a run goes by: the effective values, and where each comes from. */
import type { CustomDetector } from '../detect/custom-detector.ts';
import type { FailOn, Severity } from '../finding.ts';
import { type AdjustableLimits, adjustableLimits } from '../adjustable-limits.ts';

/** Findings at such paths are accepted. */
export interface AcceptedPath {
  /** A glob of glob.ts. */
  readonly path: string;
  /** As written: it may hold anything, so it is masked before it is printed. */
  readonly reason: string;
}

/** A report that phiscan.yaml asks for. */
export interface OutputFile {
  /** One of report/format.ts. */
  readonly format: string;
  /** From the working folder; `-`: standard output. */
  readonly file: string;
}

export interface SettingValues {
  /** Own detectors of the hospital. */
  readonly customDetectors: readonly CustomDetector[];
  /** By the id of a detector, or by an identifier; an id goes before its identifier. */
  readonly severities: Readonly<Record<string, Severity>>;
  readonly failOn: FailOn;
  /** 0 to 1. */
  readonly minConfidence: number;
  readonly allowIncomplete: boolean;
  /** Globs of what `phiscan files` does not open. */
  readonly exclude: readonly string[];
  readonly accept: readonly AcceptedPath[];
  readonly limits: AdjustableLimits;
  /** `linux/arm64/v8`; none: all that an image has. */
  readonly platforms: readonly string[];
  /** Of phiscan.yaml; the command line's replace them as a whole. */
  readonly outputs: readonly OutputFile[];
  /** The file of accepted findings, from the working folder; undefined: there is none. */
  readonly baseline: string | undefined;
}

/** Where a value comes from: `default`, `phiscan.yaml:12`, `PHISCAN_FAIL_ON`, `--fail-on`. The name of the file is as given. */
export type Origin = string;

export const DEFAULT_ORIGIN: Origin = 'default';

/** By the key of phiscan.yaml: `fail-on`, `limits.nested-depth`, `severities.mrn`; of lists, `paths.accept.0`. Absent: the default. */
type Origins = ReadonlyMap<string, Origin>;

export interface Settings extends SettingValues {
  /** The configuration that was read, as it was named. */
  readonly file: string | undefined;
  readonly origins: Origins;
}

export const defaultSettings: SettingValues = {
  customDetectors: [],
  severities: {},
  failOn: 'medium',
  minConfidence: 0.5,
  allowIncomplete: false,
  exclude: [],
  accept: [],
  limits: adjustableLimits,
  platforms: [],
  outputs: [],
  baseline: undefined,
};
