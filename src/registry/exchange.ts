/** One request over Node's own client of HTTP, and its answer: who takes too long is left. */
import type { Agent, IncomingMessage } from 'node:http';
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { Socket } from 'node:net';
import type { Chunks } from '../unpack/chunks.ts';
import { remoteLimits } from '../remote-limits.ts';

export interface Exchange {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly agent: Agent;
  /** Ends the request, and the answer while it is read. */
  readonly signal: AbortSignal;
  /** Until a connection stands, and until the next byte, in milliseconds. */
  readonly connectMs: number;
  readonly idleMs: number;
}

/** With a code, as errors of Node have one. */
export class HttpFault extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** The answer when its headers are there; its body is to be read, or given to `discard`. */
export function exchange(url: URL, asked: Exchange): Promise<IncomingMessage> {
  const { method, headers, body, agent, signal, connectMs, idleMs } = asked;
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestSecure : requestPlain;
    const { protocol, port, pathname, search } = url;
    const hostname = url.hostname.replace(/^\[|\]$/g, '');
    // What else there is would be printed where NODE_DEBUG asks for it: headers, and the whole address, which may be signed.
    const request = send({ protocol, hostname, port, path: pathname + search, method, agent, signal });
    let timer: NodeJS.Timeout | undefined;
    const within = (ms: number, code: string): void => {
      clearTimeout(timer);
      timer = setTimeout(() => request.destroy(new HttpFault(code)), ms);
    };
    // It comes when it is the request's turn; then it may be one that stands already.
    request.once('socket', (socket: Socket) => {
      const answerIsDue = (): void => {
        within(idleMs, 'ANSWER_TIMEOUT');
      };
      if (!socket.connecting) answerIsDue();
      else {
        within(connectMs, 'CONNECT_TIMEOUT');
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', answerIsDue);
      }
    });
    request.once('response', (answer) => {
      clearTimeout(timer);
      timer = undefined;
      resolve(answer);
    });
    request.on('error', reject);
    request.once('close', () => {
      clearTimeout(timer);
      // Without an error, where the server began to speak something else than HTTP. Behind an answer it says nothing.
      reject(new HttpFault('ECONNRESET'));
    });
    try {
      for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
      request.end(body);
    } catch (error) {
      // A token that no header can hold.
      request.destroy();
      throw error;
    }
  });
}

/** As it comes over the wire; the time that the reader takes is not counted. Leaving it early ends the connection. */
export async function* bodyOf(answer: IncomingMessage, idleMs: number): Chunks {
  let isAwaited = true;
  const timer = setTimeout(() => {
    if (isAwaited) answer.destroy(new HttpFault('BODY_TIMEOUT'));
  }, idleMs);
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      isAwaited = false;
      yield chunk;
      isAwaited = true;
      timer.refresh();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** What is short is read to its end, so that the connection can be used again. */
export function discard(answer: IncomingMessage, idleMs: number): void {
  let bytes = 0;
  const timer = setTimeout(() => answer.destroy(), idleMs);
  answer.once('close', () => {
    clearTimeout(timer);
  });
  answer.on('error', () => undefined);
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > remoteLimits.tokenBytes) answer.destroy();
  });
}
