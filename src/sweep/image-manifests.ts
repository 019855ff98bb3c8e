/** What one image of a registry is made of: its manifests, and the layers that these name. */

import { isSbomType, isStatementType } from '../image/descriptor.ts';
import type { ImageRegistry } from '../registry/image-registry.ts';
import { walkImage } from '../registry/image-walk.ts';
import type { NamedBlob } from '../registry/named-blobs.ts';

/** A blob that a sweep reads once for all images. */
export type NamedLayer = Pick<NamedBlob, 'digest' | 'size' | 'mediaType'>;

export interface ImageParts {
  /** Digests of the manifest or index itself, and of all that it lists. */
  readonly manifests: readonly string[];
  readonly layers: readonly NamedLayer[];
}

/**
 * Walks from one digest down, what is about it left out. What is missing below is told by the pipeline in the image's report.
 * Throws ScanError when the digest itself cannot be had.
 */
export async function imageParts(registry: ImageRegistry, repository: string, digest: string): Promise<ImageParts> {
  const root = { ...(await registry.manifest(repository, digest)), digest };
  const manifests = new Set([digest]);
  const layers: NamedLayer[] = [];
  for await (const step of walkImage(registry, repository, root, { referrers: false }, () => undefined)) {
    if (step.kind === 'manifest' || step.kind === 'missing') manifests.add(step.digest);
    else if (step.kind === 'blob' && isLayer(step.blob)) {
      const { digest: layer, size, mediaType } = step.blob;
      layers.push({ digest: layer, size, mediaType });
    }
  }
  return { manifests: [...manifests], layers };
}

/** Documents are no layers: what they hold is read with the image, since nothing of it may be remembered. */
function isLayer({ mediaType, isForeign, content }: NamedBlob): boolean {
  const isDocument = isStatementType(mediaType) || isSbomType(mediaType) || /[/+]json$/.test(mediaType);
  return !isDocument && !isForeign && content === undefined;
}
