import type { Detector, DetectorExample } from '../detect/detector.ts';
import type { Outcome } from '../finding.ts';
import type { Engine } from './engine.ts';

/** An example that is not found, or a counter-example that is. No field holds its text. */
export interface ExampleFailure {
  readonly detector: string;
  readonly kind: 'example' | 'counter-example';
  /** From 0, among those of its kind. */
  readonly index: number;
  readonly reason: string;
  readonly wanted: Outcome | 'found' | 'nothing';
  readonly got: Outcome | 'nothing';
}

/** Runs every example and counter-example of a detector through an engine that has it. */
export function failedExamples(engine: Engine, detector: Detector): readonly ExampleFailure[] {
  const failures: ExampleFailure[] = [];
  const fail = (
    kind: ExampleFailure['kind'],
    index: number,
    { reason }: DetectorExample,
    wanted: ExampleFailure['wanted'],
    got: ExampleFailure['got'],
  ): void => {
    failures.push({ detector: detector.id, kind, index, reason, wanted, got });
  };
  for (const [index, example] of detector.examples().entries()) {
    const got = outcomeOf(engine, detector, example) ?? 'nothing';
    const isWanted = example.outcome === undefined ? got !== 'nothing' : got === example.outcome;
    if (!isWanted) fail('example', index, example, example.outcome ?? 'found', got);
  }
  for (const [index, example] of detector.counterExamples().entries()) {
    const got = outcomeOf(engine, detector, example);
    if (got !== undefined) fail('counter-example', index, example, 'nothing', got);
  }
  return failures;
}

/** The outcome of this detector's finding, or of a record that holds one of its identifier; undefined where there is none. */
export function outcomeOf(engine: Engine, detector: Detector, { path, text }: DetectorExample): Outcome | undefined {
  const findings = engine.scan(path, Buffer.from(text));
  const own = findings.find((finding) => finding.detector === detector.id);
  return (own ?? findings.find(({ identifiers }) => identifiers?.includes(detector.identifier)))?.outcome;
}
