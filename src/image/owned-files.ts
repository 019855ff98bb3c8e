import { limits } from '../limits.ts';
import type { PackageDatabase } from './package-database.ts';
import { normalizePath, PathHash } from './path-hash.ts';
import { isRpmDatabase, RpmDatabase } from './rpm/rpm-database.ts';
import { holdsHash } from './sorted-hashes.ts';

/** Digests of a file, in lower-case hexadecimal: dpkg keeps MD5, apk SHA-1, rpm any of them, mostly SHA-256. */
export interface FileDigests {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly sha512: string;
}

/**
 * The files that the package managers of a layer say are theirs, each with its digest: sorted hashes of path and digest
 * together. Plain data, as LayerTree is.
 */
export type OwnedFiles = Float64Array;

/** Debian's `dpkg`, also of distroless images, which keep a list beside each package's status. */
const DPKG_LIST = /^var\/lib\/dpkg\/(?:info|status\.d)\/[^/]+\.md5sums$/;
/** Alpine's `apk`. */
const APK_DATABASE = /^(?:usr\/)?lib\/apk\/db\/installed$/;
const LF = 10;

/** Ends of the names above and of rpm's: asked for every entry of a layer. */
const NAMES = ['.md5sums', '/installed', '/rpmdb.sqlite', '/rpmdb.sqlite-wal', '/Packages', '/Packages.db'];

/** Collects what the package databases of one layer say. */
export class OwnedFilesBuilder {
  readonly #hash = new PathHash();
  #keys = new Float64Array(256);
  #length = 0;

  /** Undefined where the entry is no package database. `size` in bytes. */
  database(path: string, size: number): PackageDatabase | undefined {
    if (!NAMES.some((name) => path.endsWith(name))) return undefined;
    const plain = normalizePath(path);
    if (isRpmDatabase(plain)) {
      return new RpmDatabase(size, (file, digest) => {
        this.#add(file, digest);
      });
    }
    if (DPKG_LIST.test(plain))
      return new LineDatabase((line) => {
        this.#dpkgLine(line);
      });
    if (!APK_DATABASE.test(plain)) return undefined;
    const apk = { folder: '', file: '' };
    return new LineDatabase((line) => {
      this.#apkLine(line, apk);
    });
  }

  /** The builder is used up. Undefined where there was no database. */
  finish(): OwnedFiles | undefined {
    return this.#length === 0 ? undefined : this.#keys.slice(0, this.#length).sort();
  }

  /** `<md5>  usr/share/doc/x/copyright`. */
  #dpkgLine(line: string): void {
    if (line.length > 34 && line.startsWith('  ', 32)) this.#add(line.slice(34), line.slice(0, 32));
  }

  /** `F:` folder, then for each file in it `R:` name and `Z:` `Q1` with the SHA-1, or `Q2` with the SHA-256, in base64. */
  #apkLine(line: string, apk: { folder: string; file: string }): void {
    if (line.startsWith('F:')) apk.folder = line.slice(2);
    else if (line.startsWith('R:')) apk.file = line.slice(2);
    else if (/^Z:Q[12]/.test(line) && apk.file !== '') {
      this.#add(`${apk.folder}/${apk.file}`, Buffer.from(line.slice(4), 'base64').toString('hex'));
      apk.file = '';
    }
  }

  #add(path: string, digest: string): void {
    if (this.#length >= limits.ownedFiles) return;
    if (this.#length === this.#keys.length) {
      const grown = new Float64Array(2 * this.#length);
      grown.set(this.#keys);
      this.#keys = grown;
    }
    this.#keys[this.#length++] = keyOf(this.#hash, normalizePath(path), digest);
  }
}

/**
 * What a file that is as `digests` say may be listed as. `own`: of the file's layer; where that lists it, no other key is
 * needed, and none is given that nobody else has published.
 */
export function ownedKeys(path: string, digests: FileDigests, own: OwnedFiles | undefined): readonly number[] {
  const plain = normalizePath(path);
  // Since /lib and /bin are links to /usr/lib and /usr/bin, the lists of many packages name the link, and tars the folder.
  const names = plain.startsWith('usr/') ? [plain, plain.slice('usr/'.length)] : [plain, `usr/${plain}`];
  const hash = new PathHash();
  const keys = names.flatMap((name) =>
    [digests.md5, digests.sha1, digests.sha256, digests.sha512].map((digest) => keyOf(hash, name, digest)),
  );
  const listed = own === undefined ? undefined : keys.find((key) => holdsHash(own, key));
  return listed === undefined ? keys : [listed];
}

/** Whether a package manager owns the file as it is: it is not asked for a changed one. `owned`: of all layers of the image. */
export function isOwned(owned: readonly OwnedFiles[], keys: readonly number[]): boolean {
  return owned.some((files) => keys.some((key) => holdsHash(files, key)));
}

function keyOf(hash: PathHash, path: string, digest: string): number {
  hash.reset();
  hash.add(path, 0, path.length);
  hash.add(digest, 0, digest.length);
  return hash.value(false);
}

/** Cuts bytes into lines of UTF-8. A longer line than any path is dropped: it is no database's. */
class LineDatabase implements PackageDatabase {
  readonly #take: (line: string) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  write(bytes: Buffer): void {
    const end = bytes.lastIndexOf(LF) + 1;
    if (end > 0) {
      const lines = Buffer.concat([this.#rest, bytes.subarray(0, end)]).toString();
      this.#rest = Buffer.alloc(0);
      for (const line of lines.split('\n')) this.#take(line);
    }
    const rest = bytes.subarray(end);
    this.#rest =
      this.#rest.length + rest.length > limits.lineBytes ? Buffer.alloc(0) : Buffer.concat([this.#rest, rest]);
  }

  end(): void {
    this.#take(this.#rest.toString());
  }
}
