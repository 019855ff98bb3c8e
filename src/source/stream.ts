import type { Readable } from 'node:stream';
import type { OnProblem, Problem } from '../unpack/chunks.ts';
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
