import type { Chunks } from './chunks.ts';
import type { TarEntry } from './tar-entry.ts';
import type { TarReader } from './tar.ts';

/** Bytes of holes that are written out for one tar: less than a second, for findings' offsets and for formats
 * inside of sparse files. */
const HOLE_BYTES = 256 * 1024 * 1024;

/**
 * Holes of a sparse file hold nothing, and some kilobytes may promise terabytes of them. They are written out while they
 * are in proportion; beyond, only what is stored is read, and offsets leave the holes out.
 */
export class TarHoles {
  #left = HOLE_BYTES;

  /** Call once for each entry: whether its holes may be written out. */
  allows({ size, storedSize }: TarEntry): boolean {
    const holes = Number.isFinite(size) ? Math.max(0, size - storedSize) : 0;
    if (holes > this.#left) return false;
    this.#left -= holes;
    return true;
  }
}

/** The rest of a sparse body, a few zeros for each hole. */
export async function* storedRuns(tar: TarReader): Chunks {
  for (;;) {
    const run = tar.body();
    if (run === null) return;
    if (run === undefined) await tar.fill();
    else yield run;
  }
}
