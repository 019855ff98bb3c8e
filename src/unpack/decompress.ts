import { unbzip2 } from './bzip2.ts';
import type { Chunks, OnAside, OnProblem } from './chunks.ts';
import { gunzip } from './gzip.ts';
import type { Compression } from './magic.ts';
import { StoredBytes } from './stored-bytes.ts';
import { unxz } from './xz.ts';
import { unzstd } from './zstd.ts';

const DECODERS: Readonly<
  Record<Compression, (input: StoredBytes, onProblem: OnProblem, onAside: OnAside) => AsyncGenerator<Buffer, void>>
> = { gzip: gunzip, zstd: unzstd, xz: unxz, bzip2: unbzip2 };

function ignoreAside(): void {
  // A caller who wants none.
}

/**
 * Unpacks, in buffers of at most `limits.chunkBytes`; each is valid until the next one is asked for. Several members,
 * frames or streams one after another are one output, and NUL padding after them is no fault.
 *
 * `stored` is pulled to its end whatever it holds (its caller hashes what passes), unless the consumer stops early. Bad
 * input never throws: `onProblem` gets what is wrong, with the number of stored bytes that were not read, and the output
 * ends. What was decoded before a fault is yielded, but for at most ENGINE_BYTES in gzip and zstd. Errors that `stored`
 * throws pass through, and those of `onAside`, which gets what decoders step over (gzip headers, skippable zstd frames).
 */
export async function* decompress(
  compression: Compression,
  stored: Chunks,
  onProblem: OnProblem,
  onAside: OnAside = ignoreAside,
): AsyncGenerator<Buffer, void> {
  const input = new StoredBytes(stored);
  try {
    yield* DECODERS[compression](input, onProblem, onAside);
    await input.drain();
  } finally {
    await input.close();
  }
}
