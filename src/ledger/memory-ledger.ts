// STOP-GAP
import type { ScannedBlob } from '../scan/blob.ts';
import type { Ledger, RememberedImage } from './ledger.ts';
export class MemoryLedger implements Ledger {
  readonly #blobs = new Map<string, ScannedBlob>();
  readonly #images = new Map<string, RememberedImage>();
  recall(digest: string): Promise<ScannedBlob | undefined> {
    return Promise.resolve(this.#blobs.get(digest));
  }
  known(digests: Iterable<string>): Promise<ReadonlySet<string>> {
    return Promise.resolve(new Set([...digests].filter((digest) => this.#blobs.has(digest))));
  }
  remember(blob: ScannedBlob): Promise<void> {
    if (blob.content.kind !== 'document') this.#blobs.set(blob.digest, blob);
    return Promise.resolve();
  }
  recallImage(key: string): Promise<RememberedImage | undefined> {
    return Promise.resolve(this.#images.get(key));
  }
  rememberImage(key: string, image: RememberedImage): Promise<void> {
    this.#images.set(key, image);
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
