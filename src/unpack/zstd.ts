import { setImmediate as turn } from 'node:timers/promises';
import { limits } from '../limits.ts';
import { ASIDE_END, type Chunks, type OnAside, type OnProblem } from './chunks.ts';
import type { StreamEnd } from './engine.ts';
import { Gather } from './gather.ts';
import { StoredBytes } from './stored-bytes.ts';
import { FRAME_HEADER_BYTES, SKIPPABLE_MAGIC, SKIPPABLE_MASK, ZSTD_MAGIC, readFrameHeader } from './zstd-frame.ts';
import { nativeFrame, nativeWholeFrame, hasNativeZstd } from './zstd-native.ts';
import { plainFrame } from './zstd-plain.ts';

/** Frames after which the event loop turns: empty and skippable ones have no output at which it would. */
const TURN_FRAMES = 256;

const MAGIC_BYTES = 4;
/** Magic and size (RFC 8878, 3.1.2). */
const SKIPPABLE_HEADER_BYTES = 8;

/**
 * The frames of a Zstandard file; skippable ones go to `onAside`, NUL padding is stepped over. The loop over frames is
 * ours: node's stream can end after the first. Ends at the first fault.
 */
export async function* unzstd(
  input: StoredBytes,
  onProblem: OnProblem,
  onAside: OnAside,
  within: 'file' | 'skippable' = 'file',
): AsyncGenerator<Buffer> {
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
      if (!(await readSkippable(input, onProblem, onAside, within))) end = 'truncated';
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

/** The table of contents in zstd:chunked is itself compressed: it is unpacked, once. False when the frame is cut short. */
async function readSkippable(
  input: StoredBytes,
  onProblem: OnProblem,
  onAside: OnAside,
  within: 'file' | 'skippable',
): Promise<boolean> {
  const head = await input.peek(SKIPPABLE_HEADER_BYTES + MAGIC_BYTES);
  if (head.length < SKIPPABLE_HEADER_BYTES) return false;
  let left = head.readUInt32LE(MAGIC_BYTES);
  const isCompressed =
    within === 'file' && left > MAGIC_BYTES && head.length >= SKIPPABLE_HEADER_BYTES + MAGIC_BYTES
      ? head.readUInt32LE(SKIPPABLE_HEADER_BYTES) === ZSTD_MAGIC
      : false;
  input.skip(SKIPPABLE_HEADER_BYTES);
  async function* content(): Chunks {
    while (left > 0 && (await input.refill())) {
      const piece = input.unread.subarray(0, left);
      input.skip(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
  if (isCompressed) {
    const stored = new StoredBytes(content());
    const inFrame: OnProblem = (problem) => {
      onProblem({ ...problem, detail: `in a skippable frame, ${problem.detail ?? ''}` });
    };
    for await (const text of unzstd(stored, inFrame, onAside, 'skippable')) onAside(text);
    await stored.drain();
  } else {
    for await (const piece of content()) onAside(piece);
  }
  onAside(ASIDE_END);
  return left === 0;
}
