import { type Limits, limits } from './limits.ts';

/** Bounds that phiscan.yaml may set. A smaller value gives gaps like any other; each is part of a ledger's scope. */
export type AdjustableLimits = Pick<
  Limits,
  'nestedDepth' | 'nestedEntries' | 'nestedBytes' | 'nestedRatio' | 'nestedMs' | 'heldBytes' | 'pdfBytes'
>;

/** As they are where nobody sets them. */
export const adjustableLimits: AdjustableLimits = {
  nestedDepth: limits.nestedDepth,
  nestedEntries: limits.nestedEntries,
  nestedBytes: limits.nestedBytes,
  nestedRatio: limits.nestedRatio,
  nestedMs: limits.nestedMs,
  heldBytes: limits.heldBytes,
  pdfBytes: limits.pdfBytes,
};
