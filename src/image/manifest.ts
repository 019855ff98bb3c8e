import { createHash } from 'node:crypto';
import type { DocumentBlob } from './blob.ts';
import type { BlobTable } from './blob-table.ts';
import type { BlobClaim, ImageClaim, OnGap } from './claim.ts';
import type { Descriptor } from './descriptor.ts';
import { configKind, digestOf, readDescriptor } from './descriptor.ts';
import { instructionOf } from './history.ts';
import { arrayOf, isObject, memberOf, parseJson, textOf } from './json.ts';
import type { JsonObject } from './json.ts';
import { platformOf } from './platform.ts';

/** By shape: media types are missing in old documents and wrong in hostile ones. */
export type DocumentShape = 'index' | 'manifest' | 'schema1' | 'other';

export function shapeOf(json: unknown): DocumentShape {
  if (!isObject(json)) return 'other';
  if (Array.isArray(json['manifests'])) return 'index';
  if (Array.isArray(json['fsLayers'])) return 'schema1';
  if (isArtifactManifest(json)) return 'manifest';
  const config = memberOf(json, 'config');
  const hasLayers = Array.isArray(json['layers']) && (isObject(config) || json['schemaVersion'] === 2);
  return hasLayers || digestOf(memberOf(config, 'digest')) !== '' ? 'manifest' : 'other';
}

/** Of OCI 1.1's drafts and of ORAS: its content is in `blobs`, and it has no configuration. */
function isArtifactManifest(json: JsonObject): boolean {
  const type = textOf(json['mediaType']);
  return /^application\/vnd\.(?:oci|cncf\.oras)\.artifact\.manifest\.v1\+json$/.test(type);
}

/** Since an index has no layers: documents that are both at once deceive readers (CVE-2021-41190). */
export function isAmbiguous(json: unknown): boolean {
  return shapeOf(json) === 'index' && (memberOf(json, 'layers') ?? memberOf(json, 'fsLayers')) !== undefined;
}

/** What the manifest's place in an index adds to it. */
export type ManifestPlace = Pick<ImageClaim, 'names' | 'tagged' | 'platform' | 'documents'>;

/** An image manifest of either specification (schema 2). */
export function readManifest(
  document: DocumentBlob,
  claimed: BlobClaim,
  place: ManifestPlace,
  table: BlobTable,
  onGap: OnGap,
): ImageClaim {
  const config = claimOf(memberOf(document.json, 'config'), table);
  const isDraft = isObject(document.json) && isArtifactManifest(document.json);
  if (config === undefined && !isDraft) {
    onGap({ reason: 'corrupt', detail: 'a manifest names no configuration', blobName: document.name });
  }
  const layers: BlobClaim[] = [];
  for (const [index, value] of table.listOf(memberOf(document.json, isDraft ? 'blobs' : 'layers')).entries()) {
    const layer = claimOf(value, table);
    if (layer === undefined) {
      onGap({
        reason: 'corrupt',
        detail: `layer ${String(index)} of a manifest has no digest`,
        blobName: document.name,
      });
    }
    // An unreadable entry keeps its index: diffIds and history are matched by position.
    layers.push(layer ?? { digest: '', size: undefined, mediaType: '', blob: undefined, by: 'descriptor' });
  }
  const kind = configKind(config?.mediaType ?? '');
  const isArtifact = isDraft || textOf(memberOf(document.json, 'artifactType')) !== '' || kind === 'artifact';
  return {
    kind: isArtifact ? 'artifact' : kind,
    ...place,
    manifest: claimed,
    config,
    layers,
    // An image may have a subject too, and stays an image.
    subject: isArtifact ? readDescriptor(memberOf(document.json, 'subject'))?.digest : undefined,
  };
}

/** Buildkit's cache in an index of its own: layers without a manifest, and the configuration that says what they are (buildkit,
 * cache/remotecache/v1/doc.go). Undefined for any other index. */
