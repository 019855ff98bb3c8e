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

/** Gets text that stands beside the content and comes out of no unpacking: names and comments in the headers of a
 * compressed file, tables in frames that decoders skip. In order, in pieces that are valid during the call only. */
export type OnAside = (bytes: Buffer) => void;

/** Ends each text that `OnAside` gets. */
export const ASIDE_END: Buffer = Buffer.from('\n');
