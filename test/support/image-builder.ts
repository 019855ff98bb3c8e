import type { LayerCompression, TarEntry } from './layer-builder.ts';
import { compressTar, sha256 } from './layer-builder.ts';

/** Builds images for tests. image-layouts.ts writes them the way each producer does. */

export interface LayerSpec {
  readonly entries: readonly TarEntry[];
  /** Default: gzip. Layouts that store layers unpacked (docker, skopeo docker-archive) do so whatever this says. */
  readonly compression?: LayerCompression;
  /** Default: `/bin/sh -c #(nop) COPY layer-<n> / `. */
  readonly createdBy?: string;
  /** In the manifest, instead of the one that fits. */
  readonly mediaType?: string;
  /** The manifest names the blob, and the layout does not hold it. */
  readonly absent?: true;
  /** Bytes that the layout holds instead: a foreign format, a broken archive. The digest is of these. */
  readonly stored?: Buffer;
  /** Members of the descriptor that replace the right ones: `{ size: 3 }`, `{ digest }`, `{ urls }`. */
  readonly descriptor?: Readonly<Record<string, unknown>>;
}

export interface ImageSpec {
  readonly layers: readonly LayerSpec[];
  /** `app:1`. Images that share their first name are the platforms of one index, where the layout has indexes. */
  readonly names?: readonly string[];
  /** Default: `linux/amd64`. */
  readonly platform?: string;
  /** Members of the configuration's `config`: Env, Labels, Cmd. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Members of the configuration that replace the right ones: `{ author }`, `{ rootfs }`. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Default: one entry for each layer. */
  readonly history?: readonly Readonly<Record<string, unknown>>[];
  /** Of the manifest. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Members of the manifest that replace the right ones: `{ artifactType, subject }`. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** In-toto statements: index layouts get an attestation manifest for the image. */
  readonly attestations?: readonly Readonly<Record<string, unknown>>[];
  /** `manifest`: only an index names the image. `content`: its manifest is there, its configuration and layers are not. */
  readonly absent?: 'manifest' | 'content';
}

export interface BuiltLayer {
  readonly spec: LayerSpec;
  readonly tar: Buffer;
  readonly diffId: string;
  readonly stored: Buffer;
  readonly digest: string;
  readonly compression: LayerCompression;
}

export interface BuiltImage {
  readonly spec: ImageSpec;
  readonly layers: readonly BuiltLayer[];
  readonly platform: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly config: Buffer;
  readonly configDigest: string;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly [member: string]: unknown;
}

export const ociTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  foreignLayer: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
  encryptedLayer: 'application/vnd.oci.image.layer.v1.tar+gzip+encrypted',
  empty: 'application/vnd.oci.empty.v1+json',
  cacheConfig: 'application/vnd.buildkit.cacheconfig.v0',
  statement: 'application/vnd.in-toto+json',
} as const;

const created = '1970-01-01T00:00:00Z';

export async function buildLayer(spec: LayerSpec): Promise<BuiltLayer> {
  const compression = spec.compression ?? 'gzip';
  const { tar, stored } = await compressTar(spec.entries, compression);
  const bytes = spec.stored ?? stored;
  return { spec, tar, diffId: sha256(tar), stored: bytes, digest: sha256(bytes), compression };
}

export async function buildImage(spec: ImageSpec): Promise<BuiltImage> {
  const layers: BuiltLayer[] = [];
  for (const layer of spec.layers) layers.push(await buildLayer(layer));
  const [os = '', architecture = '', variant] = (spec.platform ?? 'linux/amd64').split('/');
  const platform = { os, architecture, ...(variant === undefined ? {} : { variant }) };
  const config = jsonBytes({
    ...platform,
    created,
    config: spec.config ?? {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: spec.history ?? layers.map((layer, index) => ({ created, created_by: createdBy(layer.spec, index) })),
    ...spec.configuration,
  });
  return { spec, layers, platform, config, configDigest: sha256(config) };
}

export async function buildImages(specs: readonly ImageSpec[]): Promise<BuiltImage[]> {
  const images: BuiltImage[] = [];
  for (const spec of specs) images.push(await buildImage(spec));
  return images;
}

export function jsonBytes(document: unknown): Buffer {
  return Buffer.from(JSON.stringify(document));
}

/** Of stored bytes, or of the unpacked tar where the layout keeps layers so. */
export function layerDescriptor(layer: BuiltLayer, unpacked: boolean): Descriptor {
  const suffix = {
    none: '',
    gzip: '+gzip',
    estargz: '+gzip',
    zstd: '+zstd',
    'zstd:chunked': '+zstd',
    xz: '',
    bzip2: '',
  };
  const bytes = unpacked ? layer.tar : layer.stored;
  return {
    mediaType: layer.spec.mediaType ?? `${ociTypes.layer}${unpacked ? '' : suffix[layer.compression]}`,
    digest: sha256(bytes),
    size: bytes.length,
    ...layer.spec.descriptor,
  };
}

export function manifestBytes(
  image: BuiltImage,
  unpacked: boolean,
  layers: readonly BuiltLayer[] = image.layers,
): Buffer {
  return jsonBytes({
    schemaVersion: 2,
    mediaType: ociTypes.manifest,
    config: { mediaType: ociTypes.config, digest: image.configDigest, size: image.config.length },
    layers: layers.map((layer) => layerDescriptor(layer, unpacked)),
    ...(image.spec.annotations === undefined ? {} : { annotations: image.spec.annotations }),
    ...image.spec.manifest,
  });
}

/** The attestation manifest of an image as buildkit writes it, and the blobs that it names. */
export function attestationOf(
  image: BuiltImage,
  manifestDigest: string,
): { readonly manifest: Buffer; readonly blobs: readonly Buffer[]; readonly annotations: Record<string, string> } {
  const statements = (image.spec.attestations ?? []).map((statement) => ({
    bytes: jsonBytes(statement),
    predicateType: typeof statement['predicateType'] === 'string' ? statement['predicateType'] : '',
  }));
  const config = jsonBytes({
    architecture: 'unknown',
    os: 'unknown',
    config: {},
    rootfs: { type: 'layers', diff_ids: statements.map(({ bytes }) => sha256(bytes)) },
  });
  const manifest = jsonBytes({
    schemaVersion: 2,
    mediaType: ociTypes.manifest,
    config: { mediaType: ociTypes.config, digest: sha256(config), size: config.length },
    layers: statements.map(({ bytes, predicateType }) => ({
      mediaType: ociTypes.statement,
      digest: sha256(bytes),
      size: bytes.length,
      annotations: { 'in-toto.io/predicate-type': predicateType },
    })),
  });
  const annotations = {
    'vnd.docker.reference.digest': manifestDigest,
    'vnd.docker.reference.type': 'attestation-manifest',
  };
  return { manifest, blobs: [config, ...statements.map(({ bytes }) => bytes)], annotations };
}

function createdBy({ createdBy: text }: LayerSpec, index: number): string {
  return text ?? `/bin/sh -c #(nop) COPY layer-${String(index)} / `;
}
