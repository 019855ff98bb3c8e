/** `warning`: something is not as it should be, and a sweep runs all the same. `not-checked`: nothing is known of it. */
export type CheckState = 'ok' | 'warning' | 'failed' | 'not-checked';

/** One thing that was looked at before a sweep. It holds names of the account, and nothing of what is in it. */
export interface Check {
  /** kebab-case: `permission`, `pull-time-exclusion`. */
  readonly id: string;
  readonly state: CheckState;
  /** Where: `123456789012 us-east-1`; empty for this machine. */
  readonly place: string;
  /** What was looked at: `ecr:BatchGetImage`, `the ledger's folder`. */
  readonly subject: string;
  /** One clause: what was seen. */
  readonly detail: string;
  /** The IAM action that it needs. */
  readonly action?: string;
  /** What to do about it, where it is not ok. */
  readonly todo?: string;
}
