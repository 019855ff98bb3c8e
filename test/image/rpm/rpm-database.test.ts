import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRpmDatabase, RpmDatabase } from '../../../src/image/rpm/rpm-database.ts';
import { limits } from '../../../src/limits.ts';
import { walOf } from '../../read/sqlite/databases.ts';
import { rpmBdb, rpmHeader, rpmNdb, rpmSqlite } from '../../support/rpm-databases.ts';

const sha256 = 'ab'.repeat(32);
const pathsOf = (first: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `/usr/share/libx/file-${String(first + index)}`);
const headerOf = (paths: readonly string[]): Buffer => rpmHeader(paths.map((path) => ({ path, digest: sha256 })));
/** One in the page, one on pages elsewhere, and one between. */
const packages = [pathsOf(0, 2), pathsOf(2, 400), pathsOf(402, 20)];
const headers = packages.map(headerOf);
const paths = packages.flat();

function ownedBy(database: Buffer, cuts: readonly number[] = [], size = database.length): readonly string[] {
  const owned: string[] = [];
  const reading = new RpmDatabase(size, (path) => owned.push(path));
  let at = 0;
  for (const cut of [...cuts, database.length]) {
    // A copy that is overwritten afterwards, as the next stage may.
    const part = Buffer.from(database.subarray(at, at + cut));
    reading.write(part);
    part.fill(0);
    at += cut;
  }
  reading.end();
  return owned;
}

const formats: readonly (readonly [string, Buffer])[] = [
  ['SQLite', rpmSqlite(headers)],
  ['ndb', rpmNdb(headers)],
  ['Berkeley DB, little-endian', rpmBdb(headers)],
  ['Berkeley DB, big-endian', rpmBdb(headers, 'BE')],
];

describe.each(formats)('%s', (_title, database) => {
  test('the files of all packages', () => {
    expect(ownedBy(database).toSorted()).toEqual(paths.toSorted());
  });

  test('any split of the bytes says the same', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9000), { maxLength: 8 }), (cuts) => {
        expect(ownedBy(database, cuts)).toEqual(ownedBy(database));
      }),
      { numRuns: 20 },
    );
  });

  test('cut short: what is left, and nothing else', () => {
    for (let length = 0; length < database.length; length += 997) {
      expect(paths).toEqual(expect.arrayContaining([...ownedBy(database.subarray(0, length))]));
    }
  });

  test('changed bytes neither throw nor add without end', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(database.length - 1), fc.nat(255)), { maxLength: 60 }), (changes) => {
        const changed = Buffer.from(database);
        for (const [at, byte] of changes) changed[at] = byte;
        expect(ownedBy(changed).length).toBeLessThan(10 * paths.length);
      }),
      { numRuns: 60 },
    );
  });
});

test('packages that only the log of SQLite has', () => {
  const database = rpmSqlite(headers);
  const pages = Array.from({ length: database.length / 4096 }, (_, index) => index + 1);
  expect(ownedBy(walOf(database, 4096, pages)).toSorted()).toEqual(paths.toSorted());
});

test.each<[string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  ['a text', Buffer.from('Packages: none\n'.repeat(100))],
  ['a database of others', rpmSqlite([Buffer.from('no header at all, but long enough to be one')])],
  ['an ndb whose slots all lead to one header', overlapping()],
])('%s: no file, or not again and again', (_title, database) => {
  expect(ownedBy(database).length).toBeLessThanOrEqual(2 * paths.length);
});

function overlapping(): Buffer {
  const database = rpmNdb([headerOf(pathsOf(0, 400))]);
  for (let slot = 32; slot < 4096; slot += 16) database.copy(database, slot, 48, 64);
  return database;
}

test('one that is too large to be held owns nothing', () => {
  expect(ownedBy(rpmNdb(headers), [], limits.rpmDatabaseBytes + 1)).toEqual([]);
});

test.each<[string, boolean]>([
  ['var/lib/rpm/rpmdb.sqlite', true],
  ['var/lib/rpm/rpmdb.sqlite-wal', true],
  ['usr/lib/sysimage/rpm/Packages.db', true],
  ['var/lib/rpm/Packages', true],
  ['usr/share/rpm/rpmdb.sqlite', true],
  ['srv/rpm/rpmdb.sqlite', false],
  ['var/lib/rpm/Name', false],
  ['var/lib/rpm/backup/Packages', false],
])('%s: %s', (path, expected) => {
  expect(isRpmDatabase(path)).toBe(expected);
});
