import { lastingPath } from '../aws/ecs/resource-path.ts';
import { generalPointer } from '../detect/pointer.ts';
import type { Location, LocationKind } from '../finding.ts';

/** Kinds of places that are called the same after a rebuild. */
const OWN_PATH: ReadonlySet<LocationKind> = new Set(['file', 'container']);

/** What of a place is the same after a rebuild: a path or a kind, a pointer, a field. Empty where there is none. */
export interface LastingPlace {
  readonly place: string;
  readonly pointer: string;
  readonly field: string;
}

/** Names of blobs and indexes in lists are left out, since a rebuild changes them. */
export function lastingPlaceOf({ kind, path, pointer, field }: Omit<Location, 'layer'>): LastingPlace {
  const place = kind === 'ecs' || kind === 'ecr' ? lastingPath(path) : OWN_PATH.has(kind) ? path : kind;
  return { place, pointer: generalPointer(pointer ?? ''), field: field ?? '' };
}
