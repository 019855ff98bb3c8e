/** The one door to SQLite: a file that several processes may use at once, and that one that is killed leaves whole. */

import { constants } from 'node:fs';
import { chmod, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { ledgerLimits } from './ledger-limits.ts';
import { asFault, isBusy } from './sqlite-errors.ts';
import { LedgerFault } from './store.ts';

export type Database = DatabaseSyncInstance;
export type Statement = ReturnType<Database['prepare']>;

/** `PHIS`; a database of somebody else is not touched. */
const APPLICATION_ID = 0x50484953;
/** Counts up when the tables change. */
const TABLES_VERSION = 1;

const TABLES = `
  CREATE TABLE scope (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, label TEXT NOT NULL);
  CREATE TABLE result (
    id INTEGER PRIMARY KEY,
    scope INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    key BLOB NOT NULL,
    size INTEGER NOT NULL,
    used INTEGER NOT NULL,
    sum BLOB NOT NULL,
    value BLOB NOT NULL,
    UNIQUE (scope, kind, key)
  );
  CREATE INDEX result_size ON result (scope, size) WHERE size > 0;
  CREATE INDEX result_used ON result (used);
  PRAGMA application_id = ${String(APPLICATION_ID)};
  PRAGMA user_version = ${String(TABLES_VERSION)};`;

/** Throws LedgerFault where the file cannot be used, or is somebody else's. Makes it, and its folder, for this user alone. */
export async function openDatabase(file: string): Promise<Database> {
  let database: Database | undefined;
  try {
    await makeFile(file);
    const { DatabaseSync } = await import('@photostructure/sqlite');
    const opened = new DatabaseSync(file, { timeout: ledgerLimits.waitMs });
    database = opened;
    await whileBusy(() => {
      prepareTables(opened);
    });
    await chmod(file, 0o600);
    return opened;
  } catch (error) {
    database?.close();
    throw asFault(error);
  }
}

/** SQLite would make it readable for everybody; its journal gets the permissions of the file. */
async function makeFile(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    if (!(await handle.stat()).isFile()) throw new LedgerFault('it is no file');
  } finally {
    await handle.close();
  }
}

/** SQLite does not wait where two processes make the file or change its mode at the same time. */
async function whileBusy(step: () => void): Promise<void> {
  const ends = performance.now() + ledgerLimits.waitMs;
  for (;;) {
    try {
      step();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > ends) throw error;
    }
    await wait(20);
  }
}

function prepareTables(database: Database): void {
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON');
  if (numberOf(database, 'PRAGMA schema_version') === 0) {
    database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    inTransaction(database, () => {
      // Another process may have been first.
      if (numberOf(database, 'PRAGMA schema_version') === 0) database.exec(TABLES);
    });
  }
  if (numberOf(database, 'PRAGMA application_id') !== APPLICATION_ID) throw new LedgerFault('it is no ledger');
  if (numberOf(database, 'PRAGMA user_version') !== TABLES_VERSION) {
    throw new LedgerFault('another version of phiscan made it; remove it to begin anew');
  }
  // One file, on network file systems too, which a write-ahead log is not. And no commit waits for the disk: a process that is
  // killed loses nothing, a machine that loses its power while this writes may leave a file that is noticed to be damaged.
  database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF');
}

/** Of a statement that gives one number. */
function numberOf(database: Database, sql: string): number {
  const row = database.prepare(sql).get() as Readonly<Record<string, unknown>> | undefined;
  return Number(Object.values(row ?? {})[0] ?? 0);
}

export function inTransaction<Result>(database: Database, steps: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = steps();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Bytes of the file with its log. */
export function sizeOf(database: Database): number {
  return numberOf(database, 'PRAGMA page_count') * numberOf(database, 'PRAGMA page_size');
}
