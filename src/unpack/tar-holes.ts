import type { Chunks } from './chunks.ts';
import type { TarEntry } from './tar-entry.ts';
import type { TarReader } from './tar.ts';

/** Bytes of a sparse file for each stored one, and bytes that any may have. */
const SPARSE_RATIO = 16;
const SPARSE_FLOOR = 64 * 1024;

/**
 * Holes of a sparse file hold nothing, and some kilobytes may promise a terabyte of them. Written out they are read only
 * while they are in proportion, for the sake of formats inside; beyond, findings' offsets leave the holes out.
 */
export function isMostlyHoles({ size, storedSize }: TarEntry): boolean {
  return Number.isFinite(size) && size > SPARSE_RATIO * storedSize + SPARSE_FLOOR;
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
