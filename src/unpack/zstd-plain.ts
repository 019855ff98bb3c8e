import { setImmediate as turn } from 'node:timers/promises';
import { Script, createContext } from 'node:vm';
import { Decompress } from 'fzstd';
import { limits } from '../limits.ts';
import { faultKind } from '../errors.ts';
import type { StreamEnd } from './engine.ts';
import type { Gather } from './gather.ts';
import type { StoredBytes } from './stored-bytes.ts';
import {
  BLOCK_HEADER_BYTES,
  CHECKSUM_BYTES,
  SMALL_FRAME_BYTES,
  ZSTD_MAGIC,
  measureFrame,
  readBlockHeader,
} from './zstd-frame.ts';
import type { FrameHeader } from './zstd-frame.ts';
import { Xxh64 } from './xxh64.ts';

/** Work of all frames of one input, in bytes. */
export interface PlainWork {
  readonly gather: Gather;
  moved: number;
  made: number;
}

const idle = (): void => undefined;
let pending: () => void = idle;
const realm = createContext({
  run: () => {
    pending();
  },
});
const run = new Script('run()');

/**
 * Decodes one frame without node's zstd, gathering its output. fzstd trusts sizes: it gets one
 * block at a time, whose size is checked, behind a frame header that says no more than the window.
 */
export async function* plainFrame(
  input: StoredBytes,
  frame: FrameHeader,
  work: PlainWork,
): AsyncGenerator<Buffer, StreamEnd> {
  const { gather } = work;
  const made = work.made;
  const hash = frame.checksum ? new Xxh64() : undefined;
  const decoder = new Decompress((output) => {
    work.made += output.length;
    hash?.update(output);
    gather.add(output);
  });
  const whole = measureFrame((await input.peek(SMALL_FRAME_BYTES)).subarray(0, SMALL_FRAME_BYTES), frame);
  const contentBytes = frame.contentBytes ?? whole?.contentBytes ?? Infinity;
  const window = windowDescriptor(Math.min(frame.windowBytes, contentBytes));
  const header = Buffer.alloc(6);
  header.writeUInt32LE(ZSTD_MAGIC, 0);
  header[5] = window.descriptor;
  input.skip(frame.bytes);

  let head = (await input.peek(BLOCK_HEADER_BYTES)).subarray(0, BLOCK_HEADER_BYTES);
  let before = header;
  for (let last = false; !last;) {
    if (head.length < BLOCK_HEADER_BYTES) return 'truncated';
    const block = readBlockHeader(head, 0, frame);
    if (block === undefined) return 'corrupt';
    // The next block's header goes with this one: fzstd keeps for ever what ends between two blocks.
    const stored = await input.peek(2 * BLOCK_HEADER_BYTES + block.bytes);
    const bytes = BLOCK_HEADER_BYTES + block.bytes;
    if (stored.length < bytes) return 'truncated';
    last = block.last;
    head = last ? stored.subarray(0, 0) : stored.subarray(bytes, bytes + BLOCK_HEADER_BYTES);
    const pushed = Buffer.concat([before, stored.subarray(before === header ? 0 : BLOCK_HEADER_BYTES, bytes), head]);
    before = Buffer.alloc(0);
    pending = () => {
      decoder.push(pushed, last);
    };
    try {
      run.runInContext(realm, { timeout: limits.zstdBlockMs });
    } catch (error) {
      // Another run may have the time.
      return faultKind(error).endsWith(' ERR_SCRIPT_EXECUTION_TIMEOUT') ? 'time-limit' : 'corrupt';
    } finally {
      pending = idle;
    }
    input.skip(bytes);
    work.moved += window.bytes;
    if (work.moved > limits.zstdFreeMoves && work.moved > limits.zstdMovesPerByte * work.made) return 'unsupported';
    if (gather.full) {
      await turn();
      yield* gather.take();
    }
  }
  if (frame.contentBytes !== undefined && frame.contentBytes !== work.made - made) return 'corrupt';
  if (hash === undefined) return 'whole';
  const checksum = await input.peek(CHECKSUM_BYTES);
  if (checksum.length < CHECKSUM_BYTES) return 'truncated';
  input.skip(CHECKSUM_BYTES);
  return checksum.readUInt32LE(0) === hash.digest32() ? 'whole' : 'corrupt';
}

/** The smallest window that a descriptor can say (RFC 8878, 3.1.1.1.2) and that holds so many bytes. */
function windowDescriptor(atLeast: number): { readonly descriptor: number; readonly bytes: number } {
  for (let descriptor = 0; ; descriptor++) {
    const base = 2 ** (10 + (descriptor >> 3));
    const bytes = base + (base / 8) * (descriptor & 7);
    if (bytes >= atLeast) return { descriptor, bytes };
  }
}
