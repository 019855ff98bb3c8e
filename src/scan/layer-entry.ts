import { createHash } from 'node:crypto';
import type { FileDigests, OwnedFilesBuilder } from '../image/owned-files.ts';
import type { PackageDatabase } from '../image/package-database.ts';
import { limits } from '../limits.ts';
import type { Chunks } from '../unpack/chunks.ts';
import type { TarEntry } from '../unpack/tar-entry.ts';
import type { Tally } from './tally.ts';

/** One for all: entries of a layer follow each other. Made when the first one does not lie whole in a buffer. */
let scratch: Buffer | undefined;

/**
 * What package managers are asked about an entry of a layer, and say in it. Its digests are made when it is known that
 * something was found: of bytes that do not stay, a copy is kept, which costs a tenth of a hash.
 */
export class LayerEntry {
  readonly #tally: Tally;
  readonly #entryPath: string;
  readonly #size: number;
  readonly #database: PackageDatabase | undefined;
  readonly #foundBefore: number;
  #copied = 0;

  /** Before the entry is scanned. */
  constructor(entry: TarEntry, entryPath: string, tally: Tally, owned: OwnedFilesBuilder) {
    this.#tally = tally;
    this.#entryPath = entryPath;
    this.#size = entry.size;
    this.#database = entry.type === 'file' ? owned.database(entry.path, entry.size) : undefined;
    this.#foundBefore = tally.found.length;
  }

  /** The entry was scanned, and these are its bytes. */
  scannedWhole(bytes: Buffer): void {
    this.#database?.write(bytes);
    this.#end(() => digestsOf(bytes));
  }

  /** The entry's bytes, as they are scanned; `scanned` follows. */
  async *passing(chunks: Chunks): Chunks {
    for await (const chunk of chunks) {
      this.#database?.write(chunk);
      if (this.#size <= limits.verifiedBytes && this.#copied + chunk.length <= this.#size) {
        scratch ??= Buffer.allocUnsafeSlow(limits.verifiedBytes);
        this.#copied += chunk.copy(scratch, this.#copied);
      }
      yield chunk;
    }
  }

  /** Before the next entry is begun. */
  scanned(): void {
    this.#end(() => {
      return scratch === undefined || this.#copied !== this.#size
        ? undefined
        : digestsOf(scratch.subarray(0, this.#size));
    });
  }

  #end(digests: () => FileDigests | undefined): void {
    this.#database?.end();
    if (this.#tally.found.length > this.#foundBefore) {
      this.#tally.sign(this.#foundBefore, this.#entryPath, digests());
    }
  }
}

/** Undefined where the machine's policy (FIPS) has no MD5 or SHA-1. */
function digestsOf(bytes: Buffer): FileDigests | undefined {
  try {
    const of = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
    return { md5: of('md5'), sha1: of('sha1'), sha256: of('sha256'), sha512: of('sha512') };
  } catch {
    // No ownership is known then, and every finding keeps its severity.
    return undefined;
  }
}
