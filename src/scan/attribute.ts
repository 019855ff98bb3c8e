/** Gives every finding and gap of a source its image, layer, instruction and visibility, when all blobs are known. */

import { ofPackage } from '../detect/package-file.ts';
import type { Engine } from '../engine/engine.ts';
import type { EntryFinding, ExcludedPaths, Finding, Gap, Location, LocationKind } from '../finding.ts';
import type { InstructionPlace, LayerReference, Target } from '../target.ts';
import type { Assembly } from '../image/assemble.ts';
import type { BlobRole, SourceBlob } from '../image/blob.ts';
import { namedDigest } from '../image/descriptor.ts';
import type { AssembledImage, AssembledLayer } from '../image/image.ts';
import { isOwned } from '../image/owned-files.ts';
import { visibilityOf } from '../image/visibility.ts';
import type { Source } from '../source/source.ts';
import type { ScannedBlob } from './blob.ts';
import type { ScannedSource } from './blobs.ts';
import { configurationFindings, repeatsConfiguration } from './configuration-places.ts';
import { elementFindings } from './element-places.ts';
import { InstructionPlaces, type NamedDockerfile } from './instruction-places.ts';
import { locate, locateGap } from './located.ts';
import { canBeTakenApart, withoutValues } from './place-values.ts';

/** What one source adds to a report. */
export interface Attributed {
  readonly targets: readonly Target[];
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly bytes: number;
  readonly entries: number;
  readonly excluded?: readonly ExcludedPaths[];
}

/** `dockerfile`: the one that the images may have been built from. */
export function attribute(
  source: Source,
  scanned: ScannedSource,
  assembly: Assembly,
  engine: Engine,
  dockerfile?: NamedDockerfile,
): Attributed {
  return new Attribution(source, scanned, assembly, engine, dockerfile).run();
}

class Attribution {
  readonly #source: Source;
  readonly #scanned: ScannedSource;
  readonly #assembly: Assembly;
  readonly #engine: Engine;
  readonly #sourceTarget: string;
  /** Of images, those that are left out too: what repeats them is left out with them. */
  readonly #configurations: readonly unknown[];
  /** Of each image. */
  readonly #instructions: ReadonlyMap<AssembledImage, InstructionPlaces>;
  readonly #findings: Finding[] = [];
  readonly #gaps: Gap[] = [];

