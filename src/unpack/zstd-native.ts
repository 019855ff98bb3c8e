import type { TransformOptions } from 'node:stream';
import zlib from 'node:zlib';
import type { ZlibOptions } from 'node:zlib';
import { ENGINE_OPTIONS, runEngine, writeEngine } from './engine.ts';
import type { Engine, StreamEnd } from './engine.ts';
import type { StoredBytes } from './stored-bytes.ts';
import { BLOCK_HEADER_BYTES, CHECKSUM_BYTES, SMALL_FRAME_BYTES, measureFrame, readBlockHeader } from './zstd-frame.ts';
import type { FrameHeader } from './zstd-frame.ts';

/** Most output of one call on the caller's thread, in bytes: 2 ms. */
const WHOLE_BYTES = 1024 * 1024;

/** `end` shall not fail on a frame that is cut short: that is known from its blocks. */
const ZSTD_E_FLUSH = 1;

/** What node's zlib has since 22.15, and @types/node 20 does not know. */
interface ZstdZlib {
  readonly createZstdDecompress?: (options: ZlibOptions & TransformOptions) => Engine;
  readonly zstdDecompressSync?: (stored: Buffer, options: { readonly maxOutputLength: number }) => Buffer;
}
const { createZstdDecompress, zstdDecompressSync } = zlib as ZstdZlib;

export const hasNativeZstd: boolean = createZstdDecompress !== undefined;

/** A frame that is small stored and unpacked, consumed; undefined when it is not, or has a fault. */
export async function nativeWholeFrame(input: StoredBytes, frame: FrameHeader): Promise<Buffer | undefined> {
  if (zstdDecompressSync === undefined || (frame.contentBytes ?? 0) > WHOLE_BYTES) return undefined;
  const stored = await input.peek(SMALL_FRAME_BYTES);
  const size = measureFrame(stored.subarray(0, SMALL_FRAME_BYTES), frame);
  if (size === undefined) return undefined;
  try {
    const output = zstdDecompressSync(stored.subarray(0, size.bytes), { maxOutputLength: WHOLE_BYTES });
    input.skip(size.bytes);
    return output;
  } catch {
    return undefined; // Corrupt or large: `nativeFrame` tells which.
  }
}

/** Decodes one frame on the thread pool; zstd verifies its checksum. At a fault, up to ENGINE_BYTES before it are lost. */
export async function* nativeFrame(input: StoredBytes, frame: FrameHeader): AsyncGenerator<Buffer, StreamEnd> {
  if (createZstdDecompress === undefined) return 'unsupported';
  // Its own limit on the window is 128 MiB, like limits.windowBytes.
  const engine = createZstdDecompress({ ...ENGINE_OPTIONS, finishFlush: ZSTD_E_FLUSH });
  return yield* runEngine(engine, async () => {
    if (!(await writeEngine(engine, Buffer.from(input.unread.subarray(0, frame.bytes))))) return 'corrupt';
    input.skip(frame.bytes);
    for (let last = false; !last;) {
      // All blocks that begin in the bytes at hand go in one write.
      const stored = await input.peek(BLOCK_HEADER_BYTES);
      let at = 0;
      while (!last && at + BLOCK_HEADER_BYTES <= stored.length) {
        const block = readBlockHeader(stored, at, frame);
        if (block === undefined)
          return at === 0 ? 'corrupt' : await feed(engine, input, at).then(() => 'corrupt' as const);
        at += BLOCK_HEADER_BYTES + block.bytes;
        last = block.last;
      }
      if (at === 0) return 'truncated';
      if (last && frame.checksum) at += CHECKSUM_BYTES;
      const end = await feed(engine, input, at);
      if (end !== 'whole') return end;
    }
    return 'whole';
  });
}

async function feed(engine: Engine, input: StoredBytes, bytes: number): Promise<StreamEnd> {
  let left = bytes;
  while (left > 0) {
    if (!(await input.refill())) return 'truncated';
    const part = input.unread.subarray(0, left);
    const written = writeEngine(engine, part);
    input.readAhead();
    if (!(await written)) return 'corrupt';
    input.skip(part.length);
    left -= part.length;
  }
  return 'whole';
}
