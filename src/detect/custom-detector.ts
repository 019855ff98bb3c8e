import type { Identifier } from '../finding.ts';
import { Shape } from './automaton.ts';
import type { Detector, DetectorExample } from './detector.ts';
import { isFillerNumber } from './fakes.ts';
import { namedCheck } from './named-checks.ts';

/** A detector of phiscan.yaml: plain data, so that it can be sent to a worker thread. Its fields are those of Detector. */
export interface CustomDetector {
  readonly id: string;
  readonly identifier: Identifier;
  readonly safeHarbor: string;
  readonly title: string;
  readonly finds: string;
  readonly misses: string;
  readonly labels: Required<Detector['labels']>;
  readonly shape: string;
  readonly inline?: string;
  readonly intrinsic?: string;
  /** Of named-checks.ts. */
  readonly check?: string;
  /** RE2 source of values that are known to belong to nobody. */
  readonly synthetic?: string;
  readonly direct: boolean;
  readonly severity: Detector['severity'];
  readonly mask: string;
  readonly examples: readonly DetectorExample[];
  readonly counterExamples: readonly DetectorExample[];
  readonly references: readonly string[];
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
