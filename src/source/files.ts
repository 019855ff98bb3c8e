import { lstatSync, realpathSync } from 'node:fs';
import { normalize, resolve, sep } from 'node:path';
import { ScanError } from '../errors.ts';
import type { EntryGap } from '../finding.ts';
import { readBuildIgnore } from './dockerignore.ts';
import type { FileType, FolderEntry, OnUnreadable } from './folder.ts';
import { describeFile, walkFolder } from './folder.ts';
import { isAbsent, readFailure } from './range.ts';

/** A file as `phiscan files` sees it. Its path is the argument's, normalized, and the path below it. */
export type FileObject = FolderEntry;

export interface FilesOptions {
  /** Leave out what a `docker build` of each given folder would leave out. */
  readonly dockerignore: boolean;
  /** Paths that are not looked at, nor what is below them; each is asked once. */
  readonly excludes?: ((path: string) => boolean) | undefined;
  /** Files that could not be listed or opened. Their paths are not masked yet. */
  readonly onGap: (gap: EntryGap) => void;
}

/**
 * The files that the patterns name: paths, folders with all that is below them, and globs. Each file once, in the order
 * of the paths; a path that exists is taken literally, even if it looks like a glob, and followed when it is a link.
 * Below it, links are given with their target's text and not followed; pipes, sockets and devices are given without
 * bytes, so that their names are scanned.
 * Throws ScanError before the first file when a pattern matches nothing.
 */
export async function* openFiles(
  patterns: readonly string[],
  options: FilesOptions,
): AsyncGenerator<FileObject, void, undefined> {
  const { onGap, excludes } = options;
  const onUnreadable: OnUnreadable = (path, detail) => {
    onGap({ reason: 'unreadable', path, detail });
  };
  for (const { path, place, literal } of await expandPatterns(patterns)) {
    if (excludes?.(path) === true) continue;
    const entry = describeFile(place, path, onUnreadable);
    if (entry === undefined) continue;
    if (literal && UNREAD.has(entry.type)) {
      // Somebody named it to have it read: `phiscan files <(zcat dump.gz)`.
      onGap({ reason: 'unsupported', path, detail: `a ${entry.type} is not read: give a file` });
    }
    if (entry.type === 'directory') yield* belowRoot(path, options, onUnreadable);
    else yield entry;
  }
}

async function* belowRoot(
  root: string,
  { dockerignore, excludes }: FilesOptions,
  onUnreadable: OnUnreadable,
): AsyncGenerator<FileObject, void, undefined> {
  const rules = dockerignore ? readBuildIgnore(root) : undefined;
  const prefix = root === '.' ? '' : root.endsWith(sep) ? root : root + sep;
  const entries = walkFolder(root, {
    onUnreadable: (path, detail) => {
      onUnreadable(path === '' ? root : prefix + path, detail);
    },
    wanted: (path: string, type: FileType) => {
      if (excludes?.(prefix + path) === true) return false;
      return type !== 'directory' || rules?.prunes(path) !== true;
    },
  });
  for await (const entry of entries) {
    if (rules?.ignores(entry.path) !== true) yield { ...entry, path: prefix + entry.path };
  }
}

const UNREAD: ReadonlySet<FileType> = new Set(['fifo', 'socket', 'device']);

interface Root {
  /** As given, normalized. */
  readonly path: string;
  /** Where it is: the end of the links, for a path that was given literally. */
  readonly place: string;
  /** False where a glob matched it. */
  readonly literal: boolean;
}

/** What to read, sorted so that a folder comes right before what is below it, and none inside another. */
async function expandPatterns(patterns: readonly string[]): Promise<readonly Root[]> {
  const roots = new Map<string, Root>();
  for (const pattern of patterns) {
    for (const root of await expandPattern(pattern)) roots.set(sortKey(root.place), root);
  }
  const kept: Root[] = [];
  let last: string | undefined;
  for (const [key, root] of [...roots].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (last !== undefined && key.startsWith(last)) continue;
    kept.push(root);
    last = key;
  }
  return kept;
}

/** Has the lowest character for every separator, and one at its end: `a/b` sorts right after `a` and starts with it. */
function sortKey(path: string): string {
  return `${resolve(path)}${sep}`.replaceAll(sep, '\0');
}

async function expandPattern(pattern: string): Promise<readonly Root[]> {
  const literal = findPath(pattern);
  if (literal !== undefined) return [literal];
  // Loaded here: most scans are of images, or of paths that exist.
  const { default: fastGlob } = await import('fast-glob');
  if (pattern !== '' && fastGlob.isDynamicPattern(pattern)) {
    const options = { dot: true, onlyFiles: false, followSymbolicLinks: false, suppressErrors: true };
    const matched = (await fastGlob(pattern, options)).map(normalizePath);
    if (matched.length > 0) return matched.map((path) => ({ path, place: path, literal: false }));
  }
  throw new ScanError('not-found', `nothing is at ${pattern}: give a path that exists, or a glob that matches one`);
}

function findPath(given: string): Root | undefined {
  try {
    lstatSync(given);
    const path = normalizePath(given);
    return { path, place: endOfLinks(path), literal: true };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new ScanError('denied', `${given} cannot be read: ${readFailure(error)}`, { cause: error });
  }
}

/** A link to nothing is itself its end. */
function endOfLinks(path: string): string {
  try {
    return lstatSync(path).isSymbolicLink() ? realpathSync(path) : path;
  } catch {
    return path;
  }
}

function normalizePath(path: string): string {
  const clean = normalize(path);
  return clean.length > 1 && clean.endsWith(sep) ? clean.slice(0, -1) : clean;
}
