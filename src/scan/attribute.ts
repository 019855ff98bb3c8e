/** Gives every finding and gap of a source its image, layer, instruction and visibility, when all blobs are known. */

import { createHash } from 'node:crypto';
import type { Engine } from '../detect/engine.ts';
import type {
  EntryFinding,
  EntryGap,
  Finding,
  Gap,
  LayerReference,
  Location,
  LocationKind,
  Target,
} from '../finding.ts';
import type { Assembly } from '../image/assemble.ts';
import type { BlobRole, SourceBlob } from '../image/blob.ts';
import type { AssembledImage, AssembledLayer } from '../image/image.ts';
import { visibilityOf } from '../image/visibility.ts';
import type { Source } from '../source/source.ts';
import type { ScannedBlob } from './blob.ts';
import type { ScannedSource } from './blobs.ts';
import type { FoundInEntry } from './tally.ts';

/** What one source adds to a report. */
export interface Attributed {
  readonly targets: readonly Target[];
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly bytes: number;
  readonly entries: number;
}

export function attribute(source: Source, scanned: ScannedSource, assembly: Assembly, engine: Engine): Attributed {
  return new Attribution(source, scanned, assembly, engine).run();
}

/** Findings of files on disk, which have no image. */
export function attributeFiles(
  target: string,
  found: readonly FoundInEntry[],
  gaps: readonly EntryGap[],
): Pick<Attributed, 'findings' | 'gaps'> {
  const place = (entry: { readonly path: string }): Location => ({ ...entry, kind: 'file', target });
  return {
    findings: found.map(({ finding }) => locate(finding, place(finding.place))),
    gaps: gaps.map((gap) => locateGap(gap, place({ path: gap.path }))),
  };
}

class Attribution {
  readonly #source: Source;
  readonly #scanned: ScannedSource;
  readonly #assembly: Assembly;
  readonly #engine: Engine;
  readonly #sourceTarget: string;
  readonly #findings: Finding[] = [];
  readonly #gaps: Gap[] = [];

  constructor(source: Source, scanned: ScannedSource, assembly: Assembly, engine: Engine) {
    this.#source = source;
    this.#scanned = scanned;
    this.#assembly = assembly;
    this.#engine = engine;
    this.#sourceTarget = engine.maskText(source.reference);
  }

  run(): Attributed {
    let bytes = 0;
    let entries = 0;
    for (const [blob, result] of this.#scanned.scanned) {
      bytes += result.bytes;
      entries += result.entries;
      this.#blob(blob, result);
    }
    this.#medium();
    for (const { reason, detail, imageIndex, blobName } of this.#assembly.gaps) {
      const path = this.#engine.maskText(blobName ?? '');
      this.#gaps.push(
        locateGap({ reason, detail, path }, { kind: 'manifest', target: this.#target(imageIndex), path }),
      );
    }
    return { targets: this.#targets(), findings: this.#findings, gaps: this.#gaps, bytes, entries };
  }

  /** What stands in the archive's own headers, and what went wrong with the medium. */
  #medium(): void {
    const { found, gaps } = this.#scanned.tally;
    const target = this.#sourceTarget;
    for (const { finding } of found) {
      this.#findings.push(locate(finding, { ...finding.place, kind: 'manifest', target }));
    }
    for (const gap of gaps) this.#gaps.push(locateGap(gap, { kind: 'manifest', target, path: gap.path }));
  }

  #blob(blob: SourceBlob, result: ScannedBlob): void {
    const use = this.#assembly.uses.get(blob) ?? { role: 'unknown', images: [], excluded: false };
    if (use.excluded) return;
    if (use.images.length === 0) this.#unreferenced(blob, result, use.role);
    for (const index of use.images) {
      const image = this.#assembly.images[index];
      if (image === undefined) continue;
      if (blob.kind === 'layer') this.#layer(blob, result, image, this.#target(index));
      else this.#document(blob, result, use.role, image, this.#target(index));
    }
  }

