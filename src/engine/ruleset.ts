import { createHash } from 'node:crypto';
import { detectors as builtIn } from '../../detectors/index.ts';
import { BUILT_IN_RULES } from '../detect/built-in.ts';
import type { Detector } from '../detect/detector.ts';
import { measureBounds, weights } from '../detect/evidence.ts';

/** Counts up when the same detectors judge otherwise than before. */
const ENGINE_VERSION = 2;

/** Short hash of the detectors, the weights and the engine's version: what findings depend on. The same in the command line and
 * in the library, of which each has the code of detectors in its own spelling. */
export function rulesetOf(detectors: readonly Detector[]): string {
  const prepared = BUILT_IN_RULES?.split('\n') ?? [];
  const rules = detectors.map((detector) => prepared[builtIn.indexOf(detector)] ?? rulesHash(detector));
  return sha256([ENGINE_VERSION, weights, measureBounds, rules]).slice(0, 12);
}

/** For the build, which puts it into BUILT_IN_RULES. */
export function packedRules(detectors: readonly Detector[]): string {
  return detectors.map(rulesHash).join('\n');
}

function rulesHash({ examples, counterExamples, check, synthetic, normalize, ...rules }: Detector): string {
  return sha256({ ...rules, code: [check, synthetic, normalize].map((part) => part?.toString()) });
}

function sha256(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex');
}
