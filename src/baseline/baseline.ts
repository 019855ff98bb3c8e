import type { Outcome, Severity } from '../finding.ts';

/** What somebody has answered for. */
export interface Answer {
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it holds, in UTC: `2027-01-31`. */
  readonly expires: string;
}

/** Findings of one fingerprint, as they were when they were accepted. No text holds a value. */
export interface BaselineEntry extends Answer {
  /** 24 hexadecimal digits, as in the report. */
  readonly fingerprint: string;
  readonly detector: string;
  /** For people: path or kind, pointer, field; the same for every image. */
  readonly place: string;
  /** The worst of them. */
  readonly severity: Severity;
  /** `real` where one of them is. */
  readonly outcome: Outcome;
  /** The most values that one document, or one file of one layer, had. */
  readonly count: number;
}

/** One entry for each fingerprint, by place. */
export type Baseline = readonly BaselineEntry[];

/** Whether the last day has passed. `today`: as `expires`. */
export function isExpired({ expires }: Pick<Answer, 'expires'>, today: string): boolean {
  return expires < today;
}

export function byPlace(a: BaselineEntry, b: BaselineEntry): number {
  return compare(a.place, b.place) || compare(a.detector, b.detector) || compare(a.fingerprint, b.fingerprint);
}

/** By code unit: a locale's order differs between machines. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
