import { basename, relative, resolve, sep } from 'node:path';
import type { Location, Report } from '../finding.ts';
import type { ViewOptions } from './view.ts';

/** A place in the repository that a person can open. */
export interface RepositoryPlace {
  /** From the root of the repository, with `/`: `services/api/Dockerfile`. */
  readonly file: string;
  readonly line: number;
  readonly endLine?: number;
  readonly column?: number;
}

type Folders = Pick<ViewOptions, 'dockerfile' | 'folder' | 'repositoryRoot'>;

/** Where findings and gaps of one report are in the repository. */
export class RepositoryPlaces {
  readonly #folders: Folders;
  readonly #files: ReadonlySet<string>;

  constructor({ targets }: Report, folders: Folders) {
    this.#folders = folders;
    this.#files = new Set(targets.filter(({ source }) => source === 'files').map(({ reference }) => reference));
  }

  /** A file of the repository, or the instruction that made the layer; undefined where neither is known. */
  exactOf({
    target,
    path,
    line,
    column,
    layer,
    instruction = layer?.instruction,
  }: Location): RepositoryPlace | undefined {
    // Definitions are of the kind of what they define, and are files all the same.
    if (this.#files.has(target)) {
      const nested = path.indexOf('!');
      const file = this.#inRepository(nested < 0 ? path : path.slice(0, nested));
      if (file === undefined) return undefined;
      // Lines of a member are none of the archive.
      return nested < 0 && line !== undefined ? { file, line, ...(column && { column }) } : { file, line: 1 };
    }
    if (instruction === undefined) return undefined;
    const { file: named, line: first, endLine } = instruction;
    const { dockerfile } = this.#folders;
    // Provenance knows the file's own name only.
    const isGiven = dockerfile !== undefined && basename(dockerfile) === named;
    const file = this.#inRepository(isGiven ? dockerfile : named);
    return file === undefined ? undefined : { file, line: first, endLine };
  }

  /** The same; else the first line of the Dockerfile that was named, for what is of an image. */
  placeOf(location: Location): RepositoryPlace | undefined {
    const exact = this.exactOf(location);
    const { dockerfile } = this.#folders;
    if (exact !== undefined || dockerfile === undefined || !this.#isOfImage(location)) return exact;
    const file = this.#inRepository(dockerfile);
    return file === undefined ? undefined : { file, line: 1 };
  }

  #isOfImage({ kind, target }: Location): boolean {
    return !this.#files.has(target) && kind !== 'ecs' && kind !== 'ecr' && kind !== 'container';
  }

  #inRepository(path: string): string | undefined {
    const { folder, repositoryRoot } = this.#folders;
    const within = relative(repositoryRoot, resolve(folder, path)).split(sep).join('/');
    return within === '' || within.startsWith('../') || within.startsWith('/') || within === '..' ? undefined : within;
  }
}
