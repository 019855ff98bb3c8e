import type { TarEntry } from '../unpack/tar-entry.ts';
import type { Budget } from './budget.ts';

/** In UTF-16 units. */
const PATH_CHARACTERS = 4096;

/** Where an entry is: at the top of a layer or file, or inside containers. */
export interface Place {
  /** With `!` between containers. */
  readonly path: string;
  /** Of the entry at the top. */
  readonly entryPath: string;
  readonly depth: number;
  /** Bytes of the entry, where something says so; it may lie. */
  readonly size: number | undefined;
  /** Of the outermost container; undefined at the top. */
  readonly budget: Budget | undefined;
}

export const OUTSIDE: Pick<Place, 'depth' | 'size' | 'budget'> = { depth: 0, size: undefined, budget: undefined };

/** Of a member of a tar. */
export function placeOf(entry: TarEntry, within: Place): Place {
  const path = shortened(entry.path.replace(/^(?:\.?\/)+/, ''));
  const { size } = entry;
  if (within.budget === undefined) return { ...within, size, path, entryPath: path };
  return { ...within, size, path: shortened(`${within.path}!${path}`) };
}

/** Linux opens no longer path, and a tar may name a million of a megabyte each: the ends are enough to know one. The
 * whole name is scanned as text all the same. */
export function shortened(path: string): string {
  if (path.length <= PATH_CHARACTERS) return path;
  const half = PATH_CHARACTERS / 2;
  return `${path.slice(0, half)}…${path.slice(-half)}`;
}

/** `db/seed.csv.gz` holds `seed.csv`: the name's ending helps to choose a reader. */
export function unpackedName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('!')) + 1);
  return name.replace(/\.(?:t?gz|zst|xz|bz2)$/i, '') || 'unpacked';
}
