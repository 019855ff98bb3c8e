/** A scanned blob as bytes and back: what is words as deflated JSON, hashes of paths as they are. */

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { EntryFinding, EntryGap } from '../finding.ts';
import type { ScannedBlob } from '../scan/blob.ts';

type Entry = ScannedBlob['found'][number]['entry'];
type Layer = Extract<ScannedBlob['content'], { readonly kind: 'layer' }>;
/** Whiteout, hash of the path, of its folders, keys of package managers. */
type EntryRow = readonly [0 | 1, number, readonly number[], readonly number[]];

interface Head {
  readonly digest: string;
  readonly size: number;
  readonly bytes: number;
  readonly entries: number;
  readonly layer?: Pick<Layer, 'diffId' | 'compression' | 'isPlain' | 'folders'> & { readonly complete: boolean };
  readonly found: readonly EntryFinding[];
  /** Of each finding, which of `rows` its entry is. */
  readonly at: readonly number[];
  readonly rows: readonly EntryRow[];
  readonly gaps: readonly EntryGap[];
  /** How many hashes follow: paths, whiteouts, opaques, owned files; -1 for none of the last. */
  readonly hashes: readonly number[];
}

const HASH_BYTES = 8;

export function encodeBlob(blob: ScannedBlob): Buffer {
  const { digest, size, bytes, entries, content, gaps, owned } = blob;
  const layer = content.kind === 'layer' ? content : undefined;
  const lists = [layer?.tree.paths, layer?.tree.whiteouts, layer?.tree.opaques, owned];
  const rows = new Map<Entry, number>();
  for (const { entry } of blob.found) if (!rows.has(entry)) rows.set(entry, rows.size);
  const head: Head = {
    digest,
    size,
    bytes,
    entries,
    ...(layer && { layer: headOf(layer) }),
    found: blob.found.map(({ finding }) => finding),
    at: blob.found.map(({ entry }) => rows.get(entry) ?? 0),
    rows: [...rows.keys()].map(rowOf),
    gaps,
    hashes: lists.map((list) => list?.length ?? -1),
  };
  const words = deflateRawSync(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(words.length);
  const hashes = lists.map((list) =>
    Buffer.from(list?.buffer ?? new ArrayBuffer(0), list?.byteOffset, list?.byteLength),
  );
  return Buffer.concat([length, words, ...hashes]);
}

/** Of what `encodeBlob` made. */
export function decodeBlob(record: Buffer): ScannedBlob {
  const end = 4 + record.readUInt32LE(0);
  const head = JSON.parse(inflateRawSync(record.subarray(4, end)).toString()) as Head;
  let at = end;
  const [paths, whiteouts, opaques, owned] = head.hashes.map((length) => {
    if (length < 0) return undefined;
    const list = new Float64Array(length);
    // A copy: numbers must lie at multiples of eight.
    record.copy(new Uint8Array(list.buffer), 0, at, at + length * HASH_BYTES);
    at += length * HASH_BYTES;
    return list;
  });
  const { digest, size, bytes, entries, layer, gaps } = head;
  const none = new Float64Array(0);
  const trees = { paths: paths ?? none, whiteouts: whiteouts ?? none, opaques: opaques ?? none };
  const rows = head.rows.map(entryOf);
  return {
    digest,
    size,
    content: layer === undefined ? { kind: 'opaque' } : contentOf(layer, trees),
    found: head.found.map((finding, index) => {
      const entry = rows[head.at[index] ?? -1];
      if (entry === undefined) throw new Error('a finding without its entry');
      return { finding, entry };
    }),
    gaps,
    bytes,
    entries,
    ...(owned === undefined ? {} : { owned }),
  };
}

function headOf({ diffId, compression, isPlain, folders, tree }: Layer): NonNullable<Head['layer']> {
  return { diffId, compression, isPlain, folders, complete: tree.complete };
}

function contentOf({ complete, ...layer }: NonNullable<Head['layer']>, trees: Omit<Layer['tree'], 'complete'>): Layer {
  return { kind: 'layer', ...layer, tree: { ...trees, complete } };
}

function rowOf({ isWhiteout, self, folders, keys }: Entry): EntryRow {
  return [isWhiteout ? 1 : 0, self, folders, keys];
}

function entryOf([isWhiteout, self, folders, keys]: EntryRow): Entry {
  return { isWhiteout: isWhiteout === 1, self, folders, keys };
}
