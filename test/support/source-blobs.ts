import { posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
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
    .filter(({ symlink, directory }) => symlink === undefined && !directory)
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

/** The same without knowing the images: tars are told by their magic, and read. */
export async function readBlobs(files: readonly TarEntry[]): Promise<SourceBlob[]> {
  const blobs: SourceBlob[] = [];
  for (const blob of sourceBlobs(files, [])) {
    const bytes = Buffer.from(files.find(({ path }) => path === blob.name)?.content ?? '');
    const isGzip = bytes.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]));
    const tar = isGzip ? gunzipSync(bytes) : bytes;
    if (blob.kind !== 'opaque' || tar.toString('latin1', 257, 262) !== 'ustar') blobs.push(blob);
    else {
      const entries = await readTar(tar);
      const facts = { unpackedBytes: tar.length, entries: entries.length, tree: layerTree(entries), folders: [] };
      blobs.push({ ...blob, ...facts, kind: 'layer', diffId: sha256(tar), compression: isGzip ? 'gzip' : 'none' });
    }
  }
  return blobs;
}

/** Files, links and folders of a tar that fits in memory. */
export async function readTar(tar: Buffer): Promise<TarEntry[]> {
  const entries: TarEntry[] = [];
  const reading = extract();
  reading.end(tar);
  for await (const entry of reading) {
    const { name, type, linkname } = entry.header;
    const content = await buffer(entry);
    if (type === 'directory') entries.push({ path: name, directory: true });
    else if (type === 'symlink') entries.push({ path: name, symlink: linkname });
    else if (type === 'link') entries.push({ path: name, hardlink: linkname });
    else entries.push({ path: name, content });
  }
  return entries;
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
    folders: [],
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
