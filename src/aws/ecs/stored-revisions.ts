/** Revisions that were read before, in the ledger that all commands share. */

import { createHash } from 'node:crypto';
import type { Engine } from '../../engine/engine.ts';
import { openDatabase } from '../../ledger/database.ts';
import { ledgerFile } from '../../ledger/folder.ts';
import { scopeOf } from '../../ledger/scope.ts';
import { SqliteStore } from '../../ledger/sqlite-store.ts';
import { type LedgerStore, rowKinds, type StoredRow } from '../../ledger/store.ts';
import { faultWords } from '../../ledger/stored-ledger.ts';
import { remoteLimits } from '../../remote-limits.ts';
import { engineDigest } from '../../scan/engine-digest.ts';
import { resourcePath } from './resource-path.ts';
import type { RememberedRevision, RevisionLedger } from './revision-ledger.ts';

export interface RevisionOptions {
  readonly folder: string;
  readonly region: string;
  /** Another AWS than the one that is everybody's. */
  readonly endpoint: string | undefined;
  readonly engine: Engine;
  readonly onWarning: (warning: string) => void;
}

/** As it is kept; lists and dates that are not there are left out, since most revisions hold nothing. */
interface Entry {
  /** When it was read, in milliseconds since 1970. */
  readonly at: number;
  readonly bytes: number;
  readonly registeredAt?: number;
  readonly found?: RememberedRevision['found'];
}

/** Revisions that are written together; a sweep that is killed loses no more. */
const TOGETHER = 200;

/** Never rejects: a file that cannot be used is a warning, and nothing is remembered. */
export async function openRevisions(options: RevisionOptions): Promise<RevisionLedger> {
  const { folder, region, endpoint, engine, onWarning } = options;
  const scope = scopeOf(engine.ruleset, engineDigest(), ['ecs', region, endpoint ?? '']);
  try {
    return new StoredRevisions(SqliteStore.of(await openDatabase(ledgerFile(folder)), scope), engine, onWarning);
  } catch (error) {
    onWarning(faultWords(error));
    return new StoredRevisions(undefined, engine, onWarning);
  }
}

class StoredRevisions implements RevisionLedger {
  readonly #engine: Engine;
  readonly #onWarning: (warning: string) => void;
  #store: LedgerStore | undefined;
  #unsaved: StoredRow[] = [];

  constructor(store: LedgerStore | undefined, engine: Engine, onWarning: (warning: string) => void) {
    this.#store = store;
    this.#engine = engine;
    this.#onWarning = onWarning;
  }

  recall(arn: string): RememberedRevision | undefined {
    return this.#with((store) => {
      const value = store.get(rowKinds.revision, keyOf(arn));
      const entry = value === undefined ? undefined : (JSON.parse(value.toString()) as Entry);
      if (entry === undefined || !isFresh(entry)) return undefined;
      return { bytes: entry.bytes, registeredAt: entry.registeredAt, found: entry.found ?? [] };
    });
  }

  remember(arn: string, { bytes, registeredAt, found }: RememberedRevision): void {
    const name = resourcePath(arn);
    // A name that holds a value is kept nowhere, and no hash of it.
    if (this.#engine.maskText(name) !== name) return;
    const entry: Entry = {
      at: Date.now(),
      bytes,
      ...(registeredAt === undefined ? {} : { registeredAt }),
      ...(found.length === 0 ? {} : { found }),
    };
    const value = Buffer.from(JSON.stringify(entry));
    this.#unsaved.push({ kind: rowKinds.revision, key: keyOf(arn), size: 0, value });
    if (this.#unsaved.length >= TOGETHER) this.#write();
  }

  close(): void {
    this.#write();
    this.#with((store) => {
      this.#store = undefined;
      store.close();
    });
  }

  #write(): void {
    const rows = this.#unsaved;
    this.#unsaved = [];
    if (rows.length > 0) {
      this.#with((store) => {
        store.put(rows);
      });
    }
  }

  #with<Result>(ask: (store: LedgerStore) => Result): Result | undefined {
    const store = this.#store;
    if (store === undefined) return undefined;
    try {
      return ask(store);
    } catch (error) {
      this.#store = undefined;
      this.#onWarning(faultWords(error));
      return undefined;
    }
  }
}

function keyOf(arn: string): Buffer {
  return createHash('sha256').update(arn).digest();
}

function isFresh({ at }: Entry): boolean {
  const age = Date.now() - at;
  return age >= 0 && age < remoteLimits.revisionMs;
}
