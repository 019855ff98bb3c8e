import { posix } from 'node:path';
import type { Chunks, OnProblem } from '../unpack/chunks.ts';
import { TarReader } from '../unpack/tar.ts';
import { storedRuns, TarHoles } from '../unpack/tar-holes.ts';
import type { TarEntry } from '../unpack/tar-entry.ts';
import type { ObjectBytes, SourceObject } from './source.ts';
import { noBytes } from './source.ts';

/**
 * The members of an archive, as objects. With `file`, the chunks are that file's and uncompressed: members are ranges of
 * it, and their bytes are passed over here. Without, members are streams.
 */
export async function* archiveObjects(
  chunks: Chunks,
  file: string | undefined,
  onProblem: OnProblem,
): AsyncGenerator<SourceObject, void, undefined> {
  const reader = new TarReader(chunks, onProblem);
  const holes = new TarHoles();
  try {
    for (let entry = reader.header(); entry !== null; entry = reader.header()) {
      if (entry === undefined) await reader.fill();
      else {
        const isWhole = holes.allows(entry);
        if (!isWhole) {
          const detail = `a sparse member of ${entry.size} bytes, of which ${entry.storedSize} are stored: its holes are left out`;
          onProblem({ reason: 'ratio-limit', detail });
        }
        yield memberObject(entry, reader, file, isWhole);
      }
    }
  } finally {
    await reader.close();
  }
}

function memberObject(entry: TarEntry, reader: TarReader, file: string | undefined, isWhole: boolean): SourceObject {
  const name = memberName(entry.path);
  const alias = aliasOf(entry, name);
  const size = alias === undefined ? entry.size : 0;
  return {
    name,
    size,
    ...(alias !== undefined && { alias }),
    bytes: size === 0 ? noBytes : memberBytes(entry, reader, file, isWhole),
    linkTarget: entry.linkTarget,
    // A name loses what stands before its `..`: that is text too.
    metadata: entry.path.includes('..') ? [...entry.metadata, ['path', entry.path]] : entry.metadata,
  };
}

function memberBytes(entry: TarEntry, reader: TarReader, file: string | undefined, isWhole: boolean): ObjectBytes {
  // The bytes of a sparse member do not lie together in the file, and the end of stray ones is not known yet.
  if (!isWhole) return { kind: 'stream', chunks: storedRuns(reader) };
  if (file === undefined || entry.type !== 'file' || entry.storedSize !== entry.size) {
    return { kind: 'stream', chunks: reader.bodyChunks() };
  }
  return { kind: 'range', file, offset: entry.offset, length: entry.storedSize };
}

/** As manifests name it: `./blobs//x` is `blobs/x`. `..` cannot leave the archive. */
function memberName(path: string): string {
  return posix.normalize(`/${path}`).replace(/^\/|\/$/g, '');
}

/** Links are names, resolved inside the archive only: a hard link's from its root, a symbolic one's from the link. */
function aliasOf(entry: TarEntry, name: string): string | undefined {
  if (entry.type === 'hardlink') return entry.size > 0 ? undefined : memberName(entry.linkTarget);
  if (entry.type !== 'symlink') return undefined;
  return resolveLink(name, entry.linkTarget);
}

/** Undefined for a target outside of the archive or folder. */
export function resolveLink(name: string, target: string): string | undefined {
  if (target.startsWith('/')) return undefined;
  const resolved = posix.join(posix.dirname(name), target);
  return resolved === '..' || resolved.startsWith('../') ? undefined : memberName(resolved);
}
