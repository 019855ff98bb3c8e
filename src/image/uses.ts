import type { BlobRole, BlobUse, SourceBlob } from './blob.ts';
import type { BlobTable } from './blob-table.ts';
import type { BlobClaim, ImageClaim } from './claim.ts';
import { isSbomType, isStatementType } from './descriptor.ts';
import { arrayOf, memberOf, textOf } from './json.ts';
import { isLegacyConfig } from './legacy.ts';
import { shapeOf } from './manifest.ts';

/** Whose a claim's blobs are: an image's, nobody's, or only of images that are left out. */
export type Owner = number | 'nobody' | 'excluded';

/** Gathers what each blob is to the images. The first role that a document gives a blob stays. */
export class BlobUses {
  readonly #uses = new Map<SourceBlob, { role: BlobRole; images: Set<number>; excluded: boolean }>();

  add(blob: SourceBlob | undefined, role: BlobRole, owner: Owner): void {
    if (blob === undefined) return;
    const use = this.#uses.get(blob) ?? { role, images: new Set<number>(), excluded: false };
    this.#uses.set(blob, use);
    if (owner === 'excluded') use.excluded = true;
    else if (owner !== 'nobody') use.images.add(owner);
  }

  addImage(claim: ImageClaim, layers: readonly BlobClaim[], owner: Owner): void {
    const isArtifact = claim.kind === 'artifact';
    this.add(claim.manifest?.blob, 'manifest', owner);
    this.add(claim.config?.blob, claim.kind === 'legacy' ? 'legacy-config' : 'config', owner);
    for (const layer of layers) this.add(layer.blob, isArtifact ? artifactRole(layer) : 'layer', owner);
    for (const document of claim.documents) this.add(document, documentRole(document), owner);
  }

  /** A manifest about another one, and what it brings. */
  addAbout(claim: ImageClaim, owner: Owner): void {
    this.add(claim.manifest?.blob, 'attestation', owner);
    this.add(claim.config?.blob, 'attestation', owner);
    for (const layer of claim.layers) {
      const role = artifactRole(layer);
      this.add(layer.blob, role === 'artifact' && claim.kind !== 'artifact' ? 'attestation' : role, owner);
    }
    for (const document of claim.documents) this.add(document, documentRole(document), owner);
  }

  /** The uses of all blobs; what no document named gets its role by name and shape. */
  finish(table: BlobTable, imageCount: number): ReadonlyMap<SourceBlob, BlobUse> {
    const everyImage = Array.from({ length: imageCount }, (_, index) => index);
    const uses = new Map<SourceBlob, BlobUse>();
    for (const blob of table.blobs) {
      const use = this.#uses.get(blob);
      if (use === undefined) uses.set(blob, this.#unnamed(blob, table, everyImage));
      else {
        const images = [...use.images].sort((a, b) => a - b);
        uses.set(blob, { role: use.role, images, excluded: use.excluded && images.length === 0 });
      }
    }
    return uses;
  }

  #unnamed(blob: SourceBlob, table: BlobTable, everyImage: readonly number[]): BlobUse {
    const role = roleByName(blob.name) ?? roleByShape(blob);
    const isOfAll = role === 'layout' || role === 'repositories';
    if (!isOfAll && role !== 'legacy-config') return { role, images: [], excluded: false };
    const folder = blob.name.slice(0, blob.name.lastIndexOf('/') + 1);
    const layer = folder === '' ? undefined : table.byName(`${folder}layer.tar`)[0];
    const use = layer === undefined ? undefined : this.#uses.get(layer);
    if (use !== undefined) {
      const images = [...use.images].sort((a, b) => a - b);
      return { role, images, excluded: use.excluded && images.length === 0 };
    }
    return { role, images: isOfAll ? everyImage : [], excluded: false };
  }
}

function documentRole({ json }: { readonly json: unknown }): BlobRole {
  return shapeOf(json) === 'manifest' || shapeOf(json) === 'schema1' ? 'manifest' : 'index';
}

/** Of one blob of a manifest that is no image. */
function artifactRole({ mediaType, blob }: BlobClaim): BlobRole {
  if (blob?.kind === 'layer') return 'layer';
  const byShape = blob === undefined ? 'unknown' : roleByShape(blob);
  if (byShape === 'sbom' || isSbomType(mediaType)) return 'sbom';
  return byShape === 'attestation' || isStatementType(mediaType) ? 'attestation' : 'artifact';
}

function roleByName(name: string): BlobRole | undefined {
  if (name === 'repositories') return 'repositories';
  if (/^(?:oci-layout|version|(?:.*\/)?VERSION)$/.test(name)) return 'layout';
  // The base layer's may hold its id and nothing else.
  return /^[0-9a-f]{64}\/json$/.test(name) ? 'legacy-config' : undefined;
}

function roleByShape(blob: SourceBlob): BlobRole {
  if (blob.kind !== 'document') return blob.kind === 'layer' ? 'layer' : 'unknown';
  const { json } = blob;
  const shape = shapeOf(json);
  if (shape !== 'other') return shape === 'index' ? 'index' : 'manifest';
  if (isSbom(json)) return 'sbom';
  if (isStatement(json)) return isSbomType(textOf(memberOf(json, 'predicateType'))) ? 'sbom' : 'attestation';
  if (memberOf(json, 'rootfs') !== undefined && memberOf(json, 'architecture') !== undefined) return 'config';
  return isLegacyConfig(json) ? 'legacy-config' : 'unknown';
}

function isSbom(json: unknown): boolean {
  return memberOf(json, 'spdxVersion') !== undefined || memberOf(json, 'bomFormat') !== undefined;
}

/** In-toto, plain or in its signed envelope (DSSE). */
function isStatement(json: unknown): boolean {
  const isEnvelope = memberOf(json, 'payload') !== undefined && arrayOf(memberOf(json, 'signatures')).length > 0;
  return textOf(memberOf(json, '_type')).startsWith('https://in-toto.io/Statement') || isEnvelope;
}
