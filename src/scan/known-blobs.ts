/** Blobs that were scanned before: given only when their bytes have proven to be those, or cannot be asked for but by digest. */

import { createHash } from 'node:crypto';
import { namedDigest } from '../image/descriptor.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { FileRange, SourceObject } from '../source/source.ts';
import type { Chunks } from '../unpack/chunks.ts';
import type { ScannedBlob } from './blob.ts';
import type { Pool } from './pool.ts';

type Named = Pick<SourceObject, 'name' | 'size' | 'digest'>;

export class KnownBlobs {
  readonly #ledger: Ledger | undefined;
  readonly #pool: Pool;
  readonly #signal: AbortSignal | undefined;
  #digests: ReadonlySet<string> = new Set();
  #sizes: ReadonlySet<number> = new Set();
  readonly #recalled = new WeakSet<ScannedBlob>();

  constructor(ledger: Ledger | undefined, pool: Pool, signal: AbortSignal | undefined) {
    this.#ledger = ledger;
    this.#pool = pool;
    this.#signal = signal;
  }

  /** Asks once for all objects that wait; before `may`. */
  async look(objects: readonly Named[]): Promise<void> {
    if (this.#ledger === undefined) return;
    this.#digests = await this.#ledger.known(objects.map(promisedDigest));
    this.#sizes = await this.#ledger.knownSizes(objects.map(({ size }) => size));
  }

  /** Whether it pays to look closer at the object. */
  may(object: Named): boolean {
    const promised = promisedDigest(object);
    return promised === '' ? this.#sizes.has(object.size) : this.#digests.has(promised);
  }

  /** Of a range that is hashed here, and scanned by `scan` where it is not known. */
  async range(object: Named, range: FileRange, scan: (digest: string) => Promise<ScannedBlob>): Promise<ScannedBlob> {
    const { digest, isWhole } = await this.#pool.digest(range, true);
    return (isWhole ? await this.#recall(object, digest) : undefined) ?? (await scan(digest));
  }

  /** Of what would be asked for by its digest. */
  async requested(object: Named): Promise<ScannedBlob | undefined> {
    if (!this.may(object)) return undefined;
    const known = await this.#recall(object, promisedDigest(object));
    if (known !== undefined) this.#pool.passOver(known.size);
    return known;
  }

  /** Of a stream, which comes once: known ones are hashed here, and when they are others, they were not scanned. */
  async stream(object: Named, chunks: Chunks): Promise<ScannedBlob | undefined> {
    const promised = promisedDigest(object);
    if (this.#ledger === undefined || promised === '') return undefined;
    const known = await this.#recall(object, promised);
    if (known?.size !== object.size) return undefined;
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of chunks) {
      this.#signal?.throwIfAborted();
      hash.update(chunk);
      size += chunk.length;
      this.#pool.passOver(chunk.length);
    }
    const digest = `sha256:${hash.digest('hex')}`;
    return digest === promised ? known : notScanned(object, digest, size);
  }

  /** What was scanned just now; not what the ledger gave itself. */
  async keep(object: Named, blob: ScannedBlob): Promise<void> {
    if (this.#ledger === undefined || this.wasRecalled(blob) || !isNamed(object, blob)) return;
    await this.#ledger.remember(blob, blob.digest === promisedDigest(object));
  }

  /** Whether the ledger gave it. */
  wasRecalled(blob: ScannedBlob): boolean {
    return this.#recalled.has(blob);
  }

  async #recall(object: Named, digest: string): Promise<ScannedBlob | undefined> {
    const blob = await this.#ledger?.recall(digest);
    if (blob === undefined || !isNamed(object, blob)) return undefined;
    this.#recalled.add(blob);
    return blob;
  }
}

/** Empty where nothing names it; the digest may be of another algorithm. */
function promisedDigest({ digest, name }: Named): string {
  return digest ?? namedDigest(name);
}

/** What is found in anything but a layer is found under the blob's name: it is the same only where the name is. */
function isNamed({ name }: Named, { content, digest }: ScannedBlob): boolean {
  return content.kind === 'layer' || name === `blobs/${digest.replace(':', '/')}`;
}

function notScanned({ size: whole }: Named, digest: string, size: number): ScannedBlob {
  const detail = 'it has the name of a layer that was scanned before, and other bytes: they were not scanned';
  const gap = { reason: size < whole ? 'truncated' : 'digest-mismatch', path: '', detail, bytes: size } as const;
  return { digest, size, content: { kind: 'opaque' }, found: [], gaps: [gap], bytes: 0, entries: 0 };
}
