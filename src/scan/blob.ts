/** One stored blob of an image source, from its bytes to findings: what a worker does for a layer. */

import { createHash } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import type { EntryGap } from '../finding.ts';
import type { FolderSize } from '../target.ts';
import { type OwnedFiles, OwnedFilesBuilder } from '../image/owned-files.ts';
import { type LayerTree, LayerTreeBuilder } from '../image/tree.ts';
import type { AdjustableLimits } from '../adjustable-limits.ts';
import { limits } from '../limits.ts';
import type { Chunks, Problem } from '../unpack/chunks.ts';
import { decompress } from '../unpack/decompress.ts';
import { SNIFF_BYTES } from '../unpack/container.ts';
import { type Compression, compressionOf, isTar } from '../unpack/magic.ts';
import { peek } from '../unpack/peek.ts';
import { AsideScan } from './aside.ts';
import { scanFile, scanLayerTar } from './entries.ts';
import { FolderSizes } from './folder-sizes.ts';
import { HandedEntries } from './handed-entries.ts';
import type { Line } from './jobs.ts';
import { Tally } from './tally.ts';
import { traced, type TracedFinding } from './traced.ts';

/** A blob after its one reading. Structured-cloneable. */
export interface ScannedBlob {
  /** `sha256:` of the stored bytes; empty where `digestElsewhere` was asked for. */
  readonly digest: string;
  /** Stored bytes. */
  readonly size: number;
  readonly content: BlobContent;
  readonly found: readonly TracedFinding[];
  readonly gaps: readonly EntryGap[];
  /** Unpacked bytes scanned. */
  readonly bytes: number;
  readonly entries: number;
  /** Of a layer, where it has a package manager's database. */
  readonly owned?: OwnedFiles;
}

interface LayerContent {
  readonly kind: 'layer';
  readonly diffId: string;
  readonly compression: Compression | 'none';
  readonly tree: LayerTree;
  /** True where the unpacked tar gives the same, however it is stored: nothing stands beside what is compressed, and all of
   * it could be unpacked. */
  readonly isPlain: boolean;
  /** Values masked. */
  readonly folders: readonly FolderSize[];
}

type BlobContent =
  | LayerContent
  /** JSON, to be understood when all blobs are known. */
  | { readonly kind: 'document'; readonly json: Uint8Array }
  | { readonly kind: 'opaque' };

export interface BlobOptions {
  /** In the source: `blobs/sha256/…`, `4f4f…/layer.tar`. */
  readonly name: string;
  /** True where another thread hashes the stored bytes, because this one would be the slower for it. */
  readonly digestElsewhere: boolean;
  readonly limits?: AdjustableLimits;
  /** From where lines to threads come that help with the entries of a layer. */
  readonly offers?: Line | undefined;
  readonly onBytes: (stored: number) => void;
}

export async function scanBlob(engine: Engine, storedBytes: Chunks, options: BlobOptions): Promise<ScannedBlob> {
  const tally = new Tally(engine, options.limits);
  const iterator = storedBytes[Symbol.asyncIterator]();
  const stored = new Hashed(lasting(iterator), !options.digestElsewhere, options.onBytes);
  const packages = new OwnedFilesBuilder();
  const handed = new HandedEntries(tally, options.offers);
  const scanning = { tally, packages, handed, name: options.name };
  const content = await scanContent(stored, scanning).finally(() => {
    handed.close();
    return stored.drain();
  });
  tally.close();
  const owned = packages.finish();
  return {
    digest: stored.digest(),
    size: stored.size,
    content,
    found: traced(tally.found, owned),
    gaps: tally.gaps,
    bytes: tally.bytes,
    entries: tally.entries,
    ...(owned === undefined ? {} : { owned }),
  };
}

/** `problems`: of the medium. What reads bytes that end early finds the same once more. */
export function withProblems(scanned: ScannedBlob, problems: readonly Problem[]): ScannedBlob {
  if (problems.length === 0) return scanned;
  const gaps = problems.map((problem) => ({ ...problem, path: '' }));
  return { ...scanned, gaps: [...gaps, ...withoutCut(scanned.gaps)] };
}

/** The gaps of a blob, but that the blob itself is cut short. */
export function withoutCut(gaps: readonly EntryGap[]): readonly EntryGap[] {
  return gaps.filter(({ reason, path }) => reason !== 'truncated' || path !== '');
}

/** What one blob is scanned into. */
interface Scanning {
  readonly name: string;
  readonly tally: Tally;
  readonly packages: OwnedFilesBuilder;
  readonly handed: HandedEntries;
}

