import { setImmediate as turn } from 'node:timers/promises';
import { limits } from '../limits.ts';
import type { OnProblem } from './chunks.ts';
import type { StreamEnd } from './engine.ts';
import { Gather } from './gather.ts';
import type { StoredBytes } from './stored-bytes.ts';
import { FRAME_HEADER_BYTES, SKIPPABLE_MAGIC, SKIPPABLE_MASK, ZSTD_MAGIC, readFrameHeader } from './zstd-frame.ts';
import { nativeFrame, nativeWholeFrame, hasNativeZstd } from './zstd-native.ts';
import { plainFrame } from './zstd-plain.ts';

/** Frames after which the event loop turns: empty and skippable ones have no output at which it would. */
const TURN_FRAMES = 256;

/**
 * The frames of a Zstandard file, skippable ones stepped over, NUL padding too. The loop over frames is ours: node's
 * stream can end after the first. Ends at the first fault.
 */
export async function* unzstd(input: StoredBytes, onProblem: OnProblem): AsyncGenerator<Buffer> {
  const gather = new Gather();
  const work = { gather, moved: 0, made: 0 };
  let frames = 0;
  let end: StreamEnd = 'whole';
  let detail = '';
  for (;;) {
    if (frames > 0) await input.skipNuls();
    const head = await input.peek(FRAME_HEADER_BYTES);
    if (head.length === 0 && frames > 0) break;
    const magic = head.length < 4 ? 0 : head.readUInt32LE(0);
    if ((magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE_MAGIC) {
      if (!(await skipSkippable(input))) end = 'truncated';
    } else if (magic === ZSTD_MAGIC) {
      const frame = readFrameHeader(head);
      if (frame === undefined) end = 'truncated';
      else if (frame === 'corrupt') end = 'corrupt';
      else if (frame.dictionary) [end, detail] = ['unsupported', ' needs a dictionary'];
      else if (frame.windowBytes > limits.windowBytes) {
        [end, detail] = ['unsupported', ` needs a window of ${frame.windowBytes} bytes`];
      } else {
        const whole = hasNativeZstd ? await nativeWholeFrame(input, frame) : undefined;
        if (whole !== undefined) {
          gather.add(whole);
          if (gather.full) {
            await turn();
            yield* gather.take();
          }
        } else if (hasNativeZstd) {
          yield* gather.take();
          end = yield* nativeFrame(input, frame);
        } else {
          end = yield* plainFrame(input, frame, work);
        }
      }
    } else if (frames > 0) {
      yield* gather.take();
      detail = `after the last zstd frame, at byte ${input.position}`;
      onProblem({ reason: 'unread-rest', detail, bytes: await input.drain() });
      return;
    } else {
      end = head.length < 4 ? 'truncated' : 'corrupt';
    }
    if (end !== 'whole') break;
    frames++;
    if (frames % TURN_FRAMES === 0) await turn();
  }
  yield* gather.take();
  if (end !== 'whole') {
    detail = `zstd frame ${frames + 1}, at byte ${input.position}${detail}`;
    onProblem({ reason: end, detail, bytes: await input.drain() });
  }
}

/** False when it is cut short. */
async function skipSkippable(input: StoredBytes): Promise<boolean> {
  const head = await input.peek(8);
  if (head.length < 8) return false;
  let left = head.readUInt32LE(4);
  input.skip(8);
  while (left > 0 && (await input.refill())) {
    const bytes = Math.min(left, input.unread.length);
    input.skip(bytes);
    left -= bytes;
  }
  return left === 0;
}
