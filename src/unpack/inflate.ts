import { constants, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { InflateRaw } from 'node:zlib';
import { ENGINE_BYTES, ENGINE_OPTIONS, runEngine, writeEngine } from './engine.ts';
import type { StreamEnd } from './engine.ts';
import type { StoredBytes } from './stored-bytes.ts';

/** Most output of one call on the caller's thread, in bytes: 2 ms. */
const WHOLE_BYTES = 1024 * 1024;

/** zlib takes no smaller buffer, and has this one without being told. */
const MIN_BYTES = 64;
const DEFAULT_BYTES = 16 * 1024;

/** Most output before a fault that is decoded a second time to save what the fault took. */
const SALVAGE_BYTES = 4 * ENGINE_BYTES;

interface Whole {
  readonly bytes: Buffer;
  /** Stored bytes. */
  readonly consumed: number;
}

/** Inflates a raw deflate stream (RFC 1951) that ends within `stored` and is small; undefined when it does or is not.
 * `size` is what its container says it holds, where it says it: then one buffer of that size serves. */
export function inflateWhole(stored: Buffer, size: number = DEFAULT_BYTES): Whole | undefined {
  try {
    // One byte more than the content: zlib sees the end of the stream without asking for another buffer.
    const chunkSize = Math.min(Math.max(size + 1, MIN_BYTES), WHOLE_BYTES);
    const options = { info: true, maxOutputLength: WHOLE_BYTES, chunkSize };
    // With `info`, node returns the engine beside the bytes, which @types/node does not know.
    const { buffer, engine } = inflateRawSync(stored, options) as unknown as { buffer: Buffer; engine: InflateRaw };
    return { bytes: buffer, consumed: engine.bytesWritten };
  } catch {
    return undefined; // Truncated, corrupt or large: `inflate` tells which.
  }
}

/**
 * Inflates one raw deflate stream and consumes exactly its bytes. At corrupt data, up to ENGINE_BYTES of output before
 * the fault are lost, unless the fault is within the first block of the stream.
 */
export async function* inflate(input: StoredBytes): AsyncGenerator<Buffer, StreamEnd> {
  // Whether the stream was whole is known from the bytes it took: `end` shall not fail.
  const engine = createInflateRaw({ ...ENGINE_OPTIONS, finishFlush: constants.Z_SYNC_FLUSH });
  /** The block in which the engine failed, when that is the stream's first. */
  const fault: { first?: Buffer } = {};
  let made = 0;
  const output = runEngine(engine, async () => {
    for (let blocks = 0; await input.refill(); blocks++) {
      const block = input.unread;
      const before = engine.bytesWritten;
      const written = writeEngine(engine, block);
      input.readAhead();
      if (!(await written)) {
        if (blocks === 0) fault.first = block;
        return 'corrupt';
      }
      const consumed = engine.bytesWritten - before;
      input.skip(consumed);
      if (consumed < block.length) return 'whole';
    }
    return 'truncated';
  });
  try {
    for (;;) {
      const next = await output.next();
      if (next.done !== true) {
        made += next.value.length;
        yield next.value;
        continue;
      }
      if (next.value === 'corrupt' && fault.first !== undefined && made <= SALVAGE_BYTES) {
        const saved = inflateToFault(fault.first, made + ENGINE_BYTES);
        if (saved.length > made) yield saved.subarray(made);
      }
      return next.value;
    }
  } finally {
    await output.return('whole');
  }
}

/** What the longest prefix that zlib accepts inflates to. */
function inflateToFault(stored: Buffer, maxOutputLength: number): Buffer {
  let output: Buffer = Buffer.alloc(0);
  let accepted = 0;
  let refused = stored.length;
  while (refused - accepted > 1) {
    const middle = (accepted + refused) >>> 1;
    try {
      output = inflateRawSync(stored.subarray(0, middle), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength });
      accepted = middle;
    } catch {
      refused = middle;
    }
  }
  return output;
}