async function scanContent(stored: Hashed, scanning: Scanning): Promise<BlobContent> {
  const { tally, name } = scanning;
  const { head, all } = await peek(stored.chunks(), SNIFF_BYTES);
  const compression = compressionOf(head);
  if (compression === undefined) {
    if (isTar(head)) return { ...(await scanLayer(all, 'none', stored, scanning)), isPlain: true };
    return scanDocument(all, tally, name, head);
  }
  const seen = { problems: 0 };
  const onProblem = (problem: Problem): void => {
    seen.problems += 1;
    tally.cause(problem, '');
  };
  const aside = new AsideScan(tally, '');
  const unpacked = new Hashed(decompress(compression, all, onProblem, aside.write), true);
  const inner = await peek(unpacked.chunks(), SNIFF_BYTES);
  try {
    if (isTar(inner.head) || inner.head.length === 0) {
      const layer = await scanLayer(inner.all, compression, unpacked, scanning);
      const isStoredSo = isTar(inner.head) && compressionOf(inner.head) === undefined;
      return { ...layer, isPlain: seen.problems === 0 && isStoredSo && aside.isEmpty };
    }
    await scanFile(name, inner.all, tally);
    return { kind: 'opaque' };
  } finally {
    aside.end('');
  }
}

/** `tar` hashes what passes: the unpacked layer, or the stored one where it is not compressed. */
async function scanLayer(
  chunks: Chunks,
  compression: Compression | 'none',
  tar: Hashed,
  { tally, packages: owned, handed }: Scanning,
): Promise<Omit<LayerContent, 'isPlain'>> {
  const tree = new LayerTreeBuilder();
  const folders = new FolderSizes();
  await scanLayerTar(chunks, tally, { tree, owned, folders, handed });
  tally.bytes += tar.size;
  const paths = tree.finish();
  if (!paths.complete) {
    const detail = `more than ${limits.treePaths} paths in a layer: which files a container shows is not known`;
    tally.problem({ reason: 'entry-limit', detail }, '');
  }
  const sizes = folders.finish(tar.size, (path) => tally.engine.maskText(path));
  return { kind: 'layer', diffId: tar.digest(), compression, tree: paths, folders: sizes };
}

async function scanDocument(chunks: Chunks, tally: Tally, name: string, head: Buffer): Promise<BlobContent> {
  const looksLikeJson = /^\s*[[{]/.test(head.toString('latin1', 0, SNIFF_BYTES));
  const held: Buffer[] = [];
  let heldBytes = 0;
  async function* holding(): Chunks {
    for await (const chunk of chunks) {
      heldBytes += chunk.length;
      if (looksLikeJson && heldBytes <= limits.metadataBytes) held.push(Buffer.from(chunk));
      yield chunk;
    }
  }
  await scanFile(name, holding(), tally);
  if (!looksLikeJson) return { kind: 'opaque' };
  if (heldBytes <= limits.metadataBytes) {
    // Of its own: a small one would be sent to the other thread with all of the pool that it lies in.
    return { kind: 'document', json: new Uint8Array(Buffer.concat(held, heldBytes)) };
  }
  const detail = `JSON of ${heldBytes} bytes is read as text, its structure is not`;
  tally.problem({ reason: 'byte-limit', detail }, '');
  return { kind: 'opaque' };
}

/** Stays open when its consumer stops early (at a bound), so that the digest is that of the whole blob. */
function lasting(iterator: AsyncIterator<Buffer>): Chunks {
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
}

/** Bytes that are counted and hashed as they pass. */
class Hashed {
  readonly #source: Chunks;
  readonly #hash: ReturnType<typeof createHash> | undefined;
  readonly #onBytes: ((bytes: number) => void) | undefined;
  #digest: string | undefined;
  size = 0;

  constructor(source: Chunks, hashing: boolean, onBytes?: (bytes: number) => void) {
    this.#source = source;
    this.#hash = hashing ? createHash('sha256') : undefined;
    this.#onBytes = onBytes;
  }

  async *chunks(): Chunks {
    for await (const chunk of this.#source) {
      this.#hash?.update(chunk);
      this.size += chunk.length;
      this.#onBytes?.(chunk.length);
      yield chunk;
    }
  }

  async drain(): Promise<void> {
    const rest = this.chunks()[Symbol.asyncIterator]();
    let next = await rest.next();
    while (next.done !== true) next = await rest.next();
  }

  /** After the last chunk; empty without hashing. */
  digest(): string {
    this.#digest ??= this.#hash === undefined ? '' : `sha256:${this.#hash.digest('hex')}`;
    return this.#digest;
  }
}
