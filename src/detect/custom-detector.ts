import { Shape } from './automaton.ts';
import type { Detector, DetectorExample } from './detector.ts';
import { isFillerNumber } from './fakes.ts';
import { namedCheck } from './named-checks.ts';

/** The fields that are the same in both. */
type Shared =
  | 'id'
  | 'identifier'
  | 'safeHarbor'
  | 'title'
  | 'finds'
  | 'misses'
  | 'shape'
  | 'inline'
  | 'intrinsic'
  | 'direct'
  | 'severity'
  | 'mask'
  | 'references';

/** A detector of phiscan.yaml: plain data, so that it can be sent to a worker thread. Its fields are those of Detector. */
export interface CustomDetector extends Pick<Detector, Shared> {
  readonly labels: Required<Detector['labels']>;
  /** Of named-checks.ts. */
  readonly check?: string;
  /** RE2 source of values that are known to belong to nobody. */
  readonly synthetic?: string;
  readonly examples: readonly DetectorExample[];
  readonly counterExamples: readonly DetectorExample[];
}

/** What of a custom detector is code in a built-in one; it stands beside the code, so that the ruleset's hash has it. */
interface Origin {
  readonly checkName?: string;
  readonly syntheticShape?: string;
}

export function detectorOf(custom: CustomDetector): Detector & Origin {
  const { check, synthetic, examples, counterExamples, ...rules } = custom;
  const fakes = synthetic === undefined ? undefined : new Shape(synthetic);
  return {
    ...rules,
    ...(check === undefined ? {} : { check: namedCheck(check), checkName: check }),
    ...(synthetic === undefined ? {} : { syntheticShape: synthetic }),
    synthetic: (value) => isFillerNumber(value) || fakes?.test(value) === true,
    examples: () => examples,
    counterExamples: () => counterExamples,
  };
}
