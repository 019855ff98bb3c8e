import { lstatSync, readlinkSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readFailure, readRange } from './range.ts';
import type { ObjectBytes } from './source.ts';
import { noBytes } from './source.ts';

export type FileType = 'file' | 'symlink' | 'directory' | 'fifo' | 'socket' | 'device';

/** One name in a folder. Only regular files have bytes; nothing else is ever opened. */
export interface FolderEntry {
  /** Below the folder, separated by `/`. Bytes that are no UTF-8 are shown as U+FFFD. */
  readonly path: string;
  readonly type: FileType;
  readonly size: number;
  /** Text of a symbolic link, which is never followed. */
  readonly linkTarget?: string;
  readonly bytes: ObjectBytes;
}

export type OnUnreadable = (path: string, detail: string) => void;

export interface FolderOptions {
  /** With the path of what could not be listed or read; an empty path is the folder itself. */
  readonly onUnreadable: OnUnreadable;
  /** False: neither the entry nor anything below it is wanted. */
  readonly wanted?: (path: string, type: FileType) => boolean;
}

/** A name whose bytes are no UTF-8 cannot be opened by its text, so the bytes are kept. */
type Place = string | Buffer;

interface OpenFolder {
  readonly place: Place;
  readonly path: string;
  readonly names: Iterator<Place>;
}

/**
 * Everything below a folder, depth first and in the order of the names, so that two runs agree. Pulled: memory is the
 * names of one folder for each depth. (A glob library's walk pushes, and would hold the names of the whole tree.)
 */
export async function* walkFolder(root: string, options: FolderOptions): AsyncGenerator<FolderEntry, void, undefined> {
  const open: OpenFolder[] = [await openFolder(root, '', options)];
  for (let folder = open.at(-1); folder !== undefined; folder = open.at(-1)) {
    const name = folder.names.next();
    if (name.done === true) {
      open.pop();
      continue;
    }
    const path = folder.path === '' ? name.value.toString() : `${folder.path}/${name.value.toString()}`;
    const place = joinPlace(folder.place, name.value);
    const entry = describeFile(place, path, options.onUnreadable);
    if (entry === undefined || options.wanted?.(path, entry.type) === false) continue;
    yield entry;
    if (entry.type === 'directory') open.push(await openFolder(place, path, options));
  }
}

async function openFolder(place: Place, path: string, options: FolderOptions): Promise<OpenFolder> {
  try {
    return { place, path, names: (await listNames(place)).values() };
  } catch (error) {
    options.onUnreadable(path, readFailure(error));
    return { place, path, names: [].values() };
  }
}

/** In the order of UTF-16 code units, the same on every machine. */
async function listNames(folder: Place): Promise<readonly Place[]> {
  const names = await readdir(folder);
  names.sort();
  if (!names.some((name) => name.includes('\uFFFD'))) return names;
  const exact = (await readdir(folder, { encoding: 'buffer' })).sort((a, b) => a.compare(b));
  return exact.map((name) => (Buffer.from(name.toString()).equals(name) ? name.toString() : name));
}

function joinPlace(folder: Place, name: Place): Place {
  if (typeof folder === 'string' && typeof name === 'string') return join(folder, name);
  return Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(name)]);
}

/** Undefined, and reported, when the file is gone. Synchronous: 5 µs a call, far below the cost of a promise. */
export function describeFile(place: Place, path: string, onUnreadable: OnUnreadable): FolderEntry | undefined {
  try {
    const stats = lstatSync(place);
    const type = fileType(stats);
    if (type === 'symlink') return { path, type, size: 0, linkTarget: readlinkSync(place), bytes: noBytes };
    if (type !== 'file') return { path, type, size: 0, bytes: noBytes };
    return { path, type, size: stats.size, bytes: fileBytes(place, path, stats.size, onUnreadable) };
  } catch (error) {
    onUnreadable(path, readFailure(error));
    return undefined;
  }
}

/** A range is sent to workers, so its file is a string; a file that no string can name is read here, as a stream. */
function fileBytes(place: Place, path: string, length: number, onUnreadable: OnUnreadable): ObjectBytes {
  const range = { kind: 'range', offset: 0, length, wholeFile: true } as const;
  if (typeof place === 'string') return { ...range, file: place };
  const chunks = readRange({ ...range, file: place }, ({ detail }) => {
    onUnreadable(path, detail ?? 'could not be read');
  });
  return { kind: 'stream', chunks };
}

function fileType(stats: Stats): FileType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  return stats.isSocket() ? 'socket' : 'device';
}
