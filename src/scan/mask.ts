import type { CustomDetector } from '../detect/custom-detector.ts';
import { engineOf } from './engine-of.ts';

/** Masks values in what is printed outside of reports: names on the command line, messages that repeat them. The engine is
 * made by the first text: most runs print none. */
export function maskOf(customDetectors: readonly CustomDetector[]): (text: string) => string {
  return (text) => engineOf(customDetectors).maskText(text);
}
