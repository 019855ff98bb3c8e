import type { GapReason } from '../finding.ts';
import type { DocumentBlob, SourceBlob } from './blob.ts';
import type { Platform } from './platform.ts';

/** What one document says of one blob, and the blob that it means. */
export interface BlobClaim {
  /** Empty where the document gives only a name that is no digest. */
  readonly digest: string;
  readonly size: number | undefined;
  readonly mediaType: string;
  readonly blob: SourceBlob | undefined;
  /** `descriptor`: digest and size are promises to check. `name`: the digest is read from a file name. */
  readonly by: 'descriptor' | 'name';
}

export function documentOf(claim: BlobClaim | undefined): DocumentBlob | undefined {
  return claim?.blob?.kind === 'document' ? claim.blob : undefined;
}

/** What one document says of one image. Several claims of one image become one (merge.ts). */
export interface ImageClaim {
  readonly kind: 'image' | 'cache' | 'artifact' | 'legacy';
  /** As index entries and RepoTags give them; lists are shared with the index that gave them, and may still grow. */
  readonly names: readonly Iterable<string>[];
  /** False when the source was opened for another tag. */
  readonly tagged: boolean;
  readonly manifest: BlobClaim | undefined;
  readonly config: BlobClaim | undefined;
  /** Base layer first. */
  readonly layers: readonly BlobClaim[];
  /** From an index entry, or from a schema 1 manifest. */
  readonly platform: Platform | undefined;
  /** Where no configuration says it: what made each layer, and the layer of each history entry. */
  readonly layerTexts?: readonly string[];
  readonly historyLayer?: readonly (number | undefined)[];
  /** Digest of the manifest that this one is about: an attestation, a signature, an SBOM. */
  readonly subject: string | undefined;
  /** Documents that lead to the image: indexes, manifest.json, further manifests and legacy configurations of it. */
  readonly documents: readonly DocumentBlob[];
}

export interface AssemblyGap {
  readonly reason: GapReason;
  /** Never holds content of the source. */
  readonly detail: string;
  /** Index in `Assembly.images`; undefined when it is no image's alone. */
  readonly imageIndex?: number | undefined;
  /** Name or digest of the blob; a name is text of the source. */
  readonly blobName?: string | undefined;
}

export type OnGap = (gap: AssemblyGap) => void;

/** Children of one index that are variants of one image, or entries of index.json with the same name. */
export interface IndexGroup {
  readonly present: Set<ImageClaim>;
  readonly absent: AbsentChild[];
}

/** An index entry whose manifest is not in the source. */
export interface AbsentChild {
  readonly digest: string;
  readonly platform: Platform | undefined;
  readonly tagged: boolean;
  /** Digest of the manifest that this entry is about; empty when it does not say of which. */
  readonly subject: string | undefined;
}
