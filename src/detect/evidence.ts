import type { EvidenceTerm } from '../finding.ts';

/**
 * What each reason is worth, in log-odds. The prior is that of a value that merely has a detector's shape; a position is
 * worth more than a label, a label more than a shape, and a check digit a factor of ten.
 */
const terms = {
  prior: -3,
  position: 6,
  column: 5,
  key: 5,
  inline: 4.5,
  /** A label that fills ordinary software, beside a stronger match. */
  'weak label': 4,
  /** The label is a far key: `ssn` in `{ssn: {value: …}}`. */
  'far label': -0.7,
  /** No label: the shape alone. */
  shape: 3.6,
  'check digit': 2.3,
  /** For each other identifier in the same record, up to two. */
  'same record': 1,
  synthetic: -0.5,
  /** An installed package's own tests, examples or documentation. */
  'package example': -1.5,
  /** One name or date in the text of a program. */
  'program source': -0.5,
} as const;

export type Term = keyof typeof terms;

export const weights: Readonly<Record<Term, number>> = terms;

export function evidenceOf(terms: readonly Term[]): EvidenceTerm[] {
  return terms.map((term) => ({ term, weight: weights[term] }));
}

/** The sum of the terms, in log-odds. */
export function scoreOf(terms: readonly Term[]): number {
  let sum = 0;
  for (const term of terms) sum += weights[term];
  return sum;
}

/** 0 to 1: the logistic of a score. */
export function confidenceOf(score: number): number {
  return Math.round(1000 / (1 + Math.exp(-score))) / 1000;
}
