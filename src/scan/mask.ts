import type { CustomDetector } from '../detect/custom-detector.ts';
import type { Engine } from '../engine/engine.ts';
import { engineOf } from './engine-of.ts';

/** Masks values in what is printed outside of reports: names on the command line, messages that repeat them. The engine is
 * made by the first text: most runs print none. */
export function maskOf(customDetectors: readonly CustomDetector[]): (text: string) => string {
  let engine: Engine | undefined;
  return (text) => {
    engine ??= engineOf(customDetectors);
    return engine.maskText(text);
  };
}
