import type { Descriptor } from '../image/descriptor.ts';
import type { BlobAddress, ImageRegistry, StoredManifest } from '../registry/image-registry.ts';
import type { Chunks, OnProblem } from '../unpack/chunks.ts';
import { remoteLimits } from '../remote-limits.ts';

/**
 * The registry of one sweep: manifests that the plan has read are not asked for again when images are put together, as far as
 * there is room for them. Closing it is the owner's of the registry behind.
 */
export class KeptRegistry implements ImageRegistry {
  readonly #registry: ImageRegistry;
  readonly #kept = new Map<string, StoredManifest>();
  #bytes = 0;

  constructor(registry: ImageRegistry) {
    this.#registry = registry;
  }

  get host(): string {
    return this.#registry.host;
  }

  get manifestsAtOnce(): number | undefined {
    return this.#registry.manifestsAtOnce;
  }

  async manifest(repository: string, reference: string): Promise<StoredManifest> {
    const key = `${repository}@${reference}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept;
    const manifest = await this.#registry.manifest(repository, reference);
    if (reference.includes(':') && this.#bytes + manifest.bytes.length <= remoteLimits.keptManifestBytes) {
      this.#bytes += manifest.bytes.length;
      this.#kept.set(key, manifest);
    }
    return manifest;
  }

  /** Of an image that has been put together: its manifests are not needed any more. */
  forget(repository: string, manifests: readonly string[]): void {
    for (const digest of manifests) {
      const key = `${repository}@${digest}`;
      this.#bytes -= this.#kept.get(key)?.bytes.length ?? 0;
      this.#kept.delete(key);
    }
  }

  blob(repository: string, address: BlobAddress, onProblem: OnProblem): Chunks {
    return this.#registry.blob(repository, address, onProblem);
  }

  referrers(repository: string, digest: string): Promise<readonly Descriptor[]> {
    return this.#registry.referrers(repository, digest);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
