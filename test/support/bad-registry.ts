import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback, of this process, that answers as a test wants it. */
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** In the order in which they came. */
  readonly requests: readonly IncomingMessage[];
  readonly stop: () => Promise<void>;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Answers when it resolves. */
export async function startLoopback(answer: Answer): Promise<LoopbackServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    void answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin: `http://${host}`,
    host,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** How a server serves the bytes of a blob, badly. */
export interface BlobManners {
  /** Breaks the connection after so many bytes of each answer; the last value counts for all further ones. */
  readonly breaks?: readonly number[];
  /** Gives all of it, whatever part is asked for. */
  readonly ignoresRange?: boolean;
  /** Says no length. */
  readonly chunked?: boolean;
  /** Gives at most so many bytes of what is asked for, and says so. */
  readonly most?: number;
}

/** Answers with a blob, or the part of it that is asked for. */
export function serveBlob(
  bytes: Buffer,
  { breaks = [], ignoresRange = false, chunked = false, most }: BlobManners = {},
): Answer {
  const cuts = [...breaks];
  return (request, response) => {
    const begin = ignoresRange ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (begin >= bytes.length && begin > 0) return response.writeHead(416).end();
    const body = bytes.subarray(begin, most === undefined ? undefined : begin + most);
    const range = `bytes ${begin}-${begin + body.length - 1}/${bytes.length}`;
    response.writeHead(begin > 0 || most !== undefined ? 206 : 200, {
      ...(!chunked && { 'content-length': body.length }),
      ...((begin > 0 || most !== undefined) && { 'content-range': range }),
    });
    const cut = cuts.length > 1 ? cuts.shift() : cuts[0];
    if (cut === undefined || cut >= body.length) return response.end(body);
    if (cut === 0) response.flushHeaders();
    return response.write(body.subarray(0, cut), () => setTimeout(() => response.destroy(), 5));
  };
}
