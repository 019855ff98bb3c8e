import { gunzipSync } from 'node:zlib';
import { posix } from 'node:path';
import type { LayerBlob, SourceBlob, StoredBlob } from '../../src/image/blob.ts';
import { LayerTreeBuilder } from '../../src/image/tree.ts';
import type { BuiltImage, BuiltLayer } from './image-builder.ts';
import type { TarEntry } from './layer-builder.ts';
import { memberName, sha256 } from './layer-builder.ts';

/** What a pass over a layout collects: documents by JSON.parse, layers as the builder knows them, links as aliases. */
export function sourceBlobs(files: readonly TarEntry[], images: readonly BuiltImage[]): SourceBlob[] {
  const layers = new Map<string, { layer: BuiltLayer; unpacked: boolean }>();
  for (const layer of images.flatMap((image) => image.layers)) {
    if (layer.spec.stored === undefined) layers.set(layer.digest, { layer, unpacked: false });
    layers.set(layer.diffId, { layer, unpacked: true });
  }
  const aliases = aliasesOf(files);
  return files
    .filter(({ symlink }) => symlink === undefined)
    .map(({ path, content }): SourceBlob => {
      const bytes = Buffer.from(content ?? '');
      const digest = sha256(bytes);
      const stored = { name: path, aliases: aliases.get(path) ?? [], digest, size: bytes.length };
      const layer = layers.get(digest);
      if (layer !== undefined) return { ...stored, ...layerBlob(layer.layer, layer.unpacked) };
      const json = parse(bytes);
      return json === undefined ? { ...stored, kind: 'opaque' } : { ...stored, kind: 'document', json, bytes };
    });
}

/** A layer that is in no image of the builder's, from its bytes. */
export function gzipLayer(stored: Buffer, tar: Buffer = gunzipSync(stored)): Omit<LayerBlob, 'name' | 'aliases'> {
  const tree = new LayerTreeBuilder().finish();
  const facts = { kind: 'layer', compression: 'gzip', entries: 0, tree } as const;
  return { ...facts, digest: sha256(stored), size: stored.length, diffId: sha256(tar), unpackedBytes: tar.length };
}

export function layerTree(entries: readonly TarEntry[]): LayerBlob['tree'] {
  const builder = new LayerTreeBuilder();
  for (const entry of entries) builder.add(memberName(entry), typeOf(entry));
  return builder.finish();
}

function layerBlob(layer: BuiltLayer, unpacked: boolean): Omit<LayerBlob, keyof StoredBlob> {
  const stored = { none: 'none', gzip: 'gzip', estargz: 'gzip', zstd: 'zstd', 'zstd:chunked': 'zstd' } as const;
  const { compression } = layer;
  return {
    kind: 'layer',
    diffId: layer.diffId,
    unpackedBytes: layer.tar.length,
    entries: layer.spec.entries.length,
    compression: unpacked
      ? 'none'
      : compression === 'xz' || compression === 'bzip2'
        ? compression
        : stored[compression],
    tree: layerTree(layer.spec.entries),
  };
}

function typeOf({ directory, symlink, hardlink }: TarEntry): string {
  if (directory) return 'directory';
  if (symlink !== undefined) return 'symlink';
  return hardlink === undefined ? 'file' : 'link';
}

function aliasesOf(files: readonly TarEntry[]): ReadonlyMap<string, string[]> {
  const aliases = new Map<string, string[]>();
  for (const { path, symlink } of files) {
    if (symlink === undefined) continue;
    const target = posix.join(posix.dirname(path), symlink);
    aliases.set(target, [...(aliases.get(target) ?? []), path]);
  }
  return aliases;
}

function parse(bytes: Buffer): unknown {
  if (!/^\s*[[{]/.test(bytes.subarray(0, 64).toString())) return undefined;
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    return undefined;
  }
}
