import type { TarExtensions } from './tar-pax.ts';
import type { TarInput } from './tar-input.ts';

/** Type flags of headers whose body says more of the next one: pax (X is Sun's) and GNU long names. */
export const RECORD_FLAGS: ReadonlySet<string> = new Set(['x', 'X', 'g', 'L', 'K']);

const EMPTY = Buffer.alloc(0);

/** One extension header, gathered from runs. */
export class TarRecord {
  readonly flag: string;
  /** In bytes; the caller bounds it. */
  readonly size: number;
  #bytes: Buffer = EMPTY;
  #filled = 0;

  constructor(flag: string, size: number) {
    this.flag = flag;
    this.size = size;
  }

  /** False: fill and ask again. A record that is cut off is as long as it got. */
  read(input: TarInput): boolean {
    while (this.#filled < this.size) {
      const run = input.run(this.size - this.#filled);
      if (run === undefined) return false;
      if (run === null) {
        input.reportCut(this.size - this.#filled);
        break;
      }
      if (run.length === this.size) {
        this.#bytes = run;
      } else {
        if (this.#filled === 0) this.#bytes = Buffer.allocUnsafe(this.size);
        run.copy(this.#bytes, this.#filled);
      }
      this.#filled += run.length;
    }
    return true;
  }

  /** Before the next call to the input. Returns false when the record is malformed. */
  addTo(extensions: TarExtensions): boolean {
    const bytes = this.#bytes.subarray(0, this.#filled);
    if (this.flag === 'L') extensions.addLongName(bytes);
    else if (this.flag === 'K') extensions.addLongLink(bytes);
    else return extensions.addPax(bytes, this.flag === 'g');
    return true;
  }
}
