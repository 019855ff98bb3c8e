import { setImmediate as turn } from 'node:timers/promises';
import type { GapReason } from '../finding.ts';
import type { OnProblem } from './chunks.ts';
import { Gather } from './gather.ts';
import type { StoredBytes } from './stored-bytes.ts';
import {
  XZ_BUF_ERROR,
  XZ_FORMAT_ERROR,
  XZ_MEMLIMIT_ERROR,
  XZ_MEM_ERROR,
  XZ_OK,
  XZ_OPTIONS_ERROR,
  XZ_STREAM_END,
  XzDecoder,
} from './xz-decoder.ts';

const STREAM_HEADER_BYTES = 12;
const EMPTY = new Uint8Array(0);

/**
 * The streams of an .xz file. CRC-32 and CRC-64 are verified. A dictionary above 64 MiB, a SHA-256 check, and filters
 * other than LZMA2 are `unsupported`. Ends at the first fault.
 */
export async function* unxz(input: StoredBytes, onProblem: OnProblem): AsyncGenerator<Buffer, void> {
  const gather = new Gather();
  const decoder = await XzDecoder.open();
  const { bufferBytes } = decoder;
  let status = XZ_OK;
  try {
    for (let supplied = true; status === XZ_OK;) {
      if (decoder.unused === 0 && supplied) {
        // Streams without output have no other place where the event loop turns.
        if (input.unread.length === 0) await turn();
        await input.refill();
        const stored = input.unread.subarray(0, bufferBytes);
        decoder.supply(stored.length === 0 ? EMPTY : stored);
        input.skip(stored.length);
      }
      const next = decoder.next();
      status = next.status;
      gather.add(next.output);
      // A full buffer of output may hide more that needs no input.
      supplied = next.output.length < bufferBytes;
      if (gather.full) {
        await turn();
        yield* gather.take();
      }
    }
    yield* gather.take();
    if (status === XZ_STREAM_END) return;
    const position = input.position - decoder.unused;
    const rest = input.position;
    const drained = await input.drain();
    if (status === XZ_FORMAT_ERROR && position > STREAM_HEADER_BYTES) {
      const from = position - STREAM_HEADER_BYTES;
      onProblem({
        reason: 'unread-rest',
        detail: `after the last xz stream, at byte ${from}`,
        bytes: rest + drained - from,
      });
    } else {
      onProblem({
        reason: reasonOf(status),
        detail: `xz stream, at byte ${position}`,
        bytes: rest + drained - position,
      });
    }
  } finally {
    decoder.close();
  }
}

function reasonOf(status: number): GapReason {
  if (status === XZ_MEM_ERROR || status === XZ_MEMLIMIT_ERROR || status === XZ_OPTIONS_ERROR) return 'unsupported';
  return status === XZ_BUF_ERROR ? 'truncated' : 'corrupt';
}
