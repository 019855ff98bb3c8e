import type { Engine } from '../engine/engine.ts';
import type { Attributed } from '../scan/attribute.ts';
import type { Problem } from '../unpack/chunks.ts';
import type { PlannedImage } from './plan.ts';

/** An image of which nothing was read: it never looks clean. */
export function unreadImage({ key, digest }: PlannedImage, { reason, detail }: Problem, engine: Engine): Attributed {
  const target = engine.maskText(key);
  const masked = detail === undefined ? {} : { detail: engine.maskText(detail) };
  return {
    targets: [{ reference: target, source: 'registry: not read', digest, platform: '', layers: [] }],
    findings: [],
    gaps: [{ reason, ...masked, location: { kind: 'manifest', target, path: '' } }],
    bytes: 0,
    entries: 0,
  };
}
