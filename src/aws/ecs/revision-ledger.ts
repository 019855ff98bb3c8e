import type { EntryFinding } from '../../finding.ts';

/** What is known of a revision that was read before. Findings as they are reported: masks and masked names, no value. */
export interface RememberedRevision {
  /** Of the response. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly registeredAt: number | undefined;
  readonly found: readonly EntryFinding[];
}

/** Remembers revisions of task definitions, which never change. */
export interface RevisionLedger {
  /** Undefined for one that was not read, or too long ago. */
  readonly recall: (arn: string) => RememberedRevision | undefined;
  readonly remember: (arn: string, revision: RememberedRevision) => void;
  /** Keeps what was remembered, and is used no more. */
  readonly close: () => void;
}
