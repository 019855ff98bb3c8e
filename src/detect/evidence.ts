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
  /** The value runs to the end of a text that its service has cut: what is behind is not known. */
  truncated: -0.5,
  /** An installed package's own tests, examples or documentation. */
  'package example': -1.5,
  /** One name or date in the text of a program. */
  'program source': -0.5,

  /** A package manager owns the file, and its checksum says that it is unchanged: the distribution's, not the user's. */
  'package file': -5,

  /** The numbers of a column rise by one or a few: keys of a database. Silences a weak label, and doubts a strong one. */
  'counts up': -1.5,
  /** Beside `counts up`, for numbers that nobody gets in the order of a table's rows. */
  'never in order': -4,
  /** All numbers of a column are seconds or milliseconds of our time. */
  'epoch times': -1.5,
  /** The dates of a column lie within a few years, as those of events do. */
  'few years': -1.5,
  /** Below a weak label, most values of the column are something else. */
  'few fit': -1.5,
} as const;

/** Log-likelihood ratios that are measured over a column's values, and the most that each may be worth. */
const measures = {
  /** Values with the detector's structure or check digit, against chance. */
  'pass rate': 5,
  /** Birth dates span decades. */
  'birth years': 5,
  /** Values with a frequent given or family name, against other words. */
  'known names': 5,
} as const;
/** The least that a measured term may be worth: a column of mixed quality stays what its label says. */
const LEAST_MEASURE = -1.5;

export type Term = keyof typeof terms;
export type Measure = keyof typeof measures;

export const weights: Readonly<Record<Term, number>> = terms;
export const measureBounds: Readonly<Record<Measure, number>> = measures;

const constants = Object.fromEntries(
  Object.entries(terms).map(([term, weight]) => [term, { term, weight }]),
) as Readonly<Record<Term, EvidenceTerm>>;

export function evidence(term: Term): EvidenceTerm {
  return constants[term];
}

/** @param logOdds - As measured; it is bounded. */
export function measured(term: Measure, logOdds: number): EvidenceTerm {
  const weight = Math.min(measures[term], Math.max(LEAST_MEASURE, logOdds));
  return { term, weight: Math.round(weight * 100) / 100 };
}

/** The sum of the terms, in log-odds. */
export function scoreOf(terms: readonly EvidenceTerm[]): number {
  let sum = 0;
  for (const { weight } of terms) sum += weight;
  return sum;
}

/** 0 to 1: the logistic of a score. */
export function confidenceOf(score: number): number {
  return Math.round(1000 / (1 + Math.exp(-score))) / 1000;
}
