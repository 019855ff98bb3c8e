/** What one image of a registry is made of: its manifests, and the blobs that these name. */

import {
  configKind,
  isForeignType,
  isSbomType,
  isStatementType,
  isWellKnown,
  readDescriptor,
  type Descriptor,
} from '../image/descriptor.ts';
import { arrayOf, memberOf, objectOf, parseJson } from '../image/json.ts';
import { limits } from '../limits.ts';
import type { ImageRegistry } from '../registry/image-registry.ts';
import type { Problem } from '../unpack/chunks.ts';

/** A blob that a sweep reads once for all images. */
export interface NamedLayer {
  readonly digest: string;
  readonly size: number | undefined;
  readonly mediaType: string;
}

export interface ImageParts {
  /** Digests of the manifest or index itself, and of all that it lists. */
  readonly manifests: readonly string[];
  readonly layers: readonly NamedLayer[];
  /** Of what could not be read to the end: the pipeline tells it in the image's report, too. */
  readonly problems: readonly Problem[];
}

/** Walks from one digest down; throws ScanError when that itself cannot be had. */
export async function imageParts(registry: ImageRegistry, repository: string, digest: string): Promise<ImageParts> {
  const manifests = new Set([digest]);
  const layers = new Map<string, NamedLayer>();
  const problems: Problem[] = [];
  const pending = [{ digest, depth: 0 }];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    let document: unknown;
    try {
      const { bytes } = await registry.manifest(repository, next.digest);
      document = bytes.length > limits.metadataBytes ? undefined : parseJson(bytes.toString());
    } catch (error) {
      if (next.depth === 0) throw error;
      problems.push({ reason: 'unreadable', detail: 'a manifest that the index lists could not be read' });
      continue;
    }
    for (const layer of layersOf(document)) layers.set(layer.digest, layers.get(layer.digest) ?? layer);
    if (next.depth === limits.indexDepth) continue;
    for (const { digest: child } of descriptorsOf(document, 'manifests')) {
      if (manifests.has(child) || manifests.size >= limits.listMembers) continue;
      manifests.add(child);
      pending.push({ digest: child, depth: next.depth + 1 });
    }
  }
  return { manifests: [...manifests], layers: [...layers.values()], problems };
}

/** Documents are no layers: what they hold is read with the image, since nothing of it may be remembered. */
function layersOf(document: unknown): readonly NamedLayer[] {
  const listed = [...descriptorsOf(document, 'layers'), ...descriptorsOf(document, 'blobs')];
  const config = readDescriptor(memberOf(document, 'config'));
  const isArtifact = config !== undefined && configKind(config.mediaType) === 'artifact';
  const firstVersion = arrayOf(memberOf(document, 'fsLayers')).flatMap((layer) => {
    const descriptor = readDescriptor({ digest: memberOf(layer, 'blobSum') });
    return descriptor === undefined ? [] : [descriptor];
  });
  return [...listed, ...firstVersion]
    .filter(({ mediaType, digest }) => !isWellKnown(digest) && !isForeignType(mediaType) && !isDocumentType(mediaType))
    .map(({ digest, size, mediaType }) => ({
      digest,
      size: size !== undefined && Number.isSafeInteger(size) && size >= 0 ? size : undefined,
      mediaType: mediaType === '' && isArtifact ? 'application/octet-stream' : mediaType,
    }));
}

function isDocumentType(mediaType: string): boolean {
  return isStatementType(mediaType) || isSbomType(mediaType) || /[/+]json$/.test(mediaType);
}

function descriptorsOf(document: unknown, key: string): readonly Descriptor[] {
  return arrayOf(memberOf(objectOf(document), key))
    .slice(0, limits.listMembers)
    .map(readDescriptor)
    .filter((descriptor) => descriptor !== undefined);
}
