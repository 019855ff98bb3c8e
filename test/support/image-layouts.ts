import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuiltImage, BuiltLayer, Descriptor } from './image-builder.ts';
import { attestationOf, jsonBytes, layerDescriptor, manifestBytes, ociTypes } from './image-builder.ts';
import type { TarEntry } from './layer-builder.ts';
import { buildTar, compress, hexOf, sha256 } from './layer-builder.ts';

/** The files of an image archive or layout, in the order in which the producer writes them. */
export type LayoutFiles = readonly TarEntry[];

/** `docker save` before 25: a folder for each layer under a random id, an equal layer a symbolic link to the first. */
export function dockerLegacy(images: readonly BuiltImage[]): LayoutFiles {
  const files = new Map<string, TarEntry>();
  const firstOf = new Map<string, string>();
  for (const image of images) {
    for (const [index, layer] of image.layers.entries()) {
      const id = legacyId(image, index);
      const first = firstOf.get(layer.diffId);
      const place = `${id}/layer.tar`;
      put(files, { path: `${id}/VERSION`, content: '1.0' });
      put(files, { path: `${id}/json`, content: legacyConfig(image, index) });
      if (first !== undefined && first !== id) put(files, { path: place, symlink: `../${first}/layer.tar` });
      else if (!layer.spec.absent) put(files, { path: place, content: layer.tar });
      if (first === undefined) firstOf.set(layer.diffId, id);
    }
    put(files, { path: `${hexOf(image.configDigest)}.json`, content: image.config });
  }
  const layersOf = (image: BuiltImage): string[] =>
    image.layers.map((_, index) => `${legacyId(image, index)}/layer.tar`);
  put(files, { path: 'manifest.json', content: dockerManifest(images, (id) => `${hexOf(id)}.json`, layersOf) });
  put(files, { path: 'repositories', content: repositories(images) });
  return sorted(files);
}

/** `docker save` since 25 with the classic store. `no-layers` is 25.0.0's OCI manifest, `empty-index` that of early 25.x. */
export function docker25(
  images: readonly BuiltImage[],
  quirk: 'none' | 'no-layers' | 'empty-index' = 'none',
): LayoutFiles {
  const files = new Map<string, TarEntry>();
  const manifests: Descriptor[] = [];
  const layerSources: Record<string, Descriptor> = {};
  for (const image of images) {
    for (const [index, layer] of image.layers.entries()) {
      if (!layer.spec.absent) putBlob(files, layer.tar, layerDescriptor(layer, true).digest);
      putBlob(files, legacyConfig(image, index));
      layerSources[layer.diffId] = layerDescriptor(layer, true);
    }
    putBlob(files, image.config);
    const manifest = manifestBytes(image, true, quirk === 'no-layers' ? [] : image.layers);
    putBlob(files, manifest);
    for (const name of image.spec.names ?? [undefined]) {
      manifests.push({ ...describe(manifest, ociTypes.manifest), ...nameAnnotations(name) });
    }
  }
  put(files, { path: 'index.json', content: indexBytes(quirk === 'empty-index' ? [] : manifests) });
  const layersOf = (image: BuiltImage): string[] => image.layers.map(({ diffId }) => blobPath(diffId));
  put(files, { path: 'manifest.json', content: dockerManifest(images, blobPath, layersOf, layerSources) });
  put(files, ociLayoutFile);
  put(files, { path: 'repositories', content: repositories(images) });
  return sorted(files);
}

/** `docker save` with the containerd store: blobs as pulled, an index for each name inside index.json. */
export function containerdStore(images: readonly BuiltImage[]): LayoutFiles {
  const files = new Map<string, TarEntry>();
  const outer: Descriptor[] = [];
  for (const group of groupByName(images)) {
    const index = indexBytes(group.flatMap((image) => putImage(files, image)));
    putBlob(files, index);
    for (const name of group[0]?.spec.names ?? [undefined]) {
      outer.push({ ...describe(index, ociTypes.index), ...nameAnnotations(name) });
    }
  }
  const present = images.filter(({ spec }) => spec.absent === undefined);
  const layersOf = (image: BuiltImage): string[] => image.layers.map(({ digest }) => blobPath(digest));
  put(files, { path: 'index.json', content: indexBytes(outer) });
  put(files, { path: 'manifest.json', content: dockerManifest(present, blobPath, layersOf) });
  put(files, ociLayoutFile);
  return sorted(files);
}

