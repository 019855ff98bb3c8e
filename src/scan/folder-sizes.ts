import type { FolderSize } from '../target.ts';
import { limits } from '../limits.ts';

/** Levels that are told apart: `usr/share/doc`. */
const LEVELS = 3;

interface Sum {
  bytes: number;
  entries: number;
}

/**
 * What lies in which folder of a layer, or of files on disk. `add` once for each entry, in any order: neighbours share
 * their folder, so that most cost one comparison.
 */
export class FolderSizes {
  /** Of each folder without those below it; the root is the empty one. */
  readonly #own = new Map<string, Sum>();
  /** Characters before the first level. */
  readonly #base: string;
  #last: Sum;
  /** Of the last entry's folder, with its slash. */
  #prefix = '';
  /** Whether the folder counts what is below it, too. */
  #isDeepest = false;

  /** `base`: a folder that all is in, or nearly all; levels are counted from there on. */
  constructor(base = '') {
    this.#base = base === '' || base.endsWith('/') ? base : `${base}/`;
    this.#last = { bytes: 0, entries: 0 };
    this.#own.set('', this.#last);
  }

  /** A directory is an entry of the folder that it stands in. */
  add(path: string, bytes: number): void {
    if (!this.#isBesideLast(path)) this.#enter(path);
    this.#last.bytes += bytes;
    this.#last.entries += 1;
  }

  #isBesideLast(path: string): boolean {
    const { length } = this.#prefix;
    if (path.length <= length || !path.startsWith(this.#prefix)) return false;
    return this.#isDeepest || !path.includes('/', length);
  }

  #enter(path: string): void {
    const nameEnd = path.endsWith('/') ? path.length - 1 : path.length;
    let start = path.startsWith(this.#base) ? this.#base.length : 0;
    let end = 0;
    let level = 0;
    while (level < LEVELS) {
      const slash = path.indexOf('/', start);
      if (slash < 0 || slash >= nameEnd) break;
      end = slash;
      start = slash + 1;
      level += 1;
    }
    this.#prefix = path.slice(0, start);
    this.#isDeepest = level === LEVELS;
    this.#last = this.#sumOf(path.slice(0, end));
  }

  /** Where there is no room for one more folder, that of the one above it. */
  #sumOf(folder: string): Sum {
    const known = this.#own.get(folder);
    if (known !== undefined) return known;
    // First, so that a folder that comes when there is no room left still finds it.
    const above = this.#sumOf(this.#above(folder) ?? '');
    if (this.#own.size >= limits.countedFolders || folder.length > limits.folderCharacters) return above;
    const sum = { bytes: 0, entries: 0 };
    this.#own.set(folder, sum);
    return sum;
  }

  /**
   * The root and the largest folders, each with what is below it; nothing where there was no entry.
   *
   * @param mostBytes - That there can be: a header may state more than follows it.
   */
  finish(mostBytes: number, mask: (path: string) => string): readonly FolderSize[] {
    const all = new Map<string, Sum>();
    for (const [folder, { bytes, entries }] of this.#own) {
      for (let above: string | undefined = folder; above !== undefined; above = this.#above(above)) {
        const sum = all.get(above) ?? { bytes: 0, entries: 0 };
        sum.bytes += bytes;
        sum.entries += entries;
        all.set(above, sum);
      }
    }
    if (all.get('')?.entries === 0) return [];
    const listed = [...all]
      .filter(([path, { bytes }]) => path === '' || bytes > 0)
      .map(([path, { bytes, entries }]) => ({ path, bytes: Math.min(bytes, mostBytes), entries }))
      .sort(largestFirst)
      .slice(0, limits.listedFolders);
    return joined(listed.map((folder) => ({ ...folder, path: mask(folder.path) }))).sort(largestFirst);
  }

  /** Undefined above the root; what is above the base is the root. */
  #above(folder: string): string | undefined {
    if (folder === '') return undefined;
    const parent = parentOf(folder);
    return this.#base.startsWith(`${parent}/`) ? '' : parent;
  }
}

function parentOf(folder: string): string {
  return folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
}

/** A folder comes before what is in it. */
function largestFirst(a: FolderSize, b: FolderSize): number {
  return b.bytes - a.bytes || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

/** Folders that only their masked values tell apart are one. */
function joined(folders: readonly FolderSize[]): FolderSize[] {
  const byPath = new Map<string, FolderSize>();
  for (const { path, bytes, entries } of folders) {
    const same = byPath.get(path);
    byPath.set(path, { path, bytes: bytes + (same?.bytes ?? 0), entries: entries + (same?.entries ?? 0) });
  }
  return [...byPath.values()];
}

/** The folder that is above all of the paths or globs, and as deep as can be: `/srv/app` of `/srv/app/src` and `/srv/app/*.csv`. */
export function commonFolder(patterns: readonly string[]): string {
  const [first = [], ...others] = patterns.map(plainParts);
  let depth = first.length;
  for (const parts of others) {
    let same = 0;
    while (same < depth && parts[same] === first[same]) same += 1;
    depth = same;
  }
  return first.slice(0, depth).join('/');
}

function plainParts(pattern: string): readonly string[] {
  const parts = pattern.split('/');
  const end = parts.findIndex((part) => /[*?[\]{}()!+@]/.test(part));
  return parts
    .slice(0, end < 0 ? parts.length : end)
    .filter((part, index) => part !== '.' && (part !== '' || index === 0));
}
