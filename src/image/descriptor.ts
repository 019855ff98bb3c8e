import type { JsonObject } from './json.ts';
import { isObject, memberOf, objectOf, textOf } from './json.ts';
import type { Platform } from './platform.ts';
import { platformOf } from './platform.ts';

/** A content descriptor (image-spec descriptor.md) with a usable digest. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Undefined where the document does not say, or says it in a wrong type. */
  readonly size: number | undefined;
  readonly platform: Platform | undefined;
  readonly annotations: JsonObject;
}

/** The registered algorithms with their exact form. Anything else is free text, and free text is never shown. */
const digestForm = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}|blake3:[0-9a-f]{64})$/;

/** Empty when it is none. */
export function digestOf(value: unknown): string {
  const text = textOf(value);
  return digestForm.test(text) ? text : '';
}

/** Undefined without a digest: nothing can be found by it. */
export function readDescriptor(value: unknown): Descriptor | undefined {
  const digest = digestOf(memberOf(value, 'digest'));
  if (!isObject(value) || digest === '') return undefined;
  const size = memberOf(value, 'size');
  return {
    mediaType: textOf(memberOf(value, 'mediaType')),
    digest,
    size: typeof size === 'number' ? size : undefined,
    platform: readPlatform(memberOf(value, 'platform')),
    annotations: objectOf(memberOf(value, 'annotations')),
  };
}

/** Of an index entry, or of a configuration: both have the same members. */
export function readPlatform(value: unknown): Platform | undefined {
  const [os, architecture, variant] = ['os', 'architecture', 'variant'].map((key) => textOf(memberOf(value, key)));
  return platformOf(os ?? '', architecture ?? '', variant ?? '');
}

const namedByDigest = /^(?:blobs\/(sha256|sha384|sha512|blake3)\/|(sha256):|)([0-9a-f]{64,128})(?:\.[a-z0-9.]{1,16})?$/;

/** The digest that a blob's name promises: `blobs/sha256/<hex>`, `sha256:<hex>`, `<hex>.json`, `<hex>.tar.gz`. Empty for
 * other names, and for the random ids of legacy layers, which are folders. */
export function namedDigest(name: string): string {
  const match = namedByDigest.exec(name);
  return match === null ? '' : digestOf(`${match[1] ?? match[2] ?? 'sha256'}:${match[3] ?? ''}`);
}

/** Blobs so well known that documents name them without storing them: `{}`, and the gzipped empty tar of schema 1. */
const wellKnownDigests = new Set([
  'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  'sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d663cb16422d00e8a7c22955b46d4',
]);

export function isWellKnown(digest: string): boolean {
  return wellKnownDigests.has(digest);
}

const indexTypes = new Set([
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
]);
const manifestTypes = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
]);
/** All of both specifications, as a registry is asked for them. */
export const imageTypes: readonly string[] = [...indexTypes, ...manifestTypes];

const configTypes = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);
const cacheConfigType = 'application/vnd.buildkit.cacheconfig.v0';

/** An index, a manifest, or something of which only manifests speak. */
export function isImageType(mediaType: string): boolean {
  return indexTypes.has(mediaType) || manifestTypes.has(mediaType);
}

/** What an index names that is no manifest: buildkit's caches list their layers and their configuration so. */
export function isBlobType(mediaType: string): boolean {
  return mediaType === cacheConfigType || configTypes.has(mediaType) || (mediaType !== '' && isLayerType(mediaType));
}

/** `cache`: layers without a runnable configuration, written by buildkit. A configuration without a type is an image's. */
export function configKind(mediaType: string): 'image' | 'cache' | 'artifact' {
  if (mediaType === cacheConfigType) return 'cache';
  return mediaType === '' || configTypes.has(mediaType) ? 'image' : 'artifact';
}

export function isEncryptedType(mediaType: string): boolean {
  return mediaType.endsWith('+encrypted');
}

/** Layers that may not be distributed: their content stays with their vendor. */
export function isForeignType(mediaType: string): boolean {
  return mediaType.includes('.nondistributable.') || mediaType.includes('.foreign.');
}

/** A layer type of either specification; or none said. */
export function isLayerType(mediaType: string): boolean {
  return mediaType === '' || /^application\/vnd\.(?:oci\.image\.layer|docker\.image\.rootfs)\./.test(mediaType);
}

/** What the type says of a layer's compression; undefined where it says nothing. */
export function compressionOf(mediaType: string): 'none' | 'gzip' | 'zstd' | undefined {
  if (mediaType === '' || !isLayerType(mediaType) || isEncryptedType(mediaType)) return undefined;
  if (/[+.]gzip$/.test(mediaType)) return 'gzip';
  if (/[+.]zstd$/.test(mediaType)) return 'zstd';
  return mediaType.endsWith('.tar') ? 'none' : undefined;
}

export function isStatementType(mediaType: string): boolean {
  return /in-toto|dsse\.envelope|cosign\.simplesigning/.test(mediaType);
}

export function isSbomType(text: string): boolean {
  return /spdx|cyclonedx|syft/.test(text);
}

/** Buildkit's annotations: the entry is an attestation of another entry. Empty when it does not say of which. */
export function subjectOf({ annotations }: Descriptor): string | undefined {
  const isAttestation = textOf(memberOf(annotations, 'vnd.docker.reference.type')) === 'attestation-manifest';
  return isAttestation ? digestOf(memberOf(annotations, 'vnd.docker.reference.digest')) : cosignSubject(annotations);
}

/** Cosign's tags: `sha256-<hex>.sig`, `.att`, `.sbom`; and the fallback tag of referrers, `sha256-<hex>`, is an index. */
function cosignSubject(annotations: Descriptor['annotations']): string | undefined {
  const tag = textOf(memberOf(annotations, 'org.opencontainers.image.ref.name'));
  const match = /(?:^|:)sha256-([0-9a-f]{64})\.(?:sig|att|sbom)$/.exec(tag);
  return match === null ? undefined : `sha256:${match[1] ?? ''}`;
}
