import { setMaxListeners } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { FileRange } from '../source/source.ts';
import { limits } from '../limits.ts';
import type { Chunks } from '../unpack/chunks.ts';
import type { ScannedBlob } from './blob.ts';
import { threadsFor } from './threads.ts';
import type { BlobJob, DigestJob, FilesJob, HelpJob, Line, RangeDigest, ScannedFile, WorkerRules } from './jobs.ts';

/** Buffers that may wait between this thread and a worker. */
const BUFFERS_AHEAD = 2;

/** A smaller blob is done before another thread could help. */
const SHARED_BYTES = 4 * 1024 * 1024;
/** More than this one thread cannot unpack for. */
const MOST_HELPERS = 3;

/** A blob that several threads may scan. */
interface SharedBlob {
  readonly offers: Line;
  helpers: number;
}

/** Worker threads that scan blobs and files. */
export class Pool {
  readonly #threads: ReturnType<typeof threadsFor>;
  readonly #signal: AbortSignal | undefined;
  /** Stored bytes read by all threads so far. */
  readonly #counter = new BigInt64Array(new SharedArrayBuffer(8));
  readonly jobs: number;
  /** Blobs that are scanned, or wait for it, and are worth more than one thread. */
  readonly #shared = new Set<SharedBlob>();
  /** Jobs that are given and not done. */
  #pending = 0;
  #closed = false;

  /** `worker`: the module of the threads, which a test may replace. */
  constructor(jobs: number, signal: AbortSignal | undefined, rules?: WorkerRules, worker?: URL) {
    this.jobs = jobs;
    this.#signal = signal;
    // Every job that waits listens; node would warn of a leak.
    if (signal !== undefined) setMaxListeners(0, signal);
    this.#threads = threadsFor(jobs, rules, worker);
  }

  get bytesRead(): number {
    return Number(Atomics.load(this.#counter, 0));
  }

  /** Threads that have nothing to do help with it. */
  async blob(name: string, bytes: FileRange, digestElsewhere: boolean): Promise<ScannedBlob> {
    const { port1, port2 } = new MessageChannel();
    const sent = newCount();
    const shared = { offers: { port: port1, sent }, helpers: 0 };
    if (bytes.length >= SHARED_BYTES) this.#shared.add(shared);
    // When all blobs that are begun now are.
    queueMicrotask(() => {
      this.#lendThreads();
    });
    const job = {
      name,
      bytes,
      digestElsewhere,
      offers: { port: port2, sent },
      counter: this.#counter,
    } satisfies BlobJob;
    return this.#run<ScannedBlob>('blob', job, [port2]).finally(() => {
      this.#shared.delete(shared);
      port1.close();
    });
  }

  /**
   * Resolves when the stream is handed over whole, or drained after its job failed; `job` when it is scanned. So the next
   * blob of an archive can start. Errors of the stream pass through.
   */
  async blobFromStream(name: string, chunks: Chunks): Promise<{ readonly job: Promise<ScannedBlob> }> {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(undefined, {
      highWaterMark: BUFFERS_AHEAD,
    });
    const writer = writable.getWriter();
    const job = this.#run<ScannedBlob>(
      'blob',
      { name, bytes: readable, digestElsewhere: false, offers: undefined, counter: this.#counter } satisfies BlobJob,
      [readable],
    );
    const feed = { open: true };
    const refused = (): void => {
      feed.open = false;
    };
    // A thread that died takes nothing more, and does not say so: without this the next write would wait forever. The
    // promise of `abort` itself may wait for a write that nobody takes, so it is never awaited.
    const ended = job.then(refused, () => {
      refused();
      writer.abort().catch(refused);
    });
    try {
      for await (const piece of pieces(chunks)) {
        if (this.#signal?.aborted === true) break;
        if (!feed.open) continue;
        writer.write(piece).catch(refused);
        await writer.ready.catch(refused);
      }
      if (feed.open && this.#signal?.aborted !== true) await Promise.race([writer.close().catch(refused), ended]);
    } catch (error) {
      writer.abort().catch(refused);
      throw error;
    }
    return { job };
  }

  digest(range: FileRange): Promise<RangeDigest> {
    return this.#run<RangeDigest>('digest', { range, counter: this.#counter } satisfies DigestJob);
  }

  /** Stored bytes that were not read, since it is known what they are. */
  passOver(bytes: number): void {
    Atomics.add(this.#counter, 0, BigInt(bytes));
  }

  files(files: FilesJob['files']): Promise<readonly ScannedFile[]> {
    return this.#run<readonly ScannedFile[]>('files', { files, counter: this.#counter } satisfies FilesJob);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#threads.destroy();
  }

  async #run<Result>(
    name: string,
    job: unknown,
    transferList: readonly (ReadableStream | MessagePort)[] = [],
  ): Promise<Result> {
    this.#pending += 1;
    try {
      return (await this.#threads.run(job, {
        name,
        transferList: [...transferList] as never,
        ...(this.#signal && { signal: this.#signal }),
      })) as Result;
    } catch (error) {
      this.#revive();
      throw error;
    } finally {
      this.#pending -= 1;
      this.#lendThreads();
    }
  }

  /** Sends threads without a job to the blobs that have the fewest. One that comes too late, or fails, changes nothing: the
   * blob is done, or says itself what it misses. */
  #lendThreads(): void {
    while (this.#pending < this.jobs && !this.#closed && this.#signal?.aborted !== true) {
      const [blob] = [...this.#shared].sort((a, b) => a.helpers - b.helpers);
      if (blob === undefined || blob.helpers >= MOST_HELPERS) return;
      const { port1, port2 } = new MessageChannel();
      blob.helpers += 1;
      const sent = newCount();
      this.#run<undefined>('help', { line: { port: port1, sent } } satisfies HelpJob, [port1])
        .catch(() => {
          port1.close();
        })
        .finally(() => {
          blob.helpers -= 1;
        });
      blob.offers.port.postMessage({ port: port2, sent } satisfies Line, [port2]);
      Atomics.add(blob.offers.sent, 0, 1);
    }
  }

  /** A thread that died is replaced only when a further job is given: those that wait in the queue would wait forever. */
  #revive(): void {
    if (this.#closed || this.#signal?.aborted === true || this.#threads.queueSize === 0) return;
    this.#threads.run(undefined, { name: 'start' }).catch(() => undefined);
  }
}

/**
 * The bytes in pieces of `limits.chunkBytes`, each in memory of its own: a pipe gives some kilobytes at a time, and a message
 * to another thread costs more than those.
 */
async function* pieces(chunks: Chunks): AsyncGenerator<Uint8Array, void> {
  let piece = new Uint8Array(limits.chunkBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const taken = chunk.subarray(at, at + piece.length - filled);
      piece.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < piece.length) continue;
      yield piece;
      piece = new Uint8Array(limits.chunkBytes);
      filled = 0;
    }
  }
  // Not a view, which would be sent with all of its memory.
  if (filled > 0) yield piece.slice(0, filled);
}

function newCount(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}
