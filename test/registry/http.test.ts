import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RegistryFailure } from '../../src/registry/failure.ts';
import { HttpClient, isLoopback } from '../../src/registry/http.ts';
import { retryAfterMs, withRetries } from '../../src/registry/retry.ts';
import { remoteLimits } from '../../src/remote-limits.ts';
import { type Answer, type LoopbackServer, startLoopback } from '../support/bad-registry.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

async function failure(url: string, insecure = false, connectMs = 10_000): Promise<RegistryFailure> {
  const http = new HttpClient({ insecure, connectMs });
  try {
    await http.request(new URL(url));
  } catch (error) {
    return error as RegistryFailure;
  } finally {
    await http.close();
  }
  throw new Error('it was answered');
}

describe('connections', () => {
  it.each([
    ['http://registry.example/', false],
    ['http://registry.example/', true],
    ['http://127.0.0.1:1/', false],
    ['http://127.0.0.1.example/', true],
    ['ftp://registry.example/', true],
    ['file:///etc/passwd', true],
  ])('to %s are refused (--insecure: %s)', async (url, insecure) => {
    expect(await failure(url, insecure)).toMatchObject({ kind: 'denied', reason: 'an address without TLS' });
  });

  it('go through the proxy of the environment, whose password is in no failure', async () => {
    const connects: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      connects.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      vi.stubEnv('HTTPS_PROXY', `http://me:secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`);
      const { message, cause } = await failure('https://registry.example/v2/');
      expect([message, cause]).toEqual(['unreachable: the proxy refuses the connection', undefined]);
      expect(connects).toEqual([`registry.example:443 Basic ${Buffer.from('me:secret').toString('base64')}`]);
    } finally {
      proxy.close();
    }
  });

  it.each([
    ['wait no longer for a proxy than they may', () => undefined, 'no connection in time'],
    ['are broken by a proxy that hangs up', (socket: Duplex) => socket.destroy(), 'the connection broke'],
    ['are broken by a proxy that says no HTTP', (socket: Duplex) => socket.end('what?'), 'the connection broke'],
  ])('%s', async (_, connected, reason) => {
    const proxy = createServer().on('connect', (_request, socket) => connected(socket));
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      vi.stubEnv('ALL_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
      expect((await failure('https://registry.example/v2/', false, 50)).reason).toBe(reason);
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });

  it('are made without the proxy where NO_PROXY says so; a proxy of another kind than HTTP is none', async () => {
    vi.stubEnv('HTTPS_PROXY', 'socks5://127.0.0.1:1');
    expect((await failure('https://registry.invalid/')).reason).toBe('the address of the proxy is none');
    vi.stubEnv('HTTPS_PROXY', 'http://me:%@127.0.0.1:1');
    expect((await failure('https://registry.invalid/')).reason).toBe('the address of the proxy is none');
    vi.stubEnv('NO_PROXY', '.invalid');
    expect((await failure('https://registry.invalid/')).reason).toBe('ENOTFOUND');
  });

  it('to this machine need no proxy; a proxy that is none is told without its words', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://me:secret@[');
    vi.stubEnv('HTTP_PROXY', 'http://me:secret@[');
    expect((await failure('http://127.0.0.1:1/', true)).reason).toBe('ECONNREFUSED');
    expect((await failure('https://registry.example/')).message).toBe('unreachable: the address of the proxy is none');
  });

  it.each([
    ['localhost', true],
    ['127.9.9.9', true],
    ['[::1]', true],
    ['127.0.0.1.example', false],
    ['10.0.0.1', false],
    ['localhost.example', false],
  ])('to %s are on this machine: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

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

  it('that is shorter than it says is broken', async () => {
    await withServer(
      (_, response) => {
        response.writeHead(200, { 'content-length': 10 }).write('x');
        setTimeout(() => response.destroy(), 10);
      },
      async (http, url) => {
        const { body } = await http.request(url);
        await expect(read(body)).rejects.toMatchObject({ reason: 'the connection broke', isTransient: true });
      },
    );
  });

  it('that broke before anybody read it is broken', async () => {
    await withServer(
      (_, response) => {
        response.writeHead(200, { 'content-length': 10 }).write('x');
        setTimeout(() => response.destroy(), 10);
      },
      async (http, url) => {
        const { body } = await http.request(url);
        await wait(40);
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

describe('a wait', () => {
  const now = Date.UTC(2026, 10, 22, 12, 0, 0);
  it.each([
    ['seconds', '120', 120_000],
    ['a date', 'Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['a date that is over', 'Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['seconds since 1970, as Docker Hub has it', String(now / 1000 + 60), 60_000],
    ['nothing', '', undefined],
    ['no time', 'soon', undefined],
    ['a negative number', '-5', undefined],
  ])('that a server asks for by %s', (_, header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it('ends when the client is closed, and is for failures only that may pass', async () => {
    const pace = { attempts: 5, backoffMs: 60_000 };
    const stop = new AbortController();
    const passing = (): Promise<never> =>
      Promise.reject(new RegistryFailure('unreachable', 'x', { isTransient: true }));
    const waiting = withRetries(passing, stop.signal, pace);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'stopped' });
    let attempts = 0;
    const lasting = (): Promise<never> => {
      attempts += 1;
      return Promise.reject(new RegistryFailure('denied', 'x'));
    };
    await expect(withRetries(lasting, new AbortController().signal, pace)).rejects.toMatchObject({ kind: 'denied' });
    await expect(withRetries(() => Promise.reject(new TypeError('x')), stop.signal, pace)).rejects.toThrow(TypeError);
    expect(attempts).toBe(1);
  });
});
