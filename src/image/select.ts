import { limits } from '../limits.ts';
import type { AbsentChild, ImageClaim, IndexGroup, OnGap } from './claim.ts';
import { documentOf } from './claim.ts';
import { isWellKnown, readPlatform } from './descriptor.ts';
import type { MergedClaims } from './merge.ts';
import type { Platform } from './platform.ts';
import { formatPlatform, isUnknownPlatform, platformKey, wantsAnyOf } from './platform.ts';

/** Which images are meant, and what the indexes list beyond what the source holds. */
export interface Selection {
  readonly wanted: readonly ImageClaim[];
  /** Attestations, signatures and SBOMs of other manifests of the source. */
  readonly about: readonly ImageClaim[];
  /** Of another platform or tag. */
  readonly excluded: readonly ImageClaim[];
  /** Manifests whose content the source does not hold, of platforms that nobody misses. */
  readonly hollow: readonly ImageClaim[];
  readonly absentPlatformsOf: (claim: ImageClaim) => readonly string[];
  readonly absentPlatforms: readonly string[];
  readonly availablePlatforms: readonly string[];
}

/**
 * Engines save what they have: an index whose other platforms were never pulled is normal, and they are named. An absent
 * platform is a gap when it is the wanted one, or when the index has no other with content (moby#49473).
 */
export function selectImages(
  merged: MergedClaims,
  groups: readonly IndexGroup[],
  wantedPlatforms: readonly Platform[],
  onGap: OnGap,
): Selection {
  const hollow = new Set<ImageClaim>();
  const absentOf = new Map<ImageClaim, Set<string>>();
  const allAbsent = new Set<string>();
  for (const group of groups) {
    const present = [...new Set([...group.present].map(merged.mergedOf))].filter((claim) => claim !== undefined);
    const held = heldOf(present);
    const names = new Set<string>();
    for (const claim of present) {
      const own = claim.platform;
      if (!isHollow(claim) || own === undefined || !isOther(own, held, wantedPlatforms)) continue;
      hollow.add(claim);
      addPlatform(names, formatPlatform(own));
    }
    for (const child of group.absent) reportAbsent(child, held, wantedPlatforms, names, onGap);
    for (const claim of held.claims) absentOf.set(claim, names);
    for (const name of names) allAbsent.add(name);
  }
  const manifests = new Set(merged.claims.flatMap(subjectDigests));
  const about = new Set(merged.claims.filter((claim) => isAbout(claim, manifests)));
  const images = merged.claims.filter((claim) => !hollow.has(claim) && !about.has(claim));
  const isWanted = (claim: ImageClaim): boolean => claim.tagged && hasPlatform(claim, wantedPlatforms);
  const available = images.filter(({ tagged }) => tagged).map(platformTextOf);
  return {
    wanted: images.filter(isWanted),
    about: [...about],
    excluded: images.filter((claim) => !isWanted(claim)),
    hollow: [...hollow],
    absentPlatformsOf: (claim) => [...(absentOf.get(claim) ?? [])].sort(),
    absentPlatforms: [...allAbsent].sort(),
    availablePlatforms: [...new Set(available)].filter((text) => text !== '').sort(),
  };
}

/** As its index calls it; else of its stored bytes. Empty without a manifest. */
export function manifestDigest({ manifest }: ImageClaim): string {
  return manifest === undefined || manifest.digest === '' ? (manifest?.blob?.digest ?? '') : manifest.digest;
}

/** What others may be about that are about this image: its manifest, and the indexes that lead to it. */
export function subjectDigests(claim: ImageClaim): readonly string[] {
  return [manifestDigest(claim), ...claim.documents.map(({ digest }) => digest)];
}

/** An artifact whose subject is elsewhere is a target of its own; an attestation never is. */
function isAbout({ subject, kind }: ImageClaim, manifests: ReadonlySet<string>): boolean {
  return subject !== undefined && (kind !== 'artifact' || manifests.has(subject));
}

/** `os/arch[/variant]` as the index, else the configuration says; empty where neither does. */
export function platformTextOf(claim: ImageClaim): string {
  const platform = claim.platform ?? readPlatform(documentOf(claim.config)?.json);
  return platform === undefined ? '' : formatPlatform(platform);
}

function reportAbsent(
  child: AbsentChild,
  held: HeldImages,
  wantedPlatforms: readonly Platform[],
  names: Set<string>,
  onGap: OnGap,
): void {
  if (!child.tagged) return;
  if (child.subject !== undefined || (child.platform !== undefined && isUnknownPlatform(child.platform))) {
    // Pulled images often come without: nothing of the image is missing, and the report says so by the index's own words.
    if (!child.subject || held.digests.has(child.subject)) addPlatform(names, 'unknown/unknown');
  } else if (child.platform !== undefined && isOther(child.platform, held, wantedPlatforms)) {
    addPlatform(names, formatPlatform(child.platform));
  } else {
    const detail = 'the manifest of an image is absent';
    onGap({ reason: 'missing-blob', detail, blobName: child.digest });
  }
}

/** True when nobody misses this platform: another was asked for, or nobody asked and another has content. */
function isOther(own: Platform, held: HeldImages, wanted: readonly Platform[]): boolean {
  if (wanted.length > 0) return !wantsAnyOf(wanted, own);
  return held.claims.length > 0 && !held.platforms.has(platformKey(own));
}

/** The images of one index that have content. */
interface HeldImages {
  readonly claims: readonly ImageClaim[];
  readonly platforms: ReadonlySet<string>;
  readonly digests: ReadonlySet<string>;
}

function heldOf(present: readonly ImageClaim[]): HeldImages {
  const claims = present.filter((claim) => !isHollow(claim) && claim.subject === undefined);
  const platforms = claims.map(({ platform }) => (platform === undefined ? '' : platformKey(platform)));
  return { claims, platforms: new Set(platforms), digests: new Set(claims.map(manifestDigest)) };
}

function addPlatform(names: Set<string>, name: string): void {
  if (names.size < limits.absentPlatforms) names.add(name);
}

/** A manifest that came alone: containerd keeps the manifests of platforms whose content it never pulled. */
function isHollow({ config, layers, kind }: ImageClaim): boolean {
  if (config === undefined || config.blob !== undefined || isWellKnown(config.digest) || kind === 'legacy')
    return false;
  return layers.some(({ blob }) => blob === undefined) || layers.length === 0;
}

/** An image that does not say its platform is taken: what cannot be told apart is not left out. */
function hasPlatform(claim: ImageClaim, wanted: readonly Platform[]): boolean {
  const own = [claim.platform, readPlatform(documentOf(claim.config)?.json)].filter(
    (platform) => platform !== undefined,
  );
  return own.length === 0 || own.some((platform) => wantsAnyOf(wanted, platform));
}