  #unreferenced(blob: SourceBlob, result: ScannedBlob, role: BlobRole): void {
    const name = this.#engine.maskText(blob.name);
    const kind = kindOf(role, undefined);
    const within = (path: string): Location => ({
      kind,
      target: this.#sourceTarget,
      path: path === '' || path === name ? name : `${name}!${path}`,
      visibility: 'unreferenced',
    });
    for (const { finding } of result.found) {
      this.#findings.push(locate(finding, { ...finding.place, ...within(finding.place.path) }));
    }
    for (const gap of result.gaps) this.#gaps.push(locateGap(gap, within(gap.path)));
  }

  #layer(blob: SourceBlob, result: ScannedBlob, image: AssembledImage, target: string): void {
    const trees = image.layers.map((layer) => layer.blob?.tree);
    for (const layer of image.layers) {
      if (layer.blob !== blob) continue;
      const reference = this.#layerReference(layer);
      for (const { finding, entryPath } of result.found) {
        const { visibility, hiddenBy } = visibilityOf(trees, layer.index, entryPath);
        this.#findings.push(
          locate(finding, {
            ...finding.place,
            kind: 'file',
            target,
            layer: reference,
            visibility,
            ...(hiddenBy === undefined ? {} : { hiddenBy }),
          }),
        );
      }
      for (const gap of result.gaps) {
        this.#gaps.push(locateGap(gap, { kind: 'file', target, layer: reference, path: gap.path }));
      }
    }
  }

  #document(blob: SourceBlob, result: ScannedBlob, role: BlobRole, image: AssembledImage, target: string): void {
    for (const { finding } of result.found) {
      const { pointer } = finding.place;
      const entry = /^history\[(\d+)\]/.exec(pointer ?? '')?.[1];
      const kind = kindOf(role, entry);
      const layer = entry === undefined ? undefined : image.layers[image.historyLayer[Number(entry)] ?? -1];
      const located = locate(finding, {
        ...finding.place,
        kind,
        target,
        ...(layer === undefined ? {} : { layer: this.#layerReference(layer) }),
      });
      // Docker repeats the configuration in a legacy one for each layer: the same words at the same pointer count once.
      if (role === 'legacy-config' && this.#has(located)) continue;
      this.#findings.push(located);
    }
    for (const gap of result.gaps) {
      this.#gaps.push(
        locateGap(gap, { kind: kindOf(role, undefined), target, path: this.#engine.maskText(blob.name) }),
      );
    }
  }

  #has({ fingerprint, location }: Finding): boolean {
    return this.#findings.some(
      (other) => other.fingerprint === fingerprint && other.location.target === location.target,
    );
  }

  #layerReference({ index, digest, diffId, createdBy }: AssembledLayer): LayerReference {
    const mask = (text: string): string => this.#engine.maskText(text);
    // What documents call a digest may be any text.
    return { index, digest: mask(digest), diffId: mask(diffId), createdBy: mask(createdBy) };
  }

  #target(imageIndex: number | undefined): string {
    const image = imageIndex === undefined ? undefined : this.#assembly.images[imageIndex];
    return image === undefined ? this.#sourceTarget : this.#engine.maskText(image.reference);
  }

  #targets(): readonly Target[] {
    return this.#assembly.images.map((image, index) => ({
      reference: this.#target(index),
      source: this.#engine.maskText(this.#source.chosen),
      digest: this.#engine.maskText(image.digest),
      platform: this.#engine.maskText(image.platform),
      layers: image.layers.map((layer) => ({
        ...this.#layerReference(layer),
        bytes: layer.blob?.size ?? 0,
        entries: layer.blob?.entries ?? 0,
      })),
      ...(image.absentPlatforms.length > 0 && { absentPlatforms: image.absentPlatforms.map((platform) => this.#engine.maskText(platform)) }),
    }));
  }
}

function kindOf(role: BlobRole, historyEntry: string | undefined): LocationKind {
  switch (role) {
    case 'config':
    case 'legacy-config':
      return historyEntry === undefined ? 'config' : 'history';
    case 'layer':
    case 'artifact':
    case 'unknown':
      return 'file';
    case 'index':
    case 'manifest':
    case 'attestation':
    case 'sbom':
    case 'repositories':
    case 'layout':
      return 'manifest';
  }
}

function locate({ place: _, ...finding }: EntryFinding, location: Location): Finding {
  return { fingerprint: fingerprintOf(finding.detector, location), ...finding, location };
}

function locateGap({ reason, detail, bytes }: EntryGap, location: Location): Gap {
  return {
    reason,
    ...(detail === undefined ? {} : { detail }),
    ...(bytes === undefined ? {} : { bytes }),
    location,
  };
}

/** Of the place, never of the value: a hash of a value is reversible when there are only a billion of them. Names of
 * blobs are left out, since a rebuild changes them. */
function fingerprintOf(detector: string, { kind, path, pointer, field }: Location): string {
  const place = kind === 'file' ? path : kind === 'history' ? 'history' : kind;
  const parts = [detector, place, pointer ?? '', field ?? ''];
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 24);
}
