import { normalizePath, PathHash } from './path-hash.ts';
import { holdsHash } from './sorted-hashes.ts';
import type { LayerTree } from './tree.ts';
import { whiteoutKind } from './tree.ts';

export interface PathVisibility {
  readonly visibility: 'visible' | 'overwritten' | 'deleted';
  /** Index of the first layer that hides the path; its own layer, when the path is a whiteout and never shown. */
  readonly hiddenBy?: number;
}

/** A path without its text, which may hold a value: what is asked of it when all layers are known. */
export interface PathTrace {
  readonly isWhiteout: boolean;
  /** As anything but a directory; as a directory it is one more. */
  readonly self: number;
  /** The same of all folders above, the root first. */
  readonly folders: readonly number[];
}

/** `path`: of a layer's own entry, not of one nested in it. */
export function tracePath(path: string): PathTrace {
  const plain = normalizePath(path);
  const isWhiteout = whiteoutKind(plain.slice(plain.lastIndexOf('/') + 1)) !== 'none';
  return { isWhiteout, ...pathHashes(plain) };
}

/**
 * What a container of an image shows of a path that layer `layerIndex` holds. `trees` are the image's, base layer first,
 * undefined where a layer is absent.
 * The rules are those of image-spec layer.md: whiteouts and opaque folders act on lower layers only, whatever the order
 * in the tar; anything but a folder, in the place of a folder, removes what was below.
 */
export function visibilityOf(
  trees: readonly (LayerTree | undefined)[],
  layerIndex: number,
  trace: PathTrace,
): PathVisibility {
  if (trace.isWhiteout) return { visibility: 'deleted', hiddenBy: layerIndex };
  const own = trees[layerIndex];
  const isDirectory = own !== undefined && holdsHash(own.paths, trace.self + 1) && !holdsHash(own.paths, trace.self);
  for (let above = layerIndex + 1; above < trees.length; above++) {
    const tree = trees[above];
    const visibility = tree === undefined ? 'visible' : hidingIn(tree, trace, isDirectory);
    if (visibility !== 'visible') return { visibility, hiddenBy: above };
  }
  return { visibility: 'visible' };
}

function pathHashes(path: string): Pick<PathTrace, 'self' | 'folders'> {
  const hash = new PathHash();
  const folders = [hash.value(false)];
  let start = 0;
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', start)) {
    hash.add(path, start, slash);
    folders.push(hash.value(false));
    hash.add(path, slash, slash + 1);
    start = slash + 1;
  }
  hash.add(path, start, path.length);
  return { self: hash.value(false), folders };
}

function hidingIn(tree: LayerTree, { self, folders }: PathTrace, isDirectory: boolean): PathVisibility['visibility'] {
  const asFile = holdsHash(tree.paths, self);
  const asDirectory = holdsHash(tree.paths, self + 1);
  const removed =
    holdsHash(tree.whiteouts, self) ||
    folders.some(
      (folder) => holdsHash(tree.whiteouts, folder) || holdsHash(tree.opaques, folder) || holdsHash(tree.paths, folder),
    );
  if (removed) return asFile || asDirectory ? 'overwritten' : 'deleted';
  return asFile || (asDirectory && !isDirectory) ? 'overwritten' : 'visible';
}
