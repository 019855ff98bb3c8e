/** One image of a sweep, put together by the pipeline of `phiscan image`: its layers come from the ledger. */

import type { Engine } from '../engine/engine.ts';
import type { GapReason } from '../finding.ts';
import { assembleImages } from '../image/assemble.ts';
import type { ImageRegistry } from '../registry/image-registry.ts';
import { type Attributed, attribute } from '../scan/attribute.ts';
import { scanBlobs } from '../scan/blobs.ts';
import type { Pool } from '../scan/pool.ts';
import { openRegistryImage } from '../source/registry-image.ts';
import type { PlannedImage } from './plan.ts';
import type { SweepLedger } from './sweep-ledger.ts';
import { unreadImage } from './unread-image.ts';

export interface JoinOptions {
  readonly registry: ImageRegistry;
  readonly ledger: SweepLedger;
  readonly engine: Engine;
  readonly pool: Pool;
  readonly signal: AbortSignal | undefined;
}

/** What may be otherwise when it is asked for again: a result with such a gap is not remembered. */
const PASSING: ReadonlySet<GapReason> = new Set([
  'interrupted',
  'left-out',
  'archived',
  'unreadable',
  'internal',
  'missing-blob',
  'time-limit',
  'truncated',
  'size-mismatch',
  'digest-mismatch',
]);

const silent = { expect: () => undefined, layerDone: () => undefined };

/** Never rejects for what the registry does not give. */
export async function joinImage(image: PlannedImage, options: JoinOptions): Promise<Attributed> {
  const { registry, ledger, engine, pool, signal } = options;
  const { repository, digest, key } = image;
  const name = { repository, tag: undefined, digest };
  const source = await openRegistryImage(registry, name, { reference: key, medium: 'registry', referrers: false });
  const scanned = await scanBlobs(source, { pool, engine, signal, progress: silent, ledger });
  const assembly = assembleImages(scanned.blobs, { sourceReference: image.key });
  const attributed = withoutFolders(attribute(source, scanned, assembly, engine));
  if (signal?.aborted === true && attributed.gaps.length > 0) {
    // Whatever is missing was not waited for.
    return { ...attributed, gaps: unreadImage(image, { reason: 'interrupted' }, engine).gaps };
  }
  const isLasting =
    !image.layers.some((digest) => ledger.isUnread(digest)) &&
    !attributed.gaps.some(({ reason }) => PASSING.has(reason));
  if (isLasting) await ledger.rememberImage(image.key, { ...attributed, parts: image.manifests });
  return attributed;
}

/** A sweep holds the layers of thousands of images, and shows none of their folders. */
function withoutFolders(attributed: Attributed): Attributed {
  const targets = attributed.targets.map((target) => ({
    ...target,
    layers: target.layers.map(({ folders, ...layer }) => layer),
  }));
  return { ...attributed, targets };
}