export function readCacheIndex(
  document: DocumentBlob,
  claimed: BlobClaim,
  place: ManifestPlace,
  table: BlobTable,
): ImageClaim | undefined {
  const list = arrayOf(memberOf(document.json, 'manifests'));
  const at = list.findIndex((entry) => configKind(textOf(memberOf(entry, 'mediaType'))) === 'cache');
  const config = readDescriptor(list[at]);
  if (config === undefined) return undefined;
  const layers = table.listOf(list).flatMap((value, index) => {
    const layer = index === at ? undefined : claimOf(value, table);
    return layer === undefined ? [] : [layer];
  });
  return {
    kind: 'cache',
    ...place,
    manifest: claimed,
    config: describedClaim(config, table),
    layers,
    subject: undefined,
  };
}

/** Docker's manifest of before 2016: layers newest first, each with its own configuration as a text. */
export function readSchema1(
  document: DocumentBlob,
  claimed: BlobClaim,
  place: ManifestPlace,
  table: BlobTable,
): ImageClaim {
  const blobSums = table
    .listOf(memberOf(document.json, 'fsLayers'))
    .map((layer) => digestOf(memberOf(layer, 'blobSum')));
  const configs = table
    .listOf(memberOf(document.json, 'history'))
    .map((entry) => parseJson(textOf(memberOf(entry, 'v1Compatibility'))));
  const layers = blobSums.toReversed().map((digest): BlobClaim => {
    return { digest, size: undefined, mediaType: '', blob: table.byDigest(digest), by: 'descriptor' };
  });
  const os = textOf(memberOf(configs[0], 'os'));
  const [repository, tag] = [textOf(memberOf(document.json, 'name')), textOf(memberOf(document.json, 'tag'))];
  return {
    kind: 'legacy',
    ...place,
    names: repository === '' ? place.names : [...place.names, [tag === '' ? repository : `${repository}:${tag}`]],
    platform: place.platform ?? platformOf(os === '' ? 'linux' : os, textOf(memberOf(document.json, 'architecture'))),
    manifest: claimed,
    config: undefined,
    layers,
    layerTexts: layers.map((_, index) => legacyInstruction(configs[layers.length - 1 - index])),
    historyLayer: configs.map((_, index) => (index < layers.length ? layers.length - 1 - index : undefined)),
    subject: undefined,
  };
}

/** The command of a configuration from before images had a history. */
export function legacyInstruction(config: unknown): string {
  const command = arrayOf(memberOf(memberOf(config, 'container_config'), 'Cmd'));
  return instructionOf(command.map(textOf).join(' '));
}

function claimOf(value: unknown, table: BlobTable): BlobClaim | undefined {
  const descriptor = readDescriptor(value);
  return descriptor === undefined ? undefined : describedClaim(descriptor, table);
}

export function describedClaim({ digest, size, mediaType }: Descriptor, table: BlobTable): BlobClaim {
  return { digest, size, mediaType, blob: table.byDigest(digest), by: 'descriptor' };
}

/** True when the bytes have this digest; undefined when the algorithm cannot be computed from what was kept. */
export function hasDigest(blob: NonNullable<BlobClaim['blob']>, digest: string): boolean | undefined {
  const algorithm = digest.slice(0, digest.indexOf(':'));
  if (blob.kind === 'document' && digest !== blob.digest) {
    const bytes = signedPayload(blob) ?? blob.bytes;
    if (algorithm === 'blake3') return undefined;
    return digest === `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  }
  return algorithm === 'sha256' ? digest === blob.digest : undefined;
}

/** A signed schema 1 manifest is named by its bytes without the signature: the head of the document, and a tail that
 * the signature's protected header holds. */
function signedPayload({ json, bytes }: DocumentBlob): Buffer | undefined {
  if (shapeOf(json) !== 'schema1') return undefined;
  const header = textOf(memberOf(arrayOf(memberOf(json, 'signatures'))[0], 'protected'));
  const signed = parseJson(Buffer.from(header, 'base64url').toString());
  const length = memberOf(signed, 'formatLength');
  if (typeof length !== 'number' || !(length >= 0 && length <= bytes.length)) return undefined;
  const tail = Buffer.from(textOf(memberOf(signed, 'formatTail')), 'base64url');
  return Buffer.concat([bytes.subarray(0, length), tail]);
}