  constructor(
    source: Source,
    scanned: ScannedSource,
    assembly: Assembly,
    engine: Engine,
    dockerfile: NamedDockerfile | undefined,
  ) {
    this.#source = source;
    this.#scanned = scanned;
    this.#assembly = assembly;
    this.#engine = engine;
    this.#sourceTarget = engine.maskText(source.reference);
    this.#instructions = new Map(assembly.images.map((image) => [image, new InstructionPlaces(image, dockerfile)]));
    this.#configurations = [...assembly.uses]
      .filter(([, { role }]) => role === 'config')
      .map(([blob]) => (blob.kind === 'document' ? blob.json : undefined));
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
      this.#findings.push(locate(finding, { kind: 'manifest', target }));
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
      // A tar may also stand where a document should: what was found in it must not be lost.
      const isLayer = image.layers.some((layer) => layer.blob === blob);
      if (isLayer) this.#layer(blob, result, image, this.#target(index));
      else this.#document(blob, result, use.role, image, this.#target(index));
    }
  }

  #unreferenced(blob: SourceBlob, result: ScannedBlob, role: BlobRole): void {
    const within = (path: string, pointer?: string): Location => ({
      kind: kindOf(role, pointer),
      target: this.#sourceTarget,
      path: this.#pathIn(blob, path),
      visibility: 'unreferenced',
    });
    for (const finding of this.#findingsOf(blob, result, role)) {
      const { path, pointer } = finding.place;
      this.#findings.push(locate(finding, within(path, pointer)));
    }
    for (const gap of result.gaps) this.#gaps.push(locateGap(gap, within(gap.path)));
  }

  #layer(blob: SourceBlob, result: ScannedBlob, image: AssembledImage, target: string): void {
    const trees = image.layers.map((layer) => layer.blob?.tree);
    const owned = image.layers.flatMap(({ blob: of }) => (of && this.#scanned.scanned.get(of)?.owned) ?? []);
    for (const layer of image.layers) {
      if (layer.blob !== blob) continue;
      const reference = this.#layerReference(layer, image);
      for (const { finding, entry } of result.found) {
        const isPackages = isOwned(owned, entry.keys);
        const { visibility, hiddenBy } = visibilityOf(trees, layer.index, entry);
        this.#findings.push(
          locate(isPackages ? ofPackage(finding) : finding, {
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
    const own = new Set([blob.digest, namedDigest(blob.name)]);
    const asLayer = role === 'layer' ? image.layers.find(({ digest }) => own.has(digest)) : undefined;
    const layerOf = (pointer: string | undefined): Pick<Location, 'layer' | 'instruction'> => {
      const entry = historyEntryOf(pointer);
      const layer = entry === undefined ? asLayer : image.layers[image.historyLayer[entry] ?? -1];
      if (layer !== undefined) return { layer: this.#layerReference(layer, image) };
      const isConfig = role === 'config' && pointer !== undefined;
      const instruction = isConfig ? this.#instructions.get(image)?.ofPointer(pointer) : undefined;
      return instruction === undefined ? {} : { instruction: this.#masked(instruction) };
    };
    for (const finding of this.#findingsOf(blob, result, role)) {
      const { pointer, path: place } = finding.place;
      const path = this.#pathIn(blob, place);
      this.#findings.push(locate(finding, { kind: kindOf(role, pointer), target, path, ...layerOf(pointer) }));
    }
    for (const gap of result.gaps) {
      const path = this.#pathIn(blob, gap.path);
      this.#gaps.push(locateGap(gap, { kind: kindOf(role, undefined), target, path, ...layerOf(undefined) }));
    }
  }

  /** Members of a tar are named from its root, everything else from its blob on. `path` is masked already. */
  #pathIn(blob: SourceBlob, path: string): string {
    if (path !== '' && blob.kind !== 'layer') return path;
    const name = this.#engine.maskText(blob.name);
    return path === '' ? name : `${name}!${path}`;
  }

  /** Of a document: each with its own place, and none that an image's configuration has word for word. */
  #findingsOf(blob: SourceBlob, result: ScannedBlob, role: BlobRole): readonly EntryFinding[] {
    const found = result.found.map(({ finding }) => finding);
    if (blob.kind !== 'document' || role === 'artifact' || role === 'unknown') return found;
    const { json } = blob;
    if (!canBeTakenApart(json)) return found;
    const isConfiguration = role === 'config' || role === 'legacy-config';
    const members = isConfiguration ? configurationFindings(this.#engine, blob.name, json, found) : found;
    const elements = members.flatMap((finding) => elementFindings(this.#engine, json, finding));
    const findings = withoutValues(this.#engine, json, elements);
    if (role !== 'legacy-config') return findings;
    return findings.filter(({ place }) => !repeatsConfiguration(json, place.pointer, this.#configurations));
  }

  #layerReference({ index, digest, diffId, createdBy }: AssembledLayer, image: AssembledImage): LayerReference {
    const mask = (text: string): string => this.#engine.maskText(text);
    const instruction = this.#instructions.get(image)?.ofLayer(index);
    return {
      index,
      // What documents call a digest may be any text.
      digest: mask(digest),
      diffId: mask(diffId),
      createdBy: mask(createdBy),
      ...(instruction && { instruction: this.#masked(instruction) }),
    };
  }

  #masked({ file, line, endLine }: InstructionPlace): InstructionPlace {
    return { file: this.#engine.maskText(file), line, endLine };
  }

  #target(imageIndex: number | undefined): string {
    const image = imageIndex === undefined ? undefined : this.#assembly.images[imageIndex];
    return image === undefined ? this.#sourceTarget : this.#engine.maskText(image.reference);
  }

  #targets(): readonly Target[] {
    const source = this.#engine.maskText(this.#source.chosen);
    const images = this.#assembly.images.map((image, index): Target => ({
      reference: this.#target(index),
      source,
      digest: this.#engine.maskText(image.digest),
      platform: this.#engine.maskText(image.platform),
      layers: image.layers.map((layer) => ({
        ...this.#layerReference(layer, image),
        bytes: layer.blob?.size ?? 0,
        entries: layer.blob?.entries ?? 0,
        ...(layer.blob !== undefined && layer.blob.folders.length > 0 && { folders: layer.blob.folders }),
      })),
      ...(image.absentPlatforms.length > 0 && {
        absentPlatforms: image.absentPlatforms.map((text) => this.#engine.maskText(text)),
      }),
    }));
    const isOfSource = ({ location: { target } }: { readonly location: Location }): boolean =>
      target === this.#sourceTarget;
    const isNamed = images.some(({ reference }) => reference === this.#sourceTarget);
    if (isNamed || !(this.#findings.some(isOfSource) || this.#gaps.some(isOfSource))) return images;
    // What no image uses is told of the source as a whole.
    const absentPlatforms = this.#assembly.absentPlatforms.map((text) => this.#engine.maskText(text));
    const isListed = images.length === 0 && absentPlatforms.length > 0;
    const whole = { reference: this.#sourceTarget, source, digest: '', platform: '', layers: [] };
    return [...images, isListed ? { ...whole, absentPlatforms } : whole];
  }
}

/** Index in the configuration's history. */
function historyEntryOf(pointer: string | undefined): number | undefined {
  const entry = /^history\[(\d+)\]/.exec(pointer ?? '')?.[1];
  return entry === undefined ? undefined : Number(entry);
}

function kindOf(role: BlobRole, pointer: string | undefined): LocationKind {
  switch (role) {
    case 'config':
    case 'legacy-config':
      return /^history\b/.test(pointer ?? '') ? 'history' : 'config';
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
