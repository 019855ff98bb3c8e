import { limits } from '../../limits.ts';
import { framingOf } from '../../unpack/sqlite/frames.ts';
import type { OnOwned, PackageDatabase } from '../package-database.ts';
import { bdbPackages, isBdbHash } from './bdb-packages.ts';
import { isNdb, ndbPackages } from './ndb-packages.ts';
import { readRpmHeader } from './rpm-header.ts';
import { sqlitePackages } from './sqlite-packages.ts';

/** Where rpm keeps it: by default, in SUSE and newer Fedora, and in images of OSTree. */
const FOLDER = '(?:var/lib|usr/lib/sysimage|usr/share)/rpm';
/** SQLite with its log, SUSE's own format (ndb), and Berkeley DB of rpm before 4.16. */
const DATABASE = new RegExp(`^${FOLDER}/(?:rpmdb\\.sqlite(?:-wal)?|Packages(?:\\.db)?)$`);

/** `path`: normalized. */
export function isRpmDatabase(path: string): boolean {
  return DATABASE.test(path);
}

/**
 * The database of rpm: held, since what belongs together is on pages anywhere. Of one larger than
 * `limits.rpmDatabaseBytes`, and of a broken one from there on, nothing is owned.
 */
export class RpmDatabase implements PackageDatabase {
  readonly #size: number;
  readonly #onOwned: OnOwned;
  #held: Buffer | undefined;
  #length = 0;

  /** `size` in bytes. */
  constructor(size: number, onOwned: OnOwned) {
    this.#size = size;
    this.#onOwned = onOwned;
  }

  write(bytes: Buffer): void {
    if (this.#size > limits.rpmDatabaseBytes) return;
    this.#held ??= Buffer.allocUnsafeSlow(this.#size);
    this.#length += bytes.copy(this.#held, this.#length);
  }

  end(): void {
    const database = this.#held?.subarray(0, this.#length);
    this.#held = undefined;
    if (database === undefined) return;
    for (const header of headersOf(database)) readRpmHeader(header, this.#onOwned);
  }
}

function headersOf(database: Buffer): Iterable<Buffer> {
  if (isNdb(database)) return ndbPackages(database);
  if (isBdbHash(database)) return bdbPackages(database);
  const framing = framingOf(database);
  return framing === undefined ? [] : sqlitePackages(database, framing);
}
