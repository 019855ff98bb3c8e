import { detectors } from '../../detectors/index.ts';
import { type CustomDetector, detectorOf } from '../detect/custom-detector.ts';
import { Engine } from '../engine/engine.ts';

const engines = new WeakMap<readonly CustomDetector[], Engine>();

/** This thread's engine for the detectors of one configuration. A hospital's own ones are asked before the built-in ones. */
export function engineOf(customDetectors: readonly CustomDetector[]): Engine {
  let engine = engines.get(customDetectors);
  if (engine === undefined) {
    engine = new Engine([...customDetectors.map(detectorOf), ...detectors]);
    engines.set(customDetectors, engine);
  }
  return engine;
}
