import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HttpClient } from '../../src/registry/http.ts';
import { remoteLimits } from '../../src/remote-limits.ts';
import { type Answer, type LoopbackServer, startLoopback } from '../support/bad-registry.ts';

async function withServer(
  answer: Answer,
  steps: (http: HttpClient, url: URL, server: LoopbackServer) => Promise<void>,
  idleMs = 10_000,
): Promise<void> {
  const server = await startLoopback(answer);
  const http = new HttpClient({ insecure: true, idleMs });
  try {
    await steps(http, new URL(`${server.origin}/v2/`), server);
  } finally {
    await http.close();
    await server.stop();
  }
}

async function read(chunks: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.length;
  return bytes;
}

describe('an answer', () => {
  it('may be read slower than it comes', async () => {
    const blob = Buffer.alloc(1_000_000);
    await withServer(
      (_, response) => response.end(blob),
      async (http, url) => {
        const { body } = await http.request(url);
        const iterator = body[Symbol.asyncIterator]();
        const first = await iterator.next();
        await wait(1500);
        const rest = await read({ [Symbol.asyncIterator]: () => iterator });
        expect((first.value as Buffer).length + rest).toBe(blob.length);
      },
      500,
    );
  });

  it('that does not come is not waited for', async () => {
    await withServer(
      () => undefined,
      async (http, url) => {
        await expect(http.request(url)).rejects.toMatchObject({ reason: 'no answer in time', isTransient: true });
      },
      60,
    );
  });

  it.each([
    ['while it is read', 0],
    ['before anybody reads it', 40],
  ])('that breaks %s is broken', async (_, waitMs) => {
    await withServer(
      (_request, response) => {
        response.writeHead(200, { 'content-length': 10 }).write('x');
        setTimeout(() => response.destroy(), 10);
      },
      async (http, url) => {
        const { body } = await http.request(url);
        await wait(waitMs);
        await expect(read(body)).rejects.toMatchObject({ reason: 'the connection broke', isTransient: true });
      },
    );
  });

  it('in another protocol is none', async () => {
    await withServer(
      ({ socket }) =>
        socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: kelp\r\n\r\nkelp'),
      async (http, url) => {
        await expect(http.request(url)).rejects.toMatchObject({ reason: 'the connection broke' });
      },
    );
  });

  it('that is discarded and never ends keeps no connection', async () => {
    let stalled = 0;
    await withServer(
      (_, response) => {
        stalled += 1;
        if (stalled <= remoteLimits.connections) response.writeHead(404, { 'content-length': 10 }).write('x');
        else response.end('whole');
      },
      async (http, url) => {
        for (let count = 0; count < remoteLimits.connections; count++) (await http.request(url)).discard();
        expect(await read((await http.request(url)).body)).toBe(5);
      },
      300,
    );
  });

  it.each([
    ['read', true],
    ['discarded', true],
    ['discarded, and long', false],
    ['left', false],
  ])('that is %s: the next comes over the same connection: %s', async (way, isKept) => {
    const sockets = new Set<unknown>();
    const isLong = way.endsWith('long') || way === 'left';
    const blob = Buffer.alloc(isLong ? 50 * remoteLimits.tokenBytes : 100);
    await withServer(
      (request, response) => {
        sockets.add(request.socket);
        response.end(blob);
      },
      async (http, url) => {
        for (let count = 0; count < 20; count++) {
          const { body, discard } = await http.request(url);
          if (way === 'read') await read(body);
          else if (way === 'left') for await (const chunk of body) if (chunk.length > 0) break;
          if (way.startsWith('discarded')) {
            discard();
            await wait(5);
          }
        }
        // The next may be asked for just before the connection is free.
        expect(sockets.size <= 10).toBe(isKept);
      },
    );
  });

  it('cannot be had with a header that is none, and the next can', async () => {
    await withServer(
      (_, response) => response.end('whole'),
      async (http, url) => {
        const broken = { headers: { authorization: 'Bearer a\nb' } };
        for (let count = 0; count <= remoteLimits.connections; count++) {
          const refused = { kind: 'unreachable', reason: 'ERR_INVALID_CHAR', isTransient: false };
          await expect(http.request(url, broken)).rejects.toMatchObject(refused);
        }
        expect(await read((await http.request(url)).body)).toBe(5);
      },
    );
  });

  it('of HEAD leaves the connection for the next; no more are open than may be', async () => {
    const sockets = new Set<unknown>();
    await withServer(
      (request, response) => {
        sockets.add(request.socket);
        setTimeout(() => response.writeHead(200, { 'content-length': 5 }).end(), 2);
      },
      async (http, url) => {
        const heads = Array.from({ length: 100 }, async () => {
          const { status, header, discard } = await http.request(url, { method: 'HEAD' });
          discard();
          return [status, header('content-length')];
        });
        expect(new Set((await Promise.all(heads)).map(String))).toEqual(new Set(['200,5']));
        expect(sockets.size).toBe(remoteLimits.connections);
      },
    );
  });

  it('is asked for with what is said, and nothing of its own', async () => {
    await withServer(
      (_, response) => response.writeHead(200, { 'x-twice': ['a', 'b'] }).end(),
      async (http, url, { requests }) => {
        const { header, discard } = await http.request(url, {
          method: 'POST',
          body: 'grant=1',
          headers: { accept: 'a/b' },
        });
        discard();
        expect([header('x-twice'), header('x-none')]).toEqual(['a, b', '']);
        const [request] = requests;
        expect(request?.headers).toEqual({
          accept: 'a/b',
          'accept-encoding': 'identity',
          connection: 'keep-alive',
          'content-length': '7',
          host: url.host,
          'user-agent': 'phiscan',
        });
      },
    );
  });
});
