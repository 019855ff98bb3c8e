/** Blobs that were scanned before: given only when their bytes have proven to be those, or cannot be asked for but by digest. */

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { namedDigest } from '../image/descriptor.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { FileRange, SourceObject } from '../source/source.ts';
import type { Chunks } from '../unpack/chunks.ts';
import type { ScannedBlob } from './blob.ts';
import type { Pool } from './pool.ts';

type Named = Pick<SourceObject, 'name' | 'size' | 'digest'>;
type Streamed = Named & Pick<SourceObject, 'oneOf'>;

/** Of a layer that has the length of a known one: as much is held until its hash says whether it is that one. Tar files are as
 * long as others by the thousand when they are short, and hardly ever when they are longer than this. */
const HELD_BYTES = 8 * 1024 * 1024;

export class KnownBlobs {
  readonly #ledger: Ledger | undefined;
  readonly #pool: Pool;
  readonly #signal: AbortSignal | undefined;
  #digests: ReadonlySet<string> = new Set();
  #sizes: ReadonlySet<number> = new Set();
  readonly #recalled = new WeakSet<ScannedBlob>();
  /** By digest, of layers without names: each is asked for once, and not once for each other one. */
  readonly #asked = new Map<string, Promise<ScannedBlob | undefined>>();

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
    const { digest, isWhole } = await this.#pool.digest(range);
    return (isWhole ? await this.#recall(object, digest) : undefined) ?? (await scan(digest));
  }

  /** Of what would be asked for by its digest. */
  async requested(object: Named): Promise<ScannedBlob | undefined> {
    if (!this.may(object)) return undefined;
    const known = await this.#recall(object, promisedDigest(object));
    if (known !== undefined) this.#pool.passOver(known.size);
    return known;
  }

  /** Of a stream, which comes once: what is known of its bytes, or chunks that are to be scanned. Known ones are hashed here, and
   * when they are others, they were not scanned, but for short ones. */
  async stream(
    object: Streamed,
    chunks: Chunks,
  ): Promise<{ readonly blob: ScannedBlob } | { readonly chunks: Chunks }> {
    const candidates = await this.#candidates(object);
    if (candidates.length === 0) return { chunks };
    // A name promises; a length alone is soon another layer's, too.
    const isHeld = promisedDigest(object) === '' && object.size <= HELD_BYTES;
    const held: Buffer[] = [];
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of chunks) {
      this.#signal?.throwIfAborted();
      hash.update(chunk);
      size += chunk.length;
      if (isHeld) held.push(Buffer.from(chunk));
      else this.#pool.passOver(chunk.length);
    }
    const digest = `sha256:${hash.digest('hex')}`;
    const blob = candidates.find((candidate) => candidate.digest === digest);
    if (blob === undefined && isHeld) return { chunks: Readable.from(held) };
    if (isHeld) this.#pool.passOver(size);
    return { blob: blob ?? notScanned(object, digest, size) };
  }

  /** Known blobs of its size that it may be. */
  async #candidates(object: Streamed): Promise<readonly ScannedBlob[]> {
    if (this.#ledger === undefined) return [];
    const promised = promisedDigest(object);
    const digests = promised === '' ? (object.oneOf ?? []) : [promised];
    const blobs: ScannedBlob[] = [];
    for (const digest of new Set(digests)) {
      let asked = this.#asked.get(digest);
      if (asked === undefined) {
        asked = this.#recall(object, digest);
        if (promised === '') this.#asked.set(digest, asked);
      }
      const blob = await asked;
      if (blob?.size === object.size) blobs.push(blob);
    }
    return blobs;
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

function notScanned({ size: whole, oneOf }: Streamed, digest: string, size: number): ScannedBlob {
  const like = oneOf === undefined ? 'the name' : 'the length';
  const detail = `it has ${like} of a layer that was scanned before, and other bytes: they were not scanned`;
  const gap = { reason: size < whole ? 'truncated' : 'digest-mismatch', path: '', detail, bytes: size } as const;
  return { digest, size, content: { kind: 'opaque' }, found: [], gaps: [gap], bytes: 0, entries: 0 };
}
