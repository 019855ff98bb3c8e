import type { FolderSize } from '../target.ts';
import type { LayerTree } from './tree.ts';

/** What is common to all stored objects of a source. */
export interface StoredBlob {
  /** As stored, separated by `/`, without `./` or a leading `/`. Not unique: a tar may hold a path twice. Blobs are given
   * in stored order, since the last of one name is the one that an engine loads. */
  readonly name: string;
  /** Names of symbolic and hard links to these bytes: `<v1id>/layer.tar`. */
  readonly aliases: readonly string[];
  /** `sha256:<hex>` of the stored bytes. */
  readonly digest: string;
  /** Stored bytes. */
  readonly size: number;
  /** True when the bytes are cut short or damaged, for which there is a gap already: that they are not those that a
   * document promises needs no other. */
  readonly isBroken?: boolean;
}

/** Bytes that parsed as JSON: index, manifest, configuration, provenance, SBOM, legacy configuration. */
export interface DocumentBlob extends StoredBlob {
  readonly kind: 'document';
  /** As JSON.parse gave it: nothing is known of its shape. */
  readonly json: unknown;
  readonly bytes: Buffer;
}

/** A tar, compressed or not, that was read to its end. */
export interface LayerBlob extends StoredBlob {
  readonly kind: 'layer';
  /** `sha256:<hex>` of the unpacked bytes. */
  readonly diffId: string;
  readonly unpackedBytes: number;
  /** Files, links and directories, nested ones not counted. */
  readonly entries: number;
  readonly compression: 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2';
  readonly tree: LayerTree;
  /** The root and the largest ones, values masked; none where the layer is empty. */
  readonly folders: readonly FolderSize[];
}

/** Neither a tar nor a JSON document that could be held. */
interface OpaqueBlob extends StoredBlob {
  readonly kind: 'opaque';
}

/** Blobs keep their identity: results of scanning them are found again by the object that was given. */
export type SourceBlob = DocumentBlob | LayerBlob | OpaqueBlob;

export type BlobRole =
  /** index.json, manifest.json, a nested index. */
  | 'index'
  | 'manifest'
  | 'config'
  /** A statement about an image (provenance, signature) and the manifest that brings it. */
  | 'attestation'
  | 'sbom'
  /** `<v1id>/json`, or the same as a blob since Docker 25. */
  | 'legacy-config'
  /** Content of a manifest that is no image: Helm chart, WASM module, model. */
  | 'artifact'
  | 'repositories'
  /** A marker of the layout itself: oci-layout, VERSION. */
  | 'layout'
  | 'layer'
  | 'unknown';

/** What a blob is to the images of its source. */
export interface BlobUse {
  readonly role: BlobRole;
  /** Indexes in `Assembly.images`, rising. Empty: no image uses the blob. */
  readonly images: readonly number[];
  /** True when only images use it that the wanted platform or tag leaves out. */
  readonly excluded: boolean;
}
