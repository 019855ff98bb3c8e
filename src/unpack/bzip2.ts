import { setImmediate as turn } from 'node:timers/promises';
import { limits } from '../limits.ts';
import { BitReader } from './bit-reader.ts';
import { Bzip2Block, maxStoredBytes } from './bzip2-block.ts';
import type { OnProblem } from './chunks.ts';
import type { StreamEnd } from './engine.ts';
import type { StoredBytes } from './stored-bytes.ts';

const STREAM_HEADER_BYTES = 4;
const BLOCK_MAGIC = [0x314159, 0x265359] as const;
const END_MAGIC = [0x177245, 0x385090] as const;

/** Streams after which the event loop turns: empty ones have no output at which it would. */
const TURN_STREAMS = 256;

/** One block's tables are 4 MB: kept for the next of many small inputs. */
let idleBlock: Bzip2Block | undefined;

/** The streams of a bzip2 file. A block whose checksum differs is yielded and reported; other faults end the output. */
export async function* unbzip2(input: StoredBytes, onProblem: OnProblem): AsyncGenerator<Buffer, void> {
  const block = idleBlock ?? new Bzip2Block();
  idleBlock = undefined;
  const target = Buffer.allocUnsafeSlow(limits.chunkBytes);
  let mismatched = false;
  const onMismatch = (): void => {
    if (!mismatched)
      onProblem({ reason: 'corrupt', detail: `checksum of a bzip2 block before byte ${input.position}` });
    mismatched = true;
  };
  let end: StreamEnd = 'whole';
  try {
    for (let streams = 0; end === 'whole'; streams++) {
      if (streams > 0) await input.skipNuls();
      if (streams % TURN_STREAMS === TURN_STREAMS - 1) await turn();
      const head = await input.peek(STREAM_HEADER_BYTES);
      if (head.length === 0 && streams > 0) return;
      const level = /^BZh([1-9])/.exec(head.toString('latin1', 0, STREAM_HEADER_BYTES))?.[1];
      if (level === undefined && streams > 0) {
        const detail = `after the last bzip2 stream, at byte ${input.position}`;
        onProblem({ reason: 'unread-rest', detail, bytes: await input.drain() });
        return;
      }
      if (level === undefined) {
        end = 'BZh'.startsWith(head.toString('latin1', 0, STREAM_HEADER_BYTES)) ? 'truncated' : 'corrupt';
      } else {
        input.skip(STREAM_HEADER_BYTES);
        end = yield* readStream(input, Number(level), block, target, onMismatch);
      }
    }
    onProblem({ reason: end, detail: `bzip2 stream, at byte ${input.position}`, bytes: await input.drain() });
  } finally {
    idleBlock = block;
  }
}

async function* readStream(
  input: StoredBytes,
  level: number,
  block: Bzip2Block,
  target: Buffer,
  onMismatch: () => void,
): AsyncGenerator<Buffer, StreamEnd> {
  let bit = 0;
  let combined = 0;
  for (;;) {
    const stored = await input.peek(maxStoredBytes(level));
    const bits = new BitReader(stored, bit);
    const magic = [bits.read(24), bits.read(24)] as const;
    const checksum = (bits.read(16) << 16) | bits.read(16);
    if (magic[0] === END_MAGIC[0] && magic[1] === END_MAGIC[1]) {
      if (bits.overrun) return 'truncated';
      if (checksum !== combined) onMismatch();
      input.skip((bits.position + 7) >>> 3);
      return 'whole';
    }
    if (magic[0] !== BLOCK_MAGIC[0] || magic[1] !== BLOCK_MAGIC[1]) return bits.overrun ? 'truncated' : 'corrupt';
    const fault = block.read(bits, level);
    // The bytes at hand hold any block: more were not at hand, or are no block.
    if (fault !== undefined) return fault === 'truncated' && !input.atLast ? 'corrupt' : fault;
    for (let bytes = block.write(target); bytes > 0; bytes = block.write(target)) {
      await turn();
      yield target.subarray(0, bytes);
    }
    if (~block.crc !== checksum) onMismatch();
    combined = ((combined << 1) | (combined >>> 31)) ^ ~block.crc;
    input.skip(bits.position >>> 3);
    bit = bits.position & 7;
  }
}
