import { remoteLimits } from '../remote-limits.ts';
import type { OnProblem, Problem } from '../unpack/chunks.ts';
import { problemOf, RegistryFailure, statusFailure } from './failure.ts';
import type { HttpAnswer } from './http.ts';
import type { BlobAddress } from './image-registry.ts';
import { pause } from './retry.ts';
import type { RetryPace } from './retry.ts';

/** Asks for the bytes from `offset` on, with `rangeFrom(offset)`; throws RegistryFailure when its own attempts are spent. */
export type OpenBlob = (offset: number) => Promise<HttpAnswer>;

export interface DownloadOptions {
  /** For messages. */
  readonly host: string;
  readonly signal: AbortSignal;
  readonly pace?: RetryPace;
}

/** The header that asks for the rest of a blob (RFC 9110, 14.2); none for all of it. */
export function rangeFrom(offset: number): Readonly<Record<string, string>> {
  return offset === 0 ? {} : { range: `bytes=${offset}-` };
}

/**
 * The stored bytes of a blob, each once and in order, whatever breaks in between: after a break the rest is asked for, and where
 * a server knows no ranges, what came already is passed over. So a hash of them goes on as if nothing had happened. Nothing is
 * thrown: what could not be had is a problem, and the end.
 */
export async function* blobChunks(
  open: OpenBlob,
  { size }: Pick<BlobAddress, 'size'>,
  onProblem: OnProblem,
  { host, signal, pace = remoteLimits }: DownloadOptions,
): AsyncGenerator<Buffer, void, undefined> {
  const download = new Download(size);
  let breaks = 0;
  let failed = 0;
  try {
    while (!download.isWhole()) {
      const answer = await open(download.offset);
      const before = download.offset;
      try {
        yield* download.read(answer);
        continue;
      } catch (error) {
        if (download.isWhole()) break;
        failed = download.offset > before ? 1 : failed + 1;
        breaks += 1;
        const isLast = failed >= pace.attempts || breaks >= remoteLimits.resumes;
        if (!(error instanceof RegistryFailure) || !error.isTransient || isLast) throw error;
        await pause(error, failed, signal, pace);
      }
    }
  } catch (error) {
    onProblem(download.problem(error, host));
    return;
  }
  if (download.isLonger) {
    const detail = `${host} gives more than the ${String(size)} bytes that are said to be there`;
    onProblem({ reason: 'unread-rest', detail });
  }
}

class Download {
  readonly #size: number | undefined;
  #isWhole = false;
  /** Of the next byte. */
  offset = 0;
  isLonger = false;

  constructor(size: number | undefined) {
    this.#size = size;
  }

  isWhole(): boolean {
    return this.#isWhole;
  }

  async *read(answer: HttpAnswer): AsyncGenerator<Buffer, void, undefined> {
    const { begin, total } = extentOf(answer, this.offset);
    const before = this.offset;
    let at = begin;
    for await (const chunk of answer.body) {
      const start = Math.max(this.offset - at, 0);
      at += chunk.length;
      const stop = this.#size === undefined ? chunk.length : chunk.length - Math.max(0, at - this.#size);
      if (stop > start) {
        this.offset += stop - start;
        // Also when the answer breaks behind its last byte.
        this.#isWhole = this.offset === this.#size;
        yield chunk.subarray(start, stop);
      }
      this.isLonger = stop < chunk.length;
      if (this.isLonger) break;
    }
    const expected = total ?? this.#size;
    this.#isWhole = expected === undefined || this.offset >= expected || this.isLonger;
    // A connection that is cut ends in silence where no length was said; and some servers give a part of what was asked for.
    if (!this.#isWhole && this.offset === before) throw cut();
  }

  problem(error: unknown, host: string): Problem {
    const problem = problemOf(error, host);
    if (this.offset === 0 || problem.reason === 'interrupted') return problem;
    const detail = `broke off after ${this.offset} bytes: ${problem.detail ?? ''}`;
    return { reason: 'truncated', detail, ...(this.#size !== undefined && { bytes: this.#size - this.offset }) };
  }
}

/** Where an answer begins in the blob, and how long that is in all, as the answer says itself. */
function extentOf(answer: HttpAnswer, asked: number): { readonly begin: number; readonly total: number | undefined } {
  const { status } = answer;
  if (status === 200) return { begin: 0, total: numberOf(answer.header('content-length')) };
  const range = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/i.exec(answer.header('content-range').trim());
  if (status === 206 && range !== null && Number(range[1]) <= asked) {
    return { begin: Number(range[1]), total: numberOf(range[2] ?? '') };
  }
  answer.discard();
  // Bytes of another place, or of none: no stream can go on with them.
  if (status === 206 || status === 416) throw new RegistryFailure('garbled', `HTTP ${status}, and not the rest of it`);
  throw statusFailure(status);
}

function cut(): RegistryFailure {
  return new RegistryFailure('unreachable', 'the answer ended early', { isTransient: true });
}

function numberOf(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
