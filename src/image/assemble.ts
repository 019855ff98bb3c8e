import { ScanError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { BlobUse, DocumentBlob, SourceBlob } from './blob.ts';
import { BlobTable } from './blob-table.ts';
import type { AssemblyGap, ImageClaim, OnGap } from './claim.ts';
import { documentOf } from './claim.ts';
import { isWellKnown } from './descriptor.ts';
import { readDockerManifests } from './docker-manifest.ts';
import type { AssembledImage, DraftImage } from './image.ts';
import { draftImage } from './image.ts';
import { walkIndexes } from './index-walk.ts';
import { readLegacyImages } from './legacy.ts';
import { mergeClaims } from './merge.ts';
import { readOrphans } from './orphans.ts';
import type { Platform } from './platform.ts';
import { parsePlatform } from './platform.ts';
import { referencesOf } from './reference.ts';
import type { Selection } from './select.ts';
import { manifestDigest, selectImages, subjectDigests } from './select.ts';
import type { Owner } from './uses.ts';
import { BlobUses } from './uses.ts';
import { contradictions, verifyImage, verifyNames, verifyStored } from './verify.ts';

export interface AssembleOptions {
  /** As `--platform` gives them; none: every platform that the source holds. */
  readonly platforms?: readonly string[] | undefined;
  /** Only the entries of index.json with this name (`oci:DIR:TAG`). */
  readonly tag?: string | undefined;
  /** The source's own reference: that of an image that has no name. */
  readonly sourceReference: string;
}

export interface Assembly {
  readonly images: readonly AssembledImage[];
  readonly gaps: readonly AssemblyGap[];
  /** Documents that contradict the bytes where the bytes were believed: nothing is missing. */
  readonly notes: readonly Omit<AssemblyGap, 'reason'>[];
  /** For every blob that was given. */
  readonly uses: ReadonlyMap<SourceBlob, BlobUse>;
  /** Platforms that indexes list and the source does not hold, sorted. `unknown/unknown`: attestations. */
  readonly absentPlatforms: readonly string[];
  /** Platforms of the images in the source, wanted or not, sorted: what to say when none is wanted. */
  readonly availablePlatforms: readonly string[];
}

/**
 * Puts what one pass over a source has collected together to images: the union of index.json, manifest.json and the
 * legacy metadata, none of which is reliable alone. Pure; documents of any shape give gaps, never errors.
 * Throws ScanError `usage` when one of `platforms` is none.
 */
export function assembleImages(blobs: readonly SourceBlob[], options: AssembleOptions): Assembly {
  const platforms = (options.platforms ?? []).map(wantedPlatform);
  const table = new BlobTable(blobs);
  const gaps = new GapList();
  const selection = readSelection(table, options.tag, platforms, gaps.add);
  const drafts = selection.wanted.map((claim) => draftImage(claim, table));
  const notes: Omit<AssemblyGap, 'reason'>[] = [];
  for (const [imageIndex, draft] of drafts.entries()) {
    verifyImage(draft, (gap) => {
      gaps.add({ ...gap, imageIndex });
    });
    for (const note of contradictions(draft)) notes.push({ ...note, imageIndex });
  }
  verifyNames(table, gaps.add);
  const uses = new BlobUses();
  const about = attachAbout(selection, uses, gaps.add);
  for (const [imageIndex, { claim, layerClaims }] of drafts.entries()) uses.addImage(claim, layerClaims, imageIndex);
  for (const claim of selection.excluded) uses.addImage(claim, claim.layers, 'excluded');
  for (const claim of selection.hollow) uses.addImage(claim, claim.layers, 'nobody');
  if (table.isCut) gaps.add({ reason: 'entry-limit', detail: 'the lists in the documents of the source are too long' });
  return {
    images: finishImages(drafts, about, selection, options.sourceReference),
    gaps: gaps.gaps,
    notes,
    uses: uses.finish(table, drafts.length),
    absentPlatforms: selection.absentPlatforms,
    availablePlatforms: selection.availablePlatforms,
  };
}

function wantedPlatform(text: string): Platform {
  const platform = parsePlatform(text);
  if (platform === undefined) {
    throw new ScanError('usage', 'the platform is none: write os/architecture, as in linux/arm64');
  }
  return platform;
}

function readSelection(
  table: BlobTable,
  tag: string | undefined,
  platforms: readonly Platform[],
  onGap: OnGap,
): Selection {
  const walk = walkIndexes(table, tag, onGap);
  const named = [...walk.claims, ...readDockerManifests(table, tag, onGap)];
  const isListed = named.length > 0 || walk.groups.some(({ absent }) => absent.length > 0);
  const claims = isListed ? named : readLegacyImages(table, onGap);
  const orphans = readOrphans(claims, walk.indexes, tag, table, onGap);
  return selectImages(mergeClaims([...claims, ...orphans]), walk.groups, platforms, onGap);
}

interface AboutImage {
  readonly documents: DocumentBlob[];
  isAbsent: boolean;
}

/** Gives attestations to their images, through the attestations that they are about themselves. What is about an index is
 * about all of its images. */
function attachAbout(selection: Selection, uses: BlobUses, onGap: OnGap): ReadonlyMap<number, AboutImage> {
  const owners = ownersOf(selection);
  const abouts = new Map(selection.about.map((claim) => [manifestDigest(claim), claim]));
  const attached = new Map<number, AboutImage>();
  for (const claim of selection.about) {
    let subject = claim.subject ?? '';
    for (let step = 0; step < limits.indexDepth && !owners.has(subject); step++) {
      subject = abouts.get(subject)?.subject ?? '';
    }
    for (const owner of owners.get(subject) ?? (['nobody'] as const)) {
      uses.addAbout(claim, owner);
      if (typeof owner !== 'number') continue;
      const about = attached.get(owner) ?? { documents: [], isAbsent: false };
      attached.set(owner, about);
      verifyAbout(claim, about, (gap) => {
        onGap({ ...gap, imageIndex: owner });
      });
    }
  }
  return attached;
}

/** By the digest of a manifest, or of an index above it. */
function ownersOf({ wanted, excluded }: Selection): ReadonlyMap<string, ReadonlySet<Owner>> {
  const owners = new Map<string, Set<Owner>>();
  const add = (digest: string, owner: Owner): void => {
    const known = owners.get(digest);
    if (known === undefined) owners.set(digest, new Set([owner]));
    else if (owner !== 'excluded') known.add(owner);
  };
  for (const [index, claim] of wanted.entries()) {
    for (const digest of subjectDigests(claim)) add(digest, index);
  }
  for (const claim of excluded) for (const digest of subjectDigests(claim)) add(digest, 'excluded');
  return owners;
}

/** An attestation of which only the manifest came is like one that did not come at all. */
function verifyAbout(claim: ImageClaim, about: AboutImage, onGap: OnGap): void {
  const blobs = [claim.config, ...claim.layers].filter((blob) => blob !== undefined);
  if (claim.manifest !== undefined) verifyStored(claim.manifest, 'an attestation manifest', onGap);
  if (blobs.every(({ blob }) => blob === undefined)) {
    about.isAbsent = true;
    return;
  }
  for (const claimed of blobs) {
    if (claimed.blob !== undefined) verifyStored(claimed, 'an attestation', onGap);
    else if (!isWellKnown(claimed.digest)) {
      onGap({ reason: 'missing-blob', detail: 'an attestation is absent', blobName: claimed.digest });
    }
  }
  about.documents.push(...claim.layers.map(documentOf).filter((document) => document !== undefined));
}

function finishImages(
  drafts: readonly DraftImage[],
  attached: ReadonlyMap<number, AboutImage>,
  selection: Selection,
  sourceReference: string,
): readonly AssembledImage[] {
  const references = referencesOf(drafts, sourceReference);
  return drafts.map(({ claim, image }, index) => {
    const about = attached.get(index);
    const absent = new Set(selection.absentPlatformsOf(claim));
    if (about?.isAbsent) absent.add('unknown/unknown');
    return {
      ...image,
      reference: references[index] ?? sourceReference,
      attestations: about?.documents ?? [],
      absentPlatforms: [...absent].sort(),
    };
  });
}

/** One gap for each reason and place: blobs that several images share are reported once. */
class GapList {
  readonly gaps: AssemblyGap[] = [];
  readonly #seen = new Set<string>();

  readonly add = (gap: AssemblyGap): void => {
    const place = gap.blobName ? gap.blobName : [gap.imageIndex, gap.detail];
    const key = JSON.stringify([gap.reason, place]);
    const isKnown = this.#seen.has(key);
    this.#seen.add(key);
    if (!isKnown) this.gaps.push(gap);
  };
}
