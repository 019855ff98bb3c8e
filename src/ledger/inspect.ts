/** What `phiscan ledger` does with the file, whatever scopes are in it. */

import { inflateRawSync } from 'node:zlib';
import { decodeBlob } from './blob-record.ts';
import { type Database, sizeOf } from './database.ts';
import { DAY_MS, drop, dropOldest, sumOf } from './sqlite-store.ts';
import { rowKinds } from './store.ts';

type KindName = keyof typeof rowKinds;

interface LedgerCount {
  /** Version and rules. */
  readonly scope: string;
  readonly kind: KindName;
  readonly rows: number;
  /** Of their values, as stored. */
  readonly bytes: number;
  /** Days on which the one used longest ago and the one used last were used: `2026-11-22`. */
  readonly oldest: string;
  readonly newest: string;
}

export interface LedgerStats {
  readonly fileBytes: number;
  readonly counts: readonly LedgerCount[];
}

export interface LedgerVerdict {
  readonly rows: number;
  /** What SQLite says of the file, and rows that are not as they were written. */
  readonly faults: readonly string[];
}

export interface PruneBounds {
  /** Milliseconds since 1970. */
  readonly usedBefore?: number | undefined;
  readonly maxBytes?: number | undefined;
}

interface Row {
  readonly id: number;
  readonly scope: string;
  readonly hash: Uint8Array;
  readonly kind: number;
  readonly key: Uint8Array;
  readonly size: number;
  readonly used: number;
  readonly sum: Uint8Array;
  readonly value: Uint8Array;
}

const names = new Map<number, KindName>(Object.entries(rowKinds).map(([name, kind]) => [kind, name as KindName]));

/** All rows; ids first, so that the file is not locked while one is read. */
function* rowsOf(database: Database): Generator<Row, void, undefined> {
  const one = database.prepare(
    `SELECT result.id, label AS scope, hash, kind, key, size, used, sum, value
     FROM result JOIN scope ON scope.id = result.scope WHERE result.id = ?`,
  );
  const ids = database.prepare('SELECT id FROM result ORDER BY id').all() as readonly { readonly id: number }[];
  for (const { id } of ids) {
    const row = one.get(id) as Row | undefined;
    if (row !== undefined) yield row;
  }
}

export function statsOf(database: Database): LedgerStats {
  const counts = database
    .prepare(
      `SELECT label AS scope, kind, count(*) AS rows, sum(length(value)) AS bytes, min(used) AS oldest, max(used) AS newest
       FROM result JOIN scope ON scope.id = result.scope GROUP BY scope.id, kind ORDER BY max(used) DESC, scope.id, kind`,
    )
    .all() as readonly (Omit<LedgerCount, 'kind' | 'oldest' | 'newest'> &
    Record<'kind' | 'oldest' | 'newest', number>)[];
  return {
    fileBytes: sizeOf(database),
    counts: counts.map(({ scope, kind, rows, bytes, oldest, newest }) => {
      return { scope, kind: names.get(kind) ?? 'blob', rows, bytes, oldest: dayOf(oldest), newest: dayOf(newest) };
    }),
  };
}

/** One object for each row that is as it was written: what was found, without the hashes of paths. */
export function* exportOf(database: Database): Generator<Readonly<Record<string, unknown>>, void, undefined> {
  for (const row of rowsOf(database)) {
    if (!isRight(row)) continue;
    const { scope, kind, key, used } = row;
    const common = { kind: names.get(kind) ?? 'unknown', scope, used: dayOf(used) };
    yield { ...common, ...contentOf(kind, hexOf(key), Buffer.from(row.value)) };
  }
}

function contentOf(kind: number, key: string, value: Buffer): Readonly<Record<string, unknown>> {
  switch (kind) {
    case rowKinds.blob: {
      const { digest, size, content, found, gaps, bytes, entries, owned } = decodeBlob(value);
      const layer = content.kind === 'layer' ? { diffId: content.diffId, paths: content.tree.paths.length } : {};
      const findings = found.map(({ finding }) => finding);
      return { digest, size, ...layer, bytes, entries, packageFiles: owned?.length ?? 0, findings, gaps };
    }
    case rowKinds.plain:
      return { diffId: `sha256:${key}`, digest: `sha256:${hexOf(value)}` };
    case rowKinds.image:
      return { key, ...(JSON.parse(inflateRawSync(value).toString()) as object) };
    default:
      return { key, ...(JSON.parse(value.toString()) as object) };
  }
}

export function verify(database: Database): LedgerVerdict {
  const checks = database.prepare('PRAGMA integrity_check(10)').all() as readonly Readonly<Record<string, unknown>>[];
  const said = checks.map((check) => String(Object.values(check)[0]));
  const faults = said.filter((text) => text !== 'ok').map((text) => `the file: ${text}`);
  let rows = 0;
  for (const row of rowsOf(database)) {
    rows += 1;
    if (!isRight(row)) faults.push(`row ${String(row.id)} is not as it was written`);
  }
  return { rows, faults };
}

/** Gives how many rows are forgotten. */
export function prune(database: Database, { usedBefore, maxBytes }: PruneBounds): number {
  let dropped = 0;
  if (usedBefore !== undefined) {
    const old = database.prepare('SELECT id FROM result WHERE used < ?').all(usedBefore / DAY_MS);
    const ids = (old as readonly { readonly id: number }[]).map(({ id }) => id);
    drop(database, ids);
    dropped += ids.length;
  }
  if (maxBytes !== undefined) dropped += dropOldest(database, maxBytes);
  database.exec('DELETE FROM scope WHERE id NOT IN (SELECT scope FROM result)');
  return dropped;
}

function isRight({ hash, kind, key, size, value, sum }: Row): boolean {
  return sumOf({ scope: hash, kind, key, size, value }).equals(sum);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function dayOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
