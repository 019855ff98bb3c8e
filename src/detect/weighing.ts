import type { EvidenceTerm } from '../finding.ts';
import { evidence, scoreOf } from './evidence.ts';
import type { Field } from './field.ts';
import type { Candidate } from './labels.ts';

/** What speaks for a value, and against it. */
export interface Weighing {
  readonly terms: readonly EvidenceTerm[];
  /** Their sum, in log-odds. */
  readonly score: number;
}

/** What the value itself says. */
export interface Outcomes {
  /** Of the check digit or structure. */
  readonly passed: boolean;
  readonly synthetic: boolean;
  /** The value may go on behind what was kept of it. */
  readonly isTruncated: boolean;
}

const TIES: readonly Field['tie'][] = ['column', 'key', 'position', 'inline', 'bare'];
/** What speaks for a value has few forms, and values are millions: by candidate, then by tie and outcomes. */
const known = new WeakMap<object, (Weighing | undefined)[]>();
const NO_CANDIDATE = {};

export function weighingOf(tie: Field['tie'], candidate: Candidate | undefined, outcomes: Outcomes): Weighing {
  const key = candidate ?? NO_CANDIDATE;
  let forms = known.get(key);
  if (forms === undefined) known.set(key, (forms = []));
  const { passed, synthetic, isTruncated } = outcomes;
  const form = TIES.indexOf(tie) * 8 + (passed ? 4 : 0) + (synthetic ? 2 : 0) + (isTruncated ? 1 : 0);
  return (forms[form] ??= weighed(tie, candidate, outcomes));
}

function weighed(tie: Field['tie'], candidate: Candidate | undefined, outcomes: Outcomes): Weighing {
  const terms: EvidenceTerm[] = [evidence('prior')];
  if (candidate === undefined || tie === 'bare') {
    terms.push(evidence('shape'));
  } else {
    const atPosition = tie === 'position';
    const { column } = candidate;
    if (column?.inferred !== true) terms.push(evidence(candidate.strong || atPosition ? tie : 'weak label'));
    if (candidate.far && !atPosition) terms.push(evidence('far label'));
    if (column !== undefined) terms.push(...column.terms);
  }
  if (outcomes.passed) terms.push(evidence('check digit'));
  if (outcomes.synthetic) terms.push(evidence('synthetic'));
  if (outcomes.isTruncated) terms.push(evidence('truncated'));
  return { terms, score: scoreOf(terms) };
}
