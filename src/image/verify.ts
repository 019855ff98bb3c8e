import type { SourceBlob } from './blob.ts';
import type { BlobTable } from './blob-table.ts';
import type { BlobClaim, ImageClaim, OnGap } from './claim.ts';
import { compressionOf, isEncryptedType, isForeignType, isLayerType, isWellKnown, namedDigest } from './descriptor.ts';
import type { DraftImage } from './image.ts';
import { hasDigest } from './manifest.ts';

/** Size and digest as the descriptor promises them. `what` is the blob in words: `layer 3`. */
export function verifyStored({ digest, size, blob, by }: BlobClaim, what: string, onGap: OnGap): void {
  if (blob === undefined || by === 'name') return;
  const blobName = blob.name;
  if (blob.isBroken) return;
  const proven = digest === '' ? true : hasDigest(blob, digest);
  if (proven === false) {
    onGap({ reason: 'digest-mismatch', detail: `the digest of ${what} is not the one its descriptor gives`, blobName });
  }
  if (proven === undefined) {
    onGap({ reason: 'unsupported', detail: `the digest of ${what} is of an algorithm that is not verified`, blobName });
  }
  if (size !== undefined && size !== blob.size) {
    const detail = `${what} has ${String(blob.size)} bytes, its descriptor says ${sizeText(size)}`;
    onGap({ reason: 'size-mismatch', detail, blobName });
  }
}

/** Names that are digests, of all blobs, referenced or not. A layer may be named by its diffId (skopeo, Docker 25). */
export function verifyNames(table: BlobTable, onGap: OnGap): void {
  for (const blob of table.blobs) {
    const promised = namedDigest(blob.name);
    if (promised === '' || isNamedRight(blob, promised)) continue;
    const detail = 'the name is a digest, and the content has another';
    onGap({ reason: 'digest-mismatch', detail, blobName: blob.name });
  }
}

function isNamedRight(blob: SourceBlob, promised: string): boolean {
  if (blob.isBroken || (blob.kind === 'layer' && blob.diffId === promised)) return true;
  return hasDigest(blob, promised) !== false;
}

function sizeText(size: number): string {
  return Number.isSafeInteger(size) && size >= 0 ? String(size) : 'an impossible number';
}

/** Everything that keeps an image from having been read whole: absent, unreadable and unproven blobs. */
export function verifyImage({ claim, layerClaims, diffIds }: DraftImage, onGap: OnGap): void {
  if (claim.manifest !== undefined) verifyStored(claim.manifest, 'the manifest', onGap);
  if (claim.config !== undefined) verifyConfig(claim.config, claim.kind, onGap);
  for (const [index, layer] of layerClaims.entries()) {
    const what = `layer ${String(index)}`;
    if (isEncryptedType(layer.mediaType)) {
      onGap({ reason: 'encrypted', detail: `${what} is encrypted`, blobName: layer.digest });
    }
    if (layer.blob === undefined) reportAbsent(layer, what, onGap);
    else {
      verifyStored(layer, what, onGap);
      verifyContent(layer.blob, layer, claim.kind, what, onGap);
      if (claim.kind === 'image') verifyDiffId(layer.blob, diffIds, index, onGap);
    }
  }
}

/** What a media type says, where the bytes say otherwise: the bytes were believed, so this is no gap. */
export function contradictions({ layerClaims }: DraftImage): readonly { detail: string; blobName: string }[] {
  const notes: { detail: string; blobName: string }[] = [];
  for (const [index, { mediaType, blob, by }] of layerClaims.entries()) {
    const said = compressionOf(mediaType);
    if (blob?.kind !== 'layer' || by === 'name' || said === undefined || said === blob.compression) continue;
    const detail = `layer ${String(index)} is said to be ${wordOf(said)}, and is ${wordOf(blob.compression)}`;
    notes.push({ detail, blobName: blob.name });
  }
  return notes;
}

function wordOf(compression: string): string {
  return compression === 'none' ? 'uncompressed' : compression;
}

function verifyConfig(config: BlobClaim, kind: ImageClaim['kind'], onGap: OnGap): void {
  if (config.blob === undefined) {
    if (isWellKnown(config.digest)) return;
    onGap({ reason: 'missing-blob', detail: 'the configuration is absent', blobName: config.digest });
    return;
  }
  verifyStored(config, 'the configuration', onGap);
  if (kind === 'artifact' || config.blob.kind === 'document' || config.blob.isBroken) return;
  onGap({ reason: 'corrupt', detail: 'the configuration is no JSON document', blobName: config.blob.name });
}

function reportAbsent({ mediaType, digest }: BlobClaim, what: string, onGap: OnGap): void {
  if (isWellKnown(digest)) return;
  if (isForeignType(mediaType)) {
    const detail = `${what} is foreign: its content is kept by its vendor`;
    onGap({ reason: 'foreign-layer', detail, blobName: digest });
  } else onGap({ reason: 'missing-blob', detail: `${what} is absent`, blobName: digest });
}

/** An image's layer is a tar; an artifact's may be anything unless it calls itself one. */
function verifyContent(
  blob: SourceBlob,
  { mediaType }: BlobClaim,
  kind: ImageClaim['kind'],
  what: string,
  onGap: OnGap,
): void {
  const mustBeTar = isLayerType(mediaType) && !isEncryptedType(mediaType) && (mediaType !== '' || kind !== 'artifact');
  if (blob.kind === 'layer' || blob.isBroken || !mustBeTar) return;
  onGap({ reason: 'unsupported', detail: `${what} is no tar: it was read as raw bytes`, blobName: blob.name });
}

function verifyDiffId(blob: SourceBlob, diffIds: readonly string[], index: number, onGap: OnGap): void {
  if (blob.kind !== 'layer' || diffIds.length === 0 || blob.diffId === diffIds[index]) return;
  if (blob.isBroken && diffIds[index] !== undefined) return;
  const detail =
    diffIds[index] === undefined
      ? `the configuration knows no layer ${String(index)}`
      : `layer ${String(index)} unpacks to other bytes than the configuration says`;
  onGap({ reason: 'diffid-mismatch', detail, blobName: blob.name });
}
