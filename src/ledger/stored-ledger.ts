import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ScannedBlob } from '../scan/blob.ts';
import { decodeBlob, encodeBlob } from './blob-record.ts';
import { isImageKept, isKept } from './kept.ts';
import type { Ledger, RememberedImage } from './ledger.ts';
import { MemoryStore } from './memory-store.ts';
import { LedgerFault, type LedgerStore, rowKinds, type StoredRow } from './store.ts';

/** A ledger over a store; from the first fault on, one that ends with the process. */
export class StoredLedger implements Ledger {
  readonly #onWarning: (warning: string) => void;
  #store: LedgerStore | undefined;

  constructor(store: LedgerStore, onWarning: (warning: string) => void) {
    this.#store = store;
    this.#onWarning = onWarning;
  }

  recall(digest: string): Promise<ScannedBlob | undefined> {
    return this.#with(undefined, (store) => {
      const key = keyOf(digest);
      if (key === undefined) return undefined;
      const record = store.get(rowKinds.blob, key);
      if (record !== undefined) return decodeBlob(record);
      const of = store.get(rowKinds.plain, key);
      const compressed = of === undefined ? undefined : store.get(rowKinds.blob, of);
      return compressed === undefined ? undefined : unpacked(decodeBlob(compressed), digest);
    });
  }

  known(digests: Iterable<string>): Promise<ReadonlySet<string>> {
    return this.#with<ReadonlySet<string>>(new Set(), (store) => {
      const isKnown = (digest: string): boolean => {
        const key = keyOf(digest);
        return key !== undefined && (store.has(rowKinds.blob, key) || store.has(rowKinds.plain, key));
      };
      return new Set([...digests].filter(isKnown));
    });
  }

  knownSizes(sizes: Iterable<number>): Promise<ReadonlySet<number>> {
    return this.#with<ReadonlySet<number>>(
      new Set(),
      (store) => new Set([...sizes].filter((size) => size > 0 && store.hasSize(size))),
    );
  }

  remember(blob: ScannedBlob, verified: boolean): Promise<void> {
    return this.#with(undefined, (store) => {
      const key = keyOf(blob.digest);
      if (key === undefined || !isKept(blob, verified)) return;
      const rows: StoredRow[] = [{ kind: rowKinds.blob, key, size: blob.size, value: encodeBlob(blob) }];
      const { content } = blob;
      const plain = content.kind === 'layer' && content.isPlain ? keyOf(content.diffId) : undefined;
      if (plain !== undefined && !plain.equals(key)) {
        rows.push({ kind: rowKinds.plain, key: plain, size: blob.bytes, value: key });
      }
      store.put(rows);
    });
  }

  recallImage(key: string): Promise<RememberedImage | undefined> {
    return this.#with(undefined, (store) => {
      const record = store.get(rowKinds.image, hashOf(key));
      return record === undefined ? undefined : (JSON.parse(inflateRawSync(record).toString()) as RememberedImage);
    });
  }

  rememberImage(key: string, image: RememberedImage): Promise<void> {
    return this.#with(undefined, (store) => {
      if (!isImageKept(image.gaps)) return;
      const { parts, targets, findings, gaps, bytes, entries } = image;
      const value = deflateRawSync(JSON.stringify({ parts, targets, findings, gaps, bytes, entries }));
      store.put([{ kind: rowKinds.image, key: hashOf(key), size: 0, value }]);
    });
  }

  close(): Promise<void> {
    return this.#with(undefined, (store) => {
      this.#store = undefined;
      store.close();
    });
  }

  /** What a store that fails gives is `otherwise`, once with a warning. A sweep relies on what it has remembered itself. */
  #with<Result>(otherwise: Result, ask: (store: LedgerStore) => Result): Promise<Result> {
    const store = this.#store;
    if (store === undefined) return Promise.resolve(otherwise);
    try {
      return Promise.resolve(ask(store));
    } catch (error) {
      // Not where it was closed meanwhile.
      if (this.#store !== undefined) this.#store = new MemoryStore();
      this.#onWarning(faultWords(error));
      return Promise.resolve(otherwise);
    }
  }
}

/** The digest of an empty blob is that of too many things. */
const EMPTY = createHash('sha256').digest('hex');

/** Undefined for digests of other algorithms: the bytes were hashed with this one. */
function keyOf(digest: string): Buffer | undefined {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  return hex === undefined || hex === EMPTY ? undefined : Buffer.from(hex, 'hex');
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** The same layer, stored as the tar that it unpacks to. */
function unpacked(blob: ScannedBlob, diffId: string): ScannedBlob {
  const { content } = blob;
  if (content.kind !== 'layer') return blob;
  return { ...blob, digest: diffId, size: blob.bytes, content: { ...content, compression: 'none' } };
}

/** For a warning; a fault that is not the store's is that of a record. */
export function faultWords(error: unknown): string {
  return `the ledger is not used: ${error instanceof LedgerFault ? error.message : 'what it holds cannot be read'}`;
}
