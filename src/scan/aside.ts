import type { EntryScan } from '../engine/engine.ts';
import type { OnAside } from '../unpack/chunks.ts';
import type { Tally } from './tally.ts';

/** Name of the entry that such text is reported as. */
export const ASIDE_PATH = '(beside the compressed content)';

/** Scans what a decompressor steps over, as an entry of its own. Most compressed files have none, and cost nothing. */
export class AsideScan {
  readonly #tally: Tally;
  readonly #path: string;
  #scan: EntryScan | undefined;

  /** `within`: the path of what is compressed; empty for a layer. */
  constructor(tally: Tally, within: string) {
    this.#tally = tally;
    this.#path = within === '' ? ASIDE_PATH : `${within}!${ASIDE_PATH}`;
  }

  readonly write: OnAside = (bytes) => {
    this.#scan ??= this.#tally.engine.open(this.#path);
    this.#scan.write(bytes);
  };

  get isEmpty(): boolean {
    return this.#scan === undefined;
  }

  /** Call once. */
  end(entryPath: string): void {
    if (this.#scan !== undefined) this.#tally.add(this.#scan.end(), entryPath);
  }
}
