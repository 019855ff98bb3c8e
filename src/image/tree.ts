import { limits } from '../limits.ts';
import { normalizePath, PathHash } from './path-hash.ts';

/**
 * Which paths a layer holds, hides and empties, for the question what a running container shows. Plain data: it goes
 * from the thread that read the layer by structured clone, or by transfer of the arrays' buffers. Arrays are sorted.
 */
export interface LayerTree {
  /** Hashes of all paths but whiteouts, and of the folders that are implied by them. */
  readonly paths: Float64Array;
  /** Hashes of the paths that whiteouts hide in lower layers. */
  readonly whiteouts: Float64Array;
  /** Hashes of the folders whose lower content is hidden. */
  readonly opaques: Float64Array;
  /** False when the layer has more paths than are kept: a path that is not in the tree may still be in the layer. */
  readonly complete: boolean;
}

const whiteoutPrefix = '.wh.';
const opaqueName = '.wh..wh..opq';
/** AUFS metadata (`.wh..wh.plnk`, `.wh..wh.aufs`): hides nothing. */
const metadataPrefix = '.wh..wh.';

export type WhiteoutKind = 'none' | 'whiteout' | 'opaque' | 'metadata';

/** What the last part of a path means (image-spec layer.md, "Whiteouts"). A body does not change it. */
export function whiteoutKind(name: string): WhiteoutKind {
  if (!name.startsWith(whiteoutPrefix)) return 'none';
  if (name === opaqueName) return 'opaque';
  if (name.startsWith(metadataPrefix)) return 'metadata';
  const hidden = name.slice(whiteoutPrefix.length);
  return hidden === '' || hidden === '.' || hidden === '..' ? 'metadata' : 'whiteout';
}

/** Collects the paths of one layer while its tar is read; `add` once for each header, in any order. */
export class LayerTreeBuilder {
  readonly #paths: HashList;
  readonly #whiteouts: HashList;
  readonly #opaques: HashList;
  readonly #hash = new PathHash();
  /** State after `#folder`, which ends with `/` or is empty: neighbours in a tar share their folder. */
  readonly #folderHash = new PathHash();
  #folder = '';

  constructor(maxPaths: number = limits.treePaths) {
    this.#paths = new HashList(maxPaths);
    this.#whiteouts = new HashList(maxPaths);
    this.#opaques = new HashList(maxPaths);
  }

  /** `type` as tar names it: `directory` is one, and everything else hides a folder of the same path. */
  add(path: string, type: string): void {
    const plain = normalizePath(path);
    if (plain === '') return;
    const nameStart = plain.lastIndexOf('/') + 1;
    const kind = plain.startsWith(whiteoutPrefix, nameStart) ? whiteoutKind(plain.slice(nameStart)) : 'none';
    switch (kind) {
      case 'none':
        this.#enterFolder(plain, nameStart);
        this.#hash.copy(this.#folderHash);
        this.#hash.add(plain, nameStart, plain.length);
        this.#paths.add(this.#hash.value(type === 'directory'));
        break;
      // A mark makes no folders: in the place of a file, its folder is not there to be marked.
      case 'whiteout':
        this.#hash.reset();
        this.#hash.add(plain, 0, nameStart);
        this.#hash.add(plain, nameStart + whiteoutPrefix.length, plain.length);
        this.#whiteouts.add(this.#hash.value(false));
        break;
      case 'opaque':
        this.#hash.reset();
        this.#hash.add(plain, 0, nameStart - 1);
        this.#opaques.add(this.#hash.value(false));
        break;
      case 'metadata':
        break;
    }
  }

  /** The builder is used up. */
  finish(): LayerTree {
    return {
      paths: this.#paths.finish(),
      whiteouts: this.#whiteouts.finish(),
      opaques: this.#opaques.finish(),
      complete: !(this.#paths.full || this.#whiteouts.full || this.#opaques.full),
    };
  }

  /** Brings `#folderHash` to the path's folder and lists the folders on the way. */
  #enterFolder(path: string, nameStart: number): void {
    if (nameStart === this.#folder.length && path.startsWith(this.#folder)) return;
    const below = nameStart > this.#folder.length && path.startsWith(this.#folder);
    let start = below ? this.#folder.length : 0;
    if (!below) this.#folderHash.reset();
    while (start < nameStart) {
      const slash = path.indexOf('/', start);
      this.#folderHash.add(path, start, slash);
      if (path.length <= limits.pathCharacters) this.#paths.add(this.#folderHash.value(true));
      this.#folderHash.add(path, slash, slash + 1);
      start = slash + 1;
    }
    this.#folder = path.slice(0, nameStart);
  }
}

/** A growing set of hashes: repeats are dropped when it would grow. */
class HashList {
  readonly #max: number;
  #values = new Float64Array(64);
  #length = 0;
  full = false;

  constructor(max: number) {
    this.#max = max;
  }

  add(value: number): void {
    if (this.#length === this.#values.length) this.#makeRoom();
    if (this.full) return;
    this.#values[this.#length++] = value;
  }

  finish(): Float64Array {
    this.#dropRepeats();
    return this.#values.slice(0, this.#length);
  }

  #makeRoom(): void {
    if (this.full) return;
    this.#dropRepeats();
    if (this.#length < this.#values.length / 2) return;
    if (this.#length >= this.#max) {
      this.full = true;
      return;
    }
    const grown = new Float64Array(Math.min(this.#values.length * 2, Math.max(this.#max, this.#length + 1)));
    grown.set(this.#values.subarray(0, this.#length));
    this.#values = grown;
  }

  #dropRepeats(): void {
    const sorted = this.#values.subarray(0, this.#length).sort();
    let kept = 0;
    let last = -1;
    for (const value of sorted) {
      if (value === last) continue;
      last = value;
      sorted[kept++] = value;
    }
    this.#length = kept;
  }
}
