import type { Ledger } from './ledger.ts';
import { ledgerFile } from './folder.ts';
import { MemoryStore } from './memory-store.ts';
import type { LedgerScope } from './scope.ts';
import { openDatabase } from './database.ts';
import { SqliteStore } from './sqlite-store.ts';
import { faultWords, StoredLedger } from './stored-ledger.ts';

export interface LedgerOptions {
  /** See `cacheFolder`. */
  readonly folder: string;
  readonly scope: LedgerScope;
  /** Told of what is wrong with the file, without any content; after that the ledger knows what is remembered from then on. */
  readonly onWarning: (warning: string) => void;
}

/** The ledger of the user's cache folder. Never rejects: instead of one that cannot be opened there is one that ends with the process. */
export async function openLedger({ folder, scope, onWarning }: LedgerOptions): Promise<Ledger> {
  try {
    const database = await openDatabase(ledgerFile(folder));
    return new StoredLedger(SqliteStore.of(database, scope), onWarning);
  } catch (error) {
    onWarning(faultWords(error));
    return new StoredLedger(new MemoryStore(), onWarning);
  }
}

/** A ledger that ends with the process. */
export function memoryLedger(): Ledger {
  return new StoredLedger(new MemoryStore(), () => undefined);
}
