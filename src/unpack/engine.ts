import type { TransformOptions } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { InflateRaw, ZlibOptions } from 'node:zlib';
import { limits } from '../limits.ts';

/** How a compressed stream ended. */
export type StreamEnd = 'whole' | 'truncated' | 'corrupt' | 'unsupported' | 'time-limit';

/** Any of node's zlib streams. */
export type Engine = Pick<
  InflateRaw,
  'on' | 'once' | 'off' | 'pause' | 'resume' | 'write' | 'end' | 'destroy' | 'bytesWritten'
>;

/** Output of one call on the thread pool, in bytes. A thread that finishes while the consumer is at work waits for it, and
 * shorter calls wait more often (measured: 350 against 400 MB/s). At a fault the output of one call is lost, since zlib does
 * not say how long it is, so it is no longer than that. */
export const ENGINE_BYTES: number = 512 * 1024;

/** Buffers that wait for the consumer, beside one in the making. */
const READY_BUFFERS = 2;

export const ENGINE_OPTIONS: ZlibOptions & TransformOptions = {
  chunkSize: ENGINE_BYTES,
  // Output that waits inside the stream would be lost at an error: it waits in `ready`.
  readableHighWaterMark: 1,
};

/**
 * Yields what the engine makes, while `feed` gives it one stream's bytes and tells how it ended. The engine's
 * `finishFlush` must be one that does not fail on a cut stream. The thread pool works
 * on the next buffers while the consumer has one. Errors of `feed` pass through; the engine's own mean `corrupt`.
 */
export async function* runEngine(engine: Engine, feed: () => Promise<StreamEnd>): AsyncGenerator<Buffer, StreamEnd> {
  const ready: Buffer[] = [];
  let wake: (() => void) | undefined;
  const state = { ended: false, failed: false };
  const finish = (): void => {
    state.ended = true;
    wake?.();
  };
  engine.on('data', (bytes: Buffer) => {
    ready.push(bytes);
    if (ready.length >= READY_BUFFERS) engine.pause();
    wake?.();
  });
  engine.on('end', finish);
  engine.on('close', finish);
  engine.on('error', () => {
    state.failed = true;
    finish();
  });
  const fed = feed().then(
    (end) => {
      engine.end();
      return end;
    },
    (error: unknown) => {
      finish();
      throw error;
    },
  );
  // It is awaited below, after the output.
  fed.catch(() => undefined);
  try {
    for (;;) {
      const bytes = ready.shift();
      if (bytes !== undefined) {
        engine.resume();
        for (let at = 0; at < bytes.length; at += limits.chunkBytes) {
          // One turn of the event loop takes what the thread has finished and starts the next before the consumer runs.
          await turn();
          yield bytes.subarray(at, at + limits.chunkBytes);
        }
      } else if (state.ended) {
        break;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
    }
    const end = await fed;
    return state.failed ? 'corrupt' : end;
  } finally {
    engine.destroy();
  }
}

/** Resolves once the engine is through with the bytes; false when it failed or was destroyed. */
export function writeEngine(engine: Engine, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const closed = (): void => {
      resolve(false);
    };
    engine.once('close', closed);
    engine.write(bytes, (error) => {
      engine.off('close', closed);
      resolve(error === null || error === undefined);
    });
  });
}
