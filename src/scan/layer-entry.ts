import type { FileDigests, OwnedFilesBuilder } from '../image/owned-files.ts';
import type { PackageDatabase } from '../image/package-database.ts';
import type { Chunks } from '../unpack/chunks.ts';
import type { TarEntry } from '../unpack/tar-entry.ts';
import { digestsOf, KeptBytes } from './kept-bytes.ts';
import type { Tally } from './tally.ts';

/**
 * What package managers are asked about an entry of a layer, and say in it. Its digests are made when it is known that
 * something was found.
 */
export class LayerEntry {
  readonly #tally: Tally;
  readonly #entryPath: string;
  readonly #size: number;
  readonly #database: PackageDatabase | undefined;
  readonly #foundBefore: number;
  #kept: KeptBytes | undefined;

  /** Before the entry is scanned. */
  constructor(entry: TarEntry, entryPath: string, tally: Tally, owned: OwnedFilesBuilder) {
    this.#tally = tally;
    this.#entryPath = entryPath;
    this.#size = entry.size;
    this.#database = entry.type === 'file' ? owned.database(entry.path, entry.size) : undefined;
    this.#foundBefore = tally.found.length;
  }

  /** Its bytes are asked for more than values. */
  get isDatabase(): boolean {
    return this.#database !== undefined;
  }

  /** The entry was scanned, and these are its bytes. */
  scannedWhole(bytes: Buffer): void {
    this.#database?.write(bytes);
    this.#end(() => digestsOf(bytes));
  }

  /** The entry's bytes, as they are scanned; `scanned` follows. */
  async *passing(chunks: Chunks): Chunks {
    const kept = (this.#kept = new KeptBytes(this.#size));
    for await (const chunk of chunks) {
      this.#database?.write(chunk);
      kept.write(chunk);
      yield chunk;
    }
  }

  /** Before the next entry is begun. */
  scanned(): void {
    this.#end(() => this.#kept?.digests(this.#size));
  }

  #end(digests: () => FileDigests | undefined): void {
    this.#database?.end();
    if (this.#tally.found.length > this.#foundBefore) {
      this.#tally.sign(this.#foundBefore, this.#entryPath, digests());
    }
  }
}
