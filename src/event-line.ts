import type { Finding, Gap, Report } from './finding.ts';

/** What an event calls itself; an empty text where it does not say. In what leaves the process, values are masked. */
export interface EventName {
  readonly id: string;
  /** `ECS Task State Change`. */
  readonly type: string;
  /** As the event writes it, ISO 8601. */
  readonly time: string;
  readonly account: string;
  readonly region: string;
  /** ARN of what the event is about. */
  readonly resource: string;
}

/** What is told of an event while others are still to come: one finding, or one gap. */
export type EventLine =
  | { readonly event: EventName; readonly finding: Finding; readonly remedies: Report['remedies'] }
  | { readonly event: EventName; readonly gap: Gap };