/** An OCI layout, and skopeo's or buildah's oci-archive: no manifest.json; only several platforms make a nested index. */
export function ociLayout(images: readonly BuiltImage[]): LayoutFiles {
  const files = new Map<string, TarEntry>();
  const outer: Descriptor[] = [];
  for (const group of groupByName(images)) {
    const children = group.flatMap((image) => putImage(files, image));
    const nested = children.length > 1;
    const index = indexBytes(children);
    if (nested) putBlob(files, index);
    for (const name of group[0]?.spec.names ?? [undefined]) {
      const named = name === undefined ? {} : { annotations: { 'org.opencontainers.image.ref.name': name } };
      if (nested) outer.push({ ...describe(index, ociTypes.index), ...named });
      else for (const child of children) outer.push({ ...child, ...named });
    }
  }
  put(files, { path: 'index.json', content: indexBytes(outer) });
  put(files, ociLayoutFile);
  return sorted(files);
}

/** skopeo's and podman's docker-archive: layers first, each once, under their diffId. */
export function skopeoDockerArchive(images: readonly BuiltImage[]): LayoutFiles {
  const files = new Map<string, TarEntry>();
  const place = (layer: BuiltLayer): string => `${hexOf(layer.diffId)}.tar`;
  for (const image of images) {
    for (const layer of image.layers) if (!layer.spec.absent) put(files, { path: place(layer), content: layer.tar });
  }
  for (const image of images) {
    put(files, { path: `${hexOf(image.configDigest)}.json`, content: image.config });
    for (const [index, layer] of image.layers.entries()) {
      const id = legacyId(image, index);
      put(files, { path: `${id}/layer.tar`, symlink: `../${place(layer)}` });
      put(files, { path: `${id}/VERSION`, content: '1.0' });
      put(files, { path: `${id}/json`, content: legacyConfig(image, index) });
    }
  }
  const layersOf = (image: BuiltImage): string[] => image.layers.map(place);
  put(files, { path: 'manifest.json', content: dockerManifest(images, (id) => `${hexOf(id)}.json`, layersOf) });
  put(files, { path: 'repositories', content: repositories(images) });
  return [...files.values()];
}

/** crane's and kaniko's tarball: the configuration's name is its whole digest. */
export function crane(images: readonly BuiltImage[]): LayoutFiles {
  const files = new Map<string, TarEntry>();
  const place = (layer: BuiltLayer): string => `${hexOf(layer.digest)}.tar${layer.compression === 'none' ? '' : '.gz'}`;
  for (const image of images) {
    put(files, { path: image.configDigest, content: image.config });
    for (const layer of image.layers) if (!layer.spec.absent) put(files, { path: place(layer), content: layer.stored });
  }
  const layersOf = (image: BuiltImage): string[] => image.layers.map(place);
  put(files, { path: 'manifest.json', content: dockerManifest(images, (id) => id, layersOf) });
  return [...files.values()];
}

/** skopeo's `dir:` of one image: manifest.json is the manifest itself. */
export function skopeoDir(image: BuiltImage): LayoutFiles {
  const files = new Map<string, TarEntry>();
  put(files, { path: hexOf(image.configDigest), content: image.config });
  for (const { spec, digest, stored } of image.layers) {
    if (!spec.absent) put(files, { path: hexOf(digest), content: stored });
  }
  put(files, { path: 'manifest.json', content: manifestBytes(image, false) });
  put(files, { path: 'version', content: 'Directory Transport Version: 1.1\n' });
  return sorted(files);
}

/** An image archive of any layout before Docker 1.10: no manifest.json, no configuration but the layers' own. */
export function dockerAncient(images: readonly BuiltImage[]): LayoutFiles {
  const modern = new Set(['manifest.json', ...images.map(({ configDigest }) => `${hexOf(configDigest)}.json`)]);
  return dockerLegacy(images).filter(({ path }) => !modern.has(path));
}

export interface ArchiveOptions {
  /** Reorders the producer's files: `(files) => files.toReversed()`. */
  readonly order?: (files: LayoutFiles) => LayoutFiles;
  /** Before each name, as `tar c .` writes it: `./`. */
  readonly prefix?: string;
  /** Of the whole archive. */
  readonly compression?: 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2';
}

export async function archiveOf(files: LayoutFiles, options: ArchiveOptions = {}): Promise<Buffer> {
  const ordered = options.order?.(files) ?? files;
  const prefix = options.prefix ?? '';
  const tar = await buildTar(ordered.map((file) => ({ ...file, path: `${prefix}${file.path}` })));
  return compress(tar, options.compression ?? 'none');
}

