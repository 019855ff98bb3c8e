import type { DocumentBlob, LayerBlob } from './blob.ts';
import type { BlobTable } from './blob-table.ts';
import type { BlobClaim, ImageClaim } from './claim.ts';
import { documentOf } from './claim.ts';
import { digestOf } from './descriptor.ts';
import { historyLayers, historyOf } from './history.ts';
import { memberOf } from './json.ts';
import { manifestDigest, platformTextOf } from './select.ts';

/** One image of one platform, or an artifact. Texts in it come from the source: they are masked before they leave. */
export interface AssembledImage {
  /** Unique among the images of the source: a name, or the source's own reference, with `@<digest>` where several have it. */
  readonly reference: string;
  /** Of the manifest; of the configuration where there is none. */
  readonly digest: string;
  /** `cache`: buildkit's, without a runnable configuration. `artifact`: no image, its blobs are scanned all the same.
   * `legacy`: from before Docker 1.10, or a schema 1 manifest. */
  readonly kind: ImageClaim['kind'];
  /** `os/arch[/variant]`; empty where nothing says it. */
  readonly platform: string;
  /** Base layer first. */
  readonly layers: readonly AssembledLayer[];
  readonly config: DocumentBlob | undefined;
  readonly manifest: DocumentBlob | undefined;
  /** Provenance, SBOM and signature documents about this image. */
  readonly attestations: readonly DocumentBlob[];
  /** For each entry of the configuration's history, the index of the layer that it made. */
  readonly historyLayer: readonly (number | undefined)[];
  /** Platforms that the image's index lists and the source does not hold. */
  readonly absentPlatforms: readonly string[];
}

export interface AssembledLayer {
  readonly index: number;
  /** Of the stored bytes, or what the manifest says they are; empty where nothing says it. */
  readonly digest: string;
  /** Of the unpacked bytes, or what the configuration says; empty where nothing says it. */
  readonly diffId: string;
  /** The instruction that made the layer; empty where nothing says it. */
  readonly createdBy: string;
  /** As the manifest gives it; empty without one. */
  readonly mediaType: string;
  /** Of the stored blob; 0 where it is absent. */
  readonly bytes: number;
  /** Undefined where it is absent or no tar. */
  readonly blob: LayerBlob | undefined;
}

/** An image before its reference and what is about it are known, with the claims that its layers are checked by. */
export interface DraftImage {
  readonly claim: ImageClaim;
  readonly layerClaims: readonly BlobClaim[];
  /** As the configuration has them; empty where it has none. */
  readonly diffIds: readonly string[];
  readonly image: Omit<AssembledImage, 'reference' | 'attestations' | 'absentPlatforms'>;
}

export function draftImage(claim: ImageClaim, table: BlobTable): DraftImage {
  const config = documentOf(claim.config);
  const diffIds = claim.kind === 'legacy' ? [] : readDiffIds(config, table);
  const layerClaims = [...claim.layers, ...unnamedLayers(claim, diffIds, table)];
  const history = historyOf(config?.json, table);
  const historyLayer = claim.historyLayer ?? historyLayers(history, layerClaims.length);
  const createdBy = claim.layerTexts ?? layerInstructions(history, historyLayer);
  const layers = layerClaims.map((layer, index): AssembledLayer => {
    const blob = layer.blob?.kind === 'layer' ? layer.blob : undefined;
    return {
      index,
      digest: digestOfLayer(layer),
      diffId: blob?.diffId ?? diffIds[index] ?? '',
      createdBy: createdBy[index] ?? '',
      mediaType: layer.mediaType,
      bytes: layer.blob?.size ?? 0,
      blob,
    };
  });
  const digest = manifestDigest(claim);
  const image = {
    digest: digest === '' ? (claim.config?.blob?.digest ?? claim.config?.digest ?? '') : digest,
    kind: claim.kind,
    platform: platformTextOf(claim),
    layers,
    config,
    manifest: documentOf(claim.manifest),
    historyLayer,
  };
  return { claim, layerClaims, diffIds, image };
}

/** Of what came; of what should have come, where nothing did. */
function digestOfLayer({ blob, digest }: BlobClaim): string {
  const isEmpty = blob?.isBroken === true && blob.size === 0 && digest !== '';
  return isEmpty ? digest : (blob?.digest ?? digest);
}

function readDiffIds(config: DocumentBlob | undefined, table: BlobTable): readonly string[] {
  return table.listOf(memberOf(memberOf(config?.json, 'rootfs'), 'diff_ids')).map(digestOf);
}

/** Layers that only the configuration knows: manifests without layers exist, and lists that were cut short. */
function unnamedLayers(claim: ImageClaim, diffIds: readonly string[], table: BlobTable): readonly BlobClaim[] {
  if (claim.kind !== 'image') return [];
  return diffIds.slice(claim.layers.length).map((diffId) => {
    return { digest: '', size: undefined, mediaType: '', blob: table.byDiffId(diffId), by: 'name' };
  });
}

function layerInstructions(
  history: readonly { readonly instruction: string }[],
  historyLayer: readonly (number | undefined)[],
): readonly string[] {
  const instructions: string[] = [];
  for (const [index, layer] of historyLayer.entries()) {
    if (layer !== undefined) instructions[layer] = history[index]?.instruction ?? '';
  }
  return instructions;
}
