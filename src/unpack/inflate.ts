import { constants, createInflateRaw, inflateRawSync } from 'node:zlib';
import type { InflateRaw } from 'node:zlib';
import { setImmediate as turn } from 'node:timers/promises';
import { ENGINE_BYTES, ENGINE_OPTIONS, runEngine, writeEngine } from './engine.ts';
import type { StreamEnd } from './engine.ts';
import { type Inflater, openInflater } from './inflater.ts';
import type { StoredBytes } from './stored-bytes.ts';

/** Most output of one call on the caller's thread, in bytes: 2 ms. */
const WHOLE_BYTES = 1024 * 1024;

/** zlib takes no smaller buffer, and has this one without being told. */
const MIN_BYTES = 64;
const DEFAULT_BYTES = 16 * 1024;

/** Output at once, in bytes: what is hashed and searched next should still lie in the processor's cache. */
const OUTPUT_BYTES = 256 * 1024;

/** Calls after which the event loop turns: each may take half a millisecond. */
const TURN_CALLS = 2;

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

/** How a stream ended, and the block in which the engine failed, when that is the stream's first. */
type Ended = Exclude<StreamEnd, 'corrupt'> | { readonly faultIn: Buffer | undefined };

/**
 * Inflates one raw deflate stream and consumes exactly its bytes. At corrupt data, up to ENGINE_BYTES of output before
 * the fault are lost, unless the fault is within the first block of the stream. Each buffer is valid until the next is asked for.
 */
export async function* inflate(input: StoredBytes): AsyncGenerator<Buffer, StreamEnd> {
  const inflater = openInflater();
  const output = inflater === undefined ? streamed(input) : inflated(input, inflater);
  let made = 0;
  try {
    for (;;) {
      const next = await output.next();
      if (next.done !== true) {
        made += next.value.length;
        yield next.value;
        continue;
      }
      if (typeof next.value === 'string') return next.value;
      const { faultIn } = next.value;
      if (faultIn !== undefined && made <= SALVAGE_BYTES) {
        const saved = inflateToFault(faultIn, made + ENGINE_BYTES);
        if (saved.length > made) yield saved.subarray(made);
      }
      return 'corrupt';
    }
  } finally {
    await output.return('whole');
  }
}

/** Output buffers that are done. Streams are open at the same time only where containers are nested. */
const idle: Buffer[] = [];
const IDLE_BUFFERS = 2;

async function* inflated(input: StoredBytes, inflater: Inflater): AsyncGenerator<Buffer, Ended> {
  const output = idle.pop() ?? Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  let calls = 0;
  try {
    for (let blocks = 0; await input.refill(); blocks++) {
      const block = input.unread;
      for (let at = 0; ;) {
        const step = inflater.inflate(block.subarray(at), output);
        if (step === undefined) return { faultIn: blocks === 0 ? block : undefined };
        const { consumed, made } = step;
        at += consumed;
        input.skip(consumed);
        // Nothing else that waits shall wait for the end of an endless stream.
        if (++calls % TURN_CALLS === 0) await turn();
        if (made > 0) yield output.subarray(0, made);
        if (made === output.length) continue;
        if (at < block.length) return 'whole';
        break;
      }
    }
    return 'truncated';
  } finally {
    inflater.close();
    if (idle.length < IDLE_BUFFERS) idle.push(output);
  }
}

/** By node's documented stream, on its thread pool. */
async function* streamed(input: StoredBytes): AsyncGenerator<Buffer, Ended> {
  // Whether the stream was whole is known from the bytes it took: `end` shall not fail.
  const engine = createInflateRaw({ ...ENGINE_OPTIONS, finishFlush: constants.Z_SYNC_FLUSH });
  let faultIn: Buffer | undefined;
  const end = yield* runEngine(engine, async () => {
    for (let blocks = 0; await input.refill(); blocks++) {
      const block = input.unread;
      const before = engine.bytesWritten;
      const written = writeEngine(engine, block);
      input.readAhead();
      if (!(await written)) {
        if (blocks === 0) faultIn = block;
        return 'corrupt';
      }
      const consumed = engine.bytesWritten - before;
      input.skip(consumed);
      if (consumed < block.length) return 'whole';
    }
    return 'truncated';
  });
  return end === 'corrupt' ? { faultIn } : end;
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
