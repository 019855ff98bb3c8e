import type { Ledger } from '../../src/ledger/ledger.ts';

export interface WatchedLedger extends Ledger {
  /** Digests that were given since the last look. */
  readonly recalled: () => readonly string[];
  readonly remembered: () => readonly string[];
}

/** A ledger that tells what it was asked. */
export function watchedLedger(ledger: Ledger): WatchedLedger {
  const recalled: string[] = [];
  const remembered: string[] = [];
  return {
    recall: async (digest) => {
      const blob = await ledger.recall(digest);
      if (blob !== undefined) recalled.push(digest);
      return blob;
    },
    known: (digests) => ledger.known(digests),
    knownSizes: (sizes) => ledger.knownSizes(sizes),
    remember: async (blob, verified) => {
      if (blob.content.kind !== 'document') remembered.push(blob.digest);
      await ledger.remember(blob, verified);
    },
    recallImage: (key) => ledger.recallImage(key),
    rememberImage: (key, image) => ledger.rememberImage(key, image),
    close: () => ledger.close(),
    recalled: () => recalled.splice(0),
    remembered: () => remembered.splice(0),
  };
}
