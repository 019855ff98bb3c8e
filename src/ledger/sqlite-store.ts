/** Results of one scope in the file. */

import { createHash } from 'node:crypto';
import { ledgerLimits } from './ledger-limits.ts';
import { type Database, inTransaction, sizeOf, type Statement } from './database.ts';
import type { LedgerScope } from './scope.ts';
import { asFault } from './sqlite-errors.ts';
import { LedgerFault, type LedgerStore, type RowKind, type StoredRow } from './store.ts';

/** Of a time in milliseconds since 1970; when a row was used last is known to the day, so that reading seldom writes. */
export const DAY_MS: number = 24 * 60 * 60 * 1000;
/** What is kept when the file has grown too large. */
const KEPT_SHARE = 0.8;

interface RowSum {
  readonly scope: Uint8Array;
  readonly kind: number;
  readonly key: Uint8Array;
  readonly size: number;
  readonly value: Uint8Array;
}

/** Neither SQLite nor a file system notices a bit that has turned over. */
export function sumOf({ scope, kind, key, size, value }: RowSum): Buffer {
  const hash = createHash('sha256')
    .update(scope)
    .update(`${String(kind)}:${String(size)}:`)
    .update(key)
    .update(value);
  return hash.digest().subarray(0, 16);
}

/** Forgets what was not used for longest, until no more than `maxBytes` of results are left; gives how many that were. */
export function dropOldest(database: Database, maxBytes: number): number {
  const newest = 'SELECT id, length(value) AS bytes FROM result ORDER BY used DESC, id DESC';
  const dropped: number[] = [];
  let kept = 0;
  const rows = database.prepare(newest).iterate() as Iterable<{ readonly id: number; readonly bytes: number }>;
  for (const { id, bytes } of rows) {
    kept += bytes;
    if (kept > maxBytes) dropped.push(id);
  }
  drop(database, dropped);
  return dropped.length;
}

/** Takes the rows away, and their pages from the file. */
export function drop(database: Database, ids: readonly number[]): void {
  inTransaction(database, () => {
    const statement = database.prepare('DELETE FROM result WHERE id = ?');
    for (const id of ids) statement.run(id);
  });
  database.exec('PRAGMA incremental_vacuum');
}

export class SqliteStore implements LedgerStore {
  readonly #database: Database;
  readonly #scopeHash: Buffer;
  readonly #scope: number;
  readonly #maxBytes: number;
  readonly #today: number = Math.floor(Date.now() / DAY_MS);
  /** Rows that were used, and not yet today. */
  readonly #used = new Set<number>();
  readonly #get: Statement;
  readonly #has: Statement;
  readonly #hasSize: Statement;
  readonly #put: Statement;

  /** Throws LedgerFault, and then closes the database. */
  static of(database: Database, scope: LedgerScope, maxBytes: number = ledgerLimits.fileBytes): SqliteStore {
    try {
      return new SqliteStore(database, scope, maxBytes);
    } catch (error) {
      database.close();
      throw asFault(error);
    }
  }

  private constructor(database: Database, scope: LedgerScope, maxBytes: number) {
    this.#database = database;
    this.#scopeHash = scope.hash;
    this.#maxBytes = maxBytes;
    this.#scope = scopeId(database, scope);
    this.#get = database.prepare(
      'SELECT id, size, used, sum, value FROM result WHERE scope = ? AND kind = ? AND key = ?',
    );
    this.#has = database.prepare('SELECT 1 FROM result WHERE scope = ? AND kind = ? AND key = ?');
    this.#hasSize = database.prepare('SELECT 1 FROM result WHERE scope = ? AND size = ? AND size > 0 LIMIT 1');
    this.#put = database.prepare(
      `INSERT INTO result (scope, kind, key, size, used, sum, value) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET size = excluded.size, used = excluded.used, sum = excluded.sum, value = excluded.value`,
    );
  }

  get(kind: RowKind, key: Buffer): Buffer | undefined {
    return this.#faulty(() => {
      const row = this.#get.get(this.#scope, kind, key) as
        | {
            readonly id: number;
            readonly size: number;
            readonly used: number;
            readonly sum: Uint8Array;
            readonly value: Uint8Array;
          }
        | undefined;
      if (row === undefined) return undefined;
      const { id, size, used, sum, value } = row;
      if (!sumOf({ scope: this.#scopeHash, kind, key, size, value }).equals(sum)) {
        throw new LedgerFault('it is damaged; remove it to begin anew');
      }
      if (used < this.#today) this.#used.add(id);
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    });
  }

  has(kind: RowKind, key: Buffer): boolean {
    return this.#faulty(() => this.#has.get(this.#scope, kind, key) !== undefined);
  }

  hasSize(size: number): boolean {
    return this.#faulty(() => this.#hasSize.get(this.#scope, size) !== undefined);
  }

  put(rows: readonly StoredRow[]): void {
    this.#faulty(() => {
      inTransaction(this.#database, () => {
        for (const { kind, key, size, value } of rows) {
          const sum = sumOf({ scope: this.#scopeHash, kind, key, size, value });
          this.#put.run(this.#scope, kind, key, size, this.#today, sum, value);
        }
      });
      if (sizeOf(this.#database) > this.#maxBytes) dropOldest(this.#database, this.#maxBytes * KEPT_SHARE);
    });
  }

  close(): void {
    this.#faulty(() => {
      try {
        if (this.#used.size > 0) this.#use();
      } finally {
        this.#database.close();
      }
    });
  }

  #use(): void {
    inTransaction(this.#database, () => {
      const statement = this.#database.prepare('UPDATE result SET used = ? WHERE id = ?');
      for (const id of this.#used) statement.run(this.#today, id);
    });
  }

  #faulty<Result>(steps: () => Result): Result {
    try {
      return steps();
    } catch (error) {
      throw asFault(error);
    }
  }
}

function scopeId(database: Database, { hash, label }: LedgerScope): number {
  const find = database.prepare('SELECT id FROM scope WHERE hash = ?');
  const found = find.get(hash) as { readonly id: number } | undefined;
  if (found !== undefined) return found.id;
  return inTransaction(database, () => {
    database.prepare('INSERT INTO scope (hash, label) VALUES (?, ?) ON CONFLICT DO NOTHING').run(hash, label);
    return (find.get(hash) as { readonly id: number }).id;
  });
}
