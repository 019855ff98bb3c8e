import { ScanError } from '../../src/errors.ts';
import type { Descriptor } from '../../src/image/descriptor.ts';
import type { ImageRegistry, StoredManifest } from '../../src/registry/image-registry.ts';
import type {
  ListedImage,
  ListedRepository,
  ListedText,
  RegistryListing,
} from '../../src/registry/registry-listing.ts';
import type { Chunks } from '../../src/unpack/chunks.ts';
import type { BuiltImage } from './image-builder.ts';
import { jsonBytes, manifestBytes, ociTypes } from './image-builder.ts';
import { sha256 } from './layer-builder.ts';

type ListedFacts = Partial<Pick<ListedImage, 'tags' | 'pushedAt' | 'state'>>;

/** A registry in memory: what is asked of it is counted, and what it denies is chosen. */
export class SweptRegistry implements ImageRegistry, RegistryListing {
  readonly host = 'registry.test';
  readonly gaps: RegistryListing['gaps'] = [];
  isComplete: boolean | undefined;
  /** Digests of blobs that were asked for, with their repositories. */
  readonly asked: string[] = [];
  readonly manifestsAsked: string[] = [];
  /** `repository@digest` of what is denied. */
  readonly denied = new Set<string>();
  /** Called before each blob. */
  onBlob: (digest: string) => void | Promise<void> = () => undefined;
  readonly #blobs = new Map<string, Buffer>();
  readonly #manifests = new Map<string, StoredManifest>();
  readonly #images = new Map<string, ListedImage[]>();
  readonly #texts = new Map<string, ListedText[]>();
  readonly #referrers = new Map<string, Descriptor[]>();

  /** Gives the digest of the manifest. */
  addImage(repository: string, image: BuiltImage, facts: ListedFacts = {}): string {
    const bytes = manifestBytes(image, false);
    for (const { stored, digest } of image.layers) this.addBlob(repository, stored, digest);
    this.addBlob(repository, image.config);
    return this.addManifest(repository, bytes, ociTypes.manifest, facts);
  }

  addIndex(repository: string, manifests: readonly string[], facts: ListedFacts = {}): string {
    const listed = manifests.map((digest) => {
      const { bytes, mediaType } = this.#manifests.get(`${repository}@${digest}`) ?? {
        bytes: Buffer.of(),
        mediaType: '',
      };
      return { digest, mediaType, size: bytes.length };
    });
    const bytes = jsonBytes({ schemaVersion: 2, mediaType: ociTypes.index, manifests: listed });
    return this.addManifest(repository, bytes, ociTypes.index, facts);
  }

  /** Without facts it is stored and not listed. */
  addManifest(repository: string, bytes: Buffer, mediaType: string, facts: ListedFacts | undefined): string {
    const digest = sha256(bytes);
    this.#manifests.set(`${repository}@${digest}`, { digest, mediaType, bytes });
    if (facts === undefined) return digest;
    const listed = this.#images.get(repository) ?? [];
    this.#images.set(repository, [...listed, { repository, digest, tags: [], state: 'active', mediaType, ...facts }]);
    return digest;
  }

  addBlob(repository: string, bytes: Buffer, digest: string = sha256(bytes)): void {
    this.#blobs.set(`${repository}@${digest}`, bytes);
  }

  addText(repository: string, text: ListedText): void {
    this.#texts.set(repository, [...(this.#texts.get(repository) ?? []), text]);
  }

  addReferrer(repository: string, subject: string, digest: string): void {
    const descriptor = { mediaType: ociTypes.manifest, digest, size: undefined, platform: undefined, annotations: {} };
    this.#referrers.set(subject, [...(this.#referrers.get(`${repository}@${subject}`) ?? []), descriptor]);
  }

  manifest(repository: string, reference: string): Promise<StoredManifest> {
    const key = `${repository}@${reference}`;
    this.manifestsAsked.push(key);
    const manifest = this.#manifests.get(key);
    if (this.denied.has(key)) return Promise.reject(new ScanError('denied', 'the manifest is denied'));
    if (manifest === undefined) return Promise.reject(new ScanError('not-found', 'no such manifest'));
    return Promise.resolve(manifest);
  }

  async *blob(...[repository, { digest }, onProblem]: Parameters<ImageRegistry['blob']>): Chunks {
    const key = `${repository}@${digest}`;
    this.asked.push(key);
    await this.onBlob(digest);
    const bytes = this.#blobs.get(key);
    if (bytes === undefined || this.denied.has(key)) {
      onProblem({ reason: 'unreadable', detail: 'the blob is denied' });
      return;
    }
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  }

  referrers(_repository: string, digest: string): Promise<readonly Descriptor[]> {
    return Promise.resolve(this.#referrers.get(digest) ?? []);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async *repositories(): AsyncGenerator<ListedRepository> {
    await Promise.resolve();
    for (const name of this.#images.keys()) yield { name };
  }

  async *images(repository: string): AsyncGenerator<ListedImage> {
    await Promise.resolve();
    yield* this.#images.get(repository) ?? [];
  }

  async *texts(repository = ''): AsyncGenerator<ListedText> {
    await Promise.resolve();
    yield* this.#texts.get(repository) ?? [];
  }
}
