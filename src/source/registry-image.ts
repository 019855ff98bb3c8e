import { createHash } from 'node:crypto';
import { ScanError } from '../errors.ts';
import type { Descriptor } from '../image/descriptor.ts';
import { readDescriptor } from '../image/descriptor.ts';
import { arrayOf, memberOf, parseJson } from '../image/json.ts';
import { shapeOf } from '../image/manifest.ts';
import { formatPlatform, isUnknownPlatform, parsePlatform, wantsAnyOf } from '../image/platform.ts';
import type { ImageName } from '../registry/image-name.ts';
import { DOCKER_HUB, parseImageName } from '../registry/image-name.ts';
import type { ImageRegistry, StoredManifest } from '../registry/image-registry.ts';
import { walkImage } from '../registry/image-walk.ts';
import type { NamedBlob } from '../registry/named-blobs.ts';
import type { Chunks, OnProblem, Problem } from '../unpack/chunks.ts';
import type { ObjectRequest, Source, SourceObject } from './source.ts';

export interface RegistryImageOptions {
  /** For the report and for errors. */
  readonly reference: string;
  /** One clause of what was chosen: `registry`. */
  readonly medium: string;
  readonly platforms?: readonly string[] | undefined;
  /** False: what is about the image is not asked for. */
  readonly referrers?: boolean;
}

/** `HOST/NAME[:TAG][@DIGEST]` of a registry of the OCI distribution specification. Throws ScanError: `usage`, `not-found`,
 * `denied`, `unreachable`, `not-an-image`. */
export async function openRegistry(
  place: string,
  reference: string,
  options: { readonly platforms?: readonly string[] | undefined; readonly insecure?: boolean | undefined },
): Promise<Source> {
  const name = parseImageName(place, reference);
  const { isLoopback } = await import('../registry/http.ts');
  if (options.insecure === true && !isLoopback(name.host.replace(/:\d+$/, ''))) {
    throw new ScanError('usage', `--insecure is for registries on this machine: ${name.host} is asked with TLS only`);
  }
  const { DistributionRegistry } = await import('../registry/distribution.ts');
  const registry = new DistributionRegistry(name.host, { insecure: options.insecure === true });
  const close = (): Promise<void> => registry.close();
  try {
    const source = await openRegistryImage(registry, name, { ...options, reference, medium: 'registry' });
    return { ...source, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * One image of any registry, all its platforms and what is about it, named as in an OCI layout. The registry stays open. Throws
 * ScanError when the manifest itself cannot be had, or has no image of a wanted platform.
 */
export async function openRegistryImage(
  registry: ImageRegistry,
  { repository, tag, digest }: Omit<ImageName, 'host'>,
  { reference, medium, platforms = [], referrers = true }: RegistryImageOptions,
): Promise<Source> {
  const asked = digest ?? tag ?? 'latest';
  const stored = await registry.manifest(repository, asked);
  const root = { ...stored, digest: digest ?? (stored.digest === '' ? digestOf(stored.bytes) : stored.digest) };
  const json = parseJson(root.bytes.toString());
  if (shapeOf(json) === 'other') throw notAnImage(reference, registry.host);
  if (platforms.length > 0) checkPlatforms(json, platforms, reference);
  const named = digest === undefined ? `, ${asked} is ${root.digest}` : '';
  return {
    reference,
    chosen: `${medium}: ${registry.host}/${repository}${named}`,
    totalBytes: undefined,
    objects: (onProblem) => {
      const walk = walkImage(registry, repository, root, { platforms, referrers }, onProblem);
      const open = (blob: NamedBlob): ObjectRequest['open'] => blobOpener(registry, repository, blob);
      return walkedObjects(walk, root, digest === undefined ? asked : undefined, open);
    },
    close: () => Promise.resolve(),
  };
}

async function* walkedObjects(
  walk: ReturnType<typeof walkImage>,
  root: StoredManifest,
  tag: string | undefined,
  open: (blob: NamedBlob) => ObjectRequest['open'],
): AsyncGenerator<SourceObject, void, undefined> {
  const about: Descriptor[] = [];
  for await (const step of walk) {
    switch (step.kind) {
      case 'manifest':
        yield object(step.digest, step.bytes.length, { kind: 'stream', chunks: once(step.bytes) });
        break;
      case 'missing':
        yield object(step.digest, Infinity, { kind: 'request', open: (onProblem) => nothing(step.problem, onProblem) });
        break;
      case 'blob':
        yield object(step.blob.digest, step.blob.size ?? Infinity, { kind: 'request', open: open(step.blob) });
        break;
      case 'referrer':
        about.push(step.descriptor);
        break;
    }
  }
  const index = indexOf(root, tag, about);
  yield { ...object('', index.length, { kind: 'stream', chunks: once(index) }), name: 'index.json' };
}

/** `digest` as manifests write it: `sha256:<hex>`. */
function object(digest: string, size: number, bytes: SourceObject['bytes']): SourceObject {
  const name = `blobs/${digest.replace(':', '/')}`;
  return { name, size, ...(digest !== '' && { digest }), bytes, linkTarget: '', metadata: [] };
}

/** As a layout would have it: the tag, and what is about the image. */
function indexOf(root: StoredManifest, tag: string | undefined, about: readonly Descriptor[]): Buffer {
  const annotations = tag === undefined ? {} : { 'org.opencontainers.image.ref.name': tag };
  const { digest, mediaType, bytes } = root;
  const entries = about.map(({ platform: _, ...descriptor }) => descriptor);
  const manifests = [{ mediaType, digest, size: bytes.length, annotations }, ...entries];
  return Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
}

function blobOpener(registry: ImageRegistry, repository: string, blob: NamedBlob): ObjectRequest['open'] {
  const { content, isForeign } = blob;
  if (content !== undefined) return () => once(content);
  return (onProblem) =>
    registry.blob(repository, blob, (problem) => {
      // Its content is kept by its vendor, whose addresses are not followed.
      const isAway = isForeign && problem.reason === 'missing-blob';
      onProblem(
        isAway ? { reason: 'foreign-layer', detail: 'the registry does not have it, its vendor does' } : problem,
      );
    });
}

async function* once(bytes: Buffer): Chunks {
  yield await Promise.resolve(bytes);
}

async function* nothing(problem: Problem, onProblem: OnProblem): Chunks {
  onProblem(await Promise.resolve(problem));
}

/** An index without any of the wanted platforms is a mistake in the command, as in other sources. */
function checkPlatforms(json: unknown, texts: readonly string[], reference: string): void {
  const wanted = texts.map(parsePlatform).filter((platform) => platform !== undefined);
  if (shapeOf(json) !== 'index') return;
  const there = new Set<string>();
  for (const value of arrayOf(memberOf(json, 'manifests'))) {
    const { platform } = readDescriptor(value) ?? {};
    // What does not say its platform may be of any.
    if (platform === undefined || wantsAnyOf(wanted, platform)) return;
    if (!isUnknownPlatform(platform)) there.add(formatPlatform(platform));
  }
  const has = [...there].sort().join(', ');
  throw new ScanError(
    'not-found',
    `${reference} has no image for ${texts.join(' or ')}: it has ${has === '' ? 'none' : has}`,
  );
}

function notAnImage(reference: string, host: string): ScanError {
  const who = host === DOCKER_HUB ? 'the registry' : host;
  return new ScanError('not-an-image', `${reference} is no image: what ${who} gives for it is no manifest`);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
