import type { GapReason } from '../finding.ts';

/**
 * Bytes in order. A buffer is valid until the next one is asked for: a stage that keeps bytes copies them. The stage
 * that pulls must either reach the end or call `return()` (a `for await` that is left early does).
 */
export type Chunks = AsyncIterable<Buffer>;

/** What an unpacker met in its input. It goes on where it can and ends where it cannot; bad input never throws. */
export interface Problem {
  readonly reason: GapReason;
  /** Without any content of the input. */
  readonly detail?: string;
  readonly bytes?: number;
}

export type OnProblem = (problem: Problem) => void;
