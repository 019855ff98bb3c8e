import { limits } from '../limits.ts';
import type { DocumentBlob, LayerBlob, SourceBlob } from './blob.ts';
import { namedDigest } from './descriptor.ts';
import { arrayOf } from './json.ts';
import { normalizePath } from './path-hash.ts';

/** All blobs of a source, found by digest, name or diffId. */
export class BlobTable {
  readonly blobs: readonly SourceBlob[];
  /** True when a list was cut: images, layers or history entries are missing from the assembly. */
  isCut = false;
  #listMembersLeft: number;
  readonly #byDigest = new Map<string, SourceBlob>();
  readonly #byPromise = new Map<string, SourceBlob>();
  readonly #byDiffId = new Map<string, LayerBlob>();
  readonly #byName = new Map<string, SourceBlob[]>();

  constructor(blobs: readonly SourceBlob[], listMembers: number = limits.listMembers) {
    this.blobs = blobs;
    this.#listMembersLeft = listMembers;
    for (const blob of blobs) {
      if (!this.#byDigest.has(blob.digest)) this.#byDigest.set(blob.digest, blob);
      if (blob.kind === 'layer' && !this.#byDiffId.has(blob.diffId)) this.#byDiffId.set(blob.diffId, blob);
      for (const name of [blob.name, ...blob.aliases]) this.#addName(normalizePath(name), blob);
    }
  }

  /** The blob with this content; else the one whose name promises it, so that a damaged blob still has its image. */
  byDigest(digest: string): SourceBlob | undefined {
    return this.#byDigest.get(digest) ?? this.#byPromise.get(digest);
  }

  byDiffId(diffId: string): LayerBlob | undefined {
    return this.#byDiffId.get(diffId);
  }

  /**
   * Every blob stored under a name that a document gives, the one that an engine would load first. Several: the tar has
   * the path more than once, and readers differ on which one counts.
   */
  byName(text: string): readonly SourceBlob[] {
    const name = normalizePath(text);
    const named = this.#byName.get(name);
    const promised = namedDigest(name);
    if (named === undefined) {
      const blob = promised === '' ? undefined : this.byDigest(promised);
      return blob === undefined ? [] : [blob];
    }
    const proven = named.find(({ digest }) => digest === promised);
    if (proven !== undefined) return [proven];
    return named.filter((blob, index) => index === 0 || blob.digest !== named[index - 1]?.digest).toReversed();
  }

  /** All documents stored under this name. */
  documentsNamed(name: string): readonly DocumentBlob[] {
    return (this.#byName.get(name) ?? []).filter((blob) => blob.kind === 'document');
  }

  /** The members of a list in a document, as many as may still be read; none when it is no list. */
  listOf(value: unknown): readonly unknown[] {
    const list = arrayOf(value);
    const taken = this.takeMembers(list.length);
    return taken === list.length ? list : list.slice(0, taken);
  }

  /** How many of `count` further list members may be read. */
  takeMembers(count: number): number {
    const taken = Math.min(count, this.#listMembersLeft);
    this.#listMembersLeft -= taken;
    if (taken < count) this.isCut = true;
    return taken;
  }

  documents(): readonly DocumentBlob[] {
    return this.blobs.filter((blob) => blob.kind === 'document');
  }

  #addName(name: string, blob: SourceBlob): void {
    const promised = namedDigest(name);
    if (promised !== '') this.#byPromise.set(promised, blob);
    const named = this.#byName.get(name);
    if (named === undefined) this.#byName.set(name, [blob]);
    else if (!named.includes(blob)) named.push(blob);
  }
}
