/** Gives findings and gaps the place that they have beside the entry they are in, and each finding its fingerprint. */

import { createHash } from 'node:crypto';
import { surfacePlace, withSurface } from '../aws/surfaces/surfaces.ts';
import type { EntryFinding, EntryGap, Finding, Gap, Location } from '../finding.ts';
import { lastingPlaceOf } from './lasting-place.ts';
import type { FoundInEntry, Tally } from './tally.ts';

interface Located {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
}

/** Findings of files on disk, which have no image. */
export function attributeFiles(target: string, found: readonly FoundInEntry[], gaps: readonly EntryGap[]): Located {
  return {
    findings: found.map(({ finding }) => surfaced(finding, locate(finding, { kind: 'file', target }))),
    gaps: gaps.map((gap) => locateGap(gap, { kind: 'file', target, path: gap.path })),
  };
}

/**
 * Findings of documents of ECS or ECR, or of what the Docker engine says of a container: `path` is a resource's name.
 *
 * @param surface - The id of the one that all of these documents are.
 */
export function attributeResources(
  kind: 'ecs' | 'container' | 'ecr',
  target: string,
  { found, gaps }: Pick<Tally, 'found' | 'gaps'>,
  surface?: string,
): Located {
  return {
    findings: found.map(({ finding }) => withSurface(locate(finding, { kind, target }), kind, surface)),
    gaps: gaps.map((gap) => locateGap(gap, { kind, target, path: gap.path })),
  };
}

/** In a document of AWS, or where a definition holds a text that AWS will keep. */
function surfaced({ document }: EntryFinding, finding: Finding): Finding {
  const { pointer } = finding.location;
  if (pointer === undefined) return finding;
  const hasSurface = document === 'ecs' || (document === 'definition' && surfacePlace(pointer) !== undefined);
  return hasSurface ? withSurface(finding) : finding;
}

/** What attribution adds to the place inside an entry. */
type Surroundings = Omit<Location, 'path'> & Partial<Pick<Location, 'path'>>;

export function locate({ place, document: _document, ...finding }: EntryFinding, surroundings: Surroundings): Finding {
  const location = { ...place, ...surroundings };
  return { fingerprint: fingerprintOf(finding.detector, location), ...finding, location };
}

export function locateGap({ reason, detail, bytes }: EntryGap, location: Location): Gap {
  return {
    reason,
    ...(detail === undefined ? {} : { detail }),
    ...(bytes === undefined ? {} : { bytes }),
    location,
  };
}

/** Of the place, never of the value: a hash of a value is reversible when there are only a billion of them. */
function fingerprintOf(detector: string, location: Location): string {
  const { place, pointer, field } = lastingPlaceOf(location);
  return createHash('sha256').update([detector, place, pointer, field].join('\0')).digest('hex').slice(0, 24);
}
