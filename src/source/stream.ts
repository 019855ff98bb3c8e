import type { Readable } from 'node:stream';
import type { Chunks, OnProblem, Problem } from '../unpack/chunks.ts';
import { errorCode } from './range.ts';

/** The chunks of a stream that may break off: a problem, and the end. Leaving early destroys the stream. */
export async function* streamChunks(
  stream: Readable,
  sender: string,
  onProblem: OnProblem,
): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    const why = errorCode(error) ?? 'no reason given';
    onProblem({ reason: 'truncated', detail: `${sender} broke off after ${bytes} bytes (${why})` });
  }
}

/**
 * The first bytes of a stream, and the stream with them in it. Fewer than asked for: the stream is shorter.
 * Whoever pulls the second closes the first.
 */
export async function peekChunks(
  chunks: Chunks,
  bytes: number,
): Promise<{ readonly head: Buffer; readonly chunks: Chunks }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const parts: Buffer[] = [];
  let held = 0;
  while (held < bytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    parts.push(Buffer.from(next.value));
    held += next.value.length;
  }
  const head = Buffer.concat(parts);
  return { head: head.subarray(0, bytes), chunks: { [Symbol.asyncIterator]: () => resume(head, iterator) } };
}

function resume(head: Buffer, rest: AsyncIterator<Buffer>): AsyncIterator<Buffer> {
  let headGiven = head.length === 0;
  return {
    next() {
      if (headGiven) return rest.next();
      headGiven = true;
      return Promise.resolve({ done: false, value: head });
    },
    async return(value?: unknown) {
      headGiven = true;
      await rest.return?.();
      return { done: true, value };
    },
  };
}

/** Problems that are met before anybody listens are kept for the one who will. */
export class ProblemRelay {
  readonly #kept: Problem[] = [];
  #isCut = false;
  #listener: OnProblem | undefined;

  /** Of bytes that others read on: that they find them cut short is no problem of its own. */
  readonly cause: OnProblem = (problem) => {
    this.report(problem);
    this.#isCut = true;
  };

  readonly report: OnProblem = (problem) => {
    if (problem.reason === 'truncated' && this.#isCut) return;
    if (this.#listener) this.#listener(problem);
    else this.#kept.push(problem);
  };

  listen(onProblem: OnProblem): void {
    this.#listener = onProblem;
    for (const problem of this.#kept.splice(0)) onProblem(problem);
  }
}
