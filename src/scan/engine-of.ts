import { detectors } from '../../detectors/index.ts';
import { type CustomDetector, detectorOf } from '../detect/custom-detector.ts';
import { Engine } from '../engine/engine.ts';

/** The engine of a scan; each thread makes its own. A hospital's own detectors are asked before the built-in ones. */
export function engineOf(customDetectors: readonly CustomDetector[]): Engine {
  return new Engine([...customDetectors.map(detectorOf), ...detectors]);
}
