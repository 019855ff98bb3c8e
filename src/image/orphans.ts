import type { DocumentBlob, SourceBlob } from './blob.ts';
import type { BlobTable } from './blob-table.ts';
import type { BlobClaim, ImageClaim, OnGap } from './claim.ts';
import { digestOf, isStatementType, isWellKnown, readPlatform } from './descriptor.ts';
import { readLoneManifest } from './docker-manifest.ts';
import { memberOf } from './json.ts';
import { shapeOf } from './manifest.ts';
import { isUnknownPlatform } from './platform.ts';

/**
 * Images that no index names although all of their blobs are here: engines lose index entries (moby#51389), and archives
 * are cut before their manifest.json. Incomplete ones are left overs of a layout without garbage collection: their blobs
 * are scanned, and nobody misses the rest.
 */
export function readOrphans(
  claims: readonly ImageClaim[],
  indexes: readonly DocumentBlob[],
  tag: string | undefined,
  table: BlobTable,
  onGap: OnGap,
): readonly ImageClaim[] {
  const known = new Set<SourceBlob | undefined>(indexes);
  const configs = new Set<string>();
  const addKnown = ({ manifest, config, layers, documents }: ImageClaim): void => {
    for (const { blob } of layers) known.add(blob);
    for (const document of documents) known.add(document);
    known.add(manifest?.blob).add(config?.blob);
    configs.add(config?.blob?.digest ?? config?.digest ?? '');
  };
  for (const claim of claims) addKnown(claim);
  const orphans: ImageClaim[] = [];
  for (const document of table.documents()) {
    const shape = shapeOf(document.json);
    if (known.has(document) || (shape !== 'manifest' && shape !== 'schema1')) continue;
    const claim = readLoneManifest(document, shape, table, () => undefined);
    if (isComplete(claim)) orphans.push({ ...claim, tagged: tag === undefined });
  }
  for (const claim of orphans) addKnown(claim);
  for (const document of table.documents()) {
    if (known.has(document) || configs.has(document.digest) || !isCompleteConfig(document, table)) continue;
    orphans.push({ ...configClaim(document), tagged: tag === undefined });
  }
  if (orphans.length > 0 && claims.length === 0) {
    onGap({ reason: 'missing-blob', detail: 'the source has images, and no index or manifest.json that names them' });
  }
  return orphans;
}

function isComplete({ config, layers }: ImageClaim): boolean {
  const isHeld = ({ blob, digest }: BlobClaim): boolean => blob !== undefined || isWellKnown(digest);
  const isStatement = layers.length > 0 && layers.every(({ mediaType }) => isStatementType(mediaType));
  return layers.length > 0 && layers.every(isHeld) && (config === undefined || isHeld(config)) && !isStatement;
}

function isCompleteConfig({ json }: DocumentBlob, table: BlobTable): boolean {
  const diffIds = table.listOf(memberOf(memberOf(json, 'rootfs'), 'diff_ids')).map(digestOf);
  const platform = readPlatform(json);
  if (platform !== undefined && isUnknownPlatform(platform)) return false;
  return diffIds.length > 0 && diffIds.every((diffId) => table.byDiffId(diffId) !== undefined);
}

/** Its layers are found by their diffIds (image.ts). */
function configClaim(document: DocumentBlob): ImageClaim {
  return {
    kind: 'image',
    names: [],
    tagged: true,
    manifest: undefined,
    config: { digest: document.digest, size: undefined, mediaType: '', blob: document, by: 'name' },
    layers: [],
    platform: undefined,
    subject: undefined,
    documents: [],
  };
}