export async function writeLayout(files: LayoutFiles, folder: string): Promise<void> {
  for (const { path, content, symlink: target } of files) {
    const place = join(folder, path);
    await mkdir(dirname(place), { recursive: true });
    if (target === undefined) await writeFile(place, content ?? '');
    else await symlink(target, place);
  }
}

export const ociLayoutFile: TarEntry = { path: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' };

export function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

export function describe(bytes: Buffer, mediaType: string): Descriptor {
  return { mediaType, digest: sha256(bytes), size: bytes.length };
}

export function indexBytes(manifests: readonly Descriptor[]): Buffer {
  return jsonBytes({ schemaVersion: 2, mediaType: ociTypes.index, manifests });
}

/** Puts what the image stores, and gives its entries of the index: the image's, and its attestation's. */
function putImage(files: Map<string, TarEntry>, image: BuiltImage): Descriptor[] {
  const manifest = manifestBytes(image, false);
  const descriptor = { ...describe(manifest, ociTypes.manifest), platform: image.platform };
  if (image.spec.absent !== 'manifest') putBlob(files, manifest);
  if (image.spec.absent === undefined) {
    putBlob(files, image.config);
    for (const layer of image.layers) if (!layer.spec.absent) putBlob(files, layer.stored, layer.digest);
  }
  if (image.spec.attestations === undefined) return [descriptor];
  const attestation = attestationOf(image, descriptor.digest);
  if (image.spec.absent === undefined) {
    for (const bytes of [attestation.manifest, ...attestation.blobs]) putBlob(files, bytes);
  }
  const platform = { architecture: 'unknown', os: 'unknown' };
  const { annotations } = attestation;
  return [descriptor, { ...describe(attestation.manifest, ociTypes.manifest), annotations, platform }];
}

function put(files: Map<string, TarEntry>, file: TarEntry): void {
  if (!files.has(file.path)) files.set(file.path, file);
}

function putBlob(files: Map<string, TarEntry>, content: Buffer, digest: string = sha256(content)): void {
  put(files, { path: blobPath(digest), content });
}

function sorted(files: Map<string, TarEntry>): LayoutFiles {
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function groupByName(images: readonly BuiltImage[]): BuiltImage[][] {
  const groups = new Map<string, BuiltImage[]>();
  for (const image of images) {
    const name = image.spec.names?.[0] ?? image.configDigest;
    groups.set(name, [...(groups.get(name) ?? []), image]);
  }
  return [...groups.values()];
}

function nameAnnotations(name: string | undefined): { annotations?: Record<string, string> } {
  if (name === undefined) return {};
  const tag = name.slice(name.lastIndexOf(':') + 1);
  const annotations = { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': tag };
  return { annotations };
}

function dockerManifest(
  images: readonly BuiltImage[],
  configPath: (digest: string) => string,
  layerPaths: (image: BuiltImage) => string[],
  layerSources?: Record<string, Descriptor>,
): Buffer {
  return jsonBytes(
    images.map((image) => ({
      Config: configPath(image.configDigest),
      RepoTags: image.spec.names ?? null,
      Layers: layerPaths(image),
      ...(layerSources === undefined ? {} : { LayerSources: layerSources }),
    })),
  );
}

function repositories(images: readonly BuiltImage[]): Buffer {
  const names: Record<string, Record<string, string>> = {};
  for (const image of images) {
    for (const name of image.spec.names ?? []) {
      const colon = name.lastIndexOf(':');
      const repository = (names[name.slice(0, colon)] ??= {});
      repository[name.slice(colon + 1)] = legacyId(image, image.layers.length - 1);
    }
  }
  return jsonBytes(names);
}

/** Docker's own are random; these are the same in every run, and no digest of any bytes in the archive. */
function legacyId(image: BuiltImage, index: number): string {
  const chain = image.layers.slice(0, index + 1).map(({ diffId }) => diffId);
  const top = index === image.layers.length - 1 ? image.configDigest : '';
  return hexOf(sha256(['v1', ...chain, top].join(' ')));
}

/** Only the topmost holds the image's configuration. */
function legacyConfig(image: BuiltImage, index: number): Buffer {
  const top = index === image.layers.length - 1;
  return jsonBytes({
    id: legacyId(image, index),
    ...(index === 0 ? {} : { parent: legacyId(image, index - 1) }),
    created: '1970-01-01T00:00:00Z',
    container_config: { Cmd: [image.layers[index]?.spec.createdBy ?? ''] },
    ...(top ? { ...image.platform, config: image.spec.config ?? {} } : { os: image.platform.os }),
  });
}
