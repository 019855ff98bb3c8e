import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RegistryFailure } from '../../src/registry/failure.ts';
import { HttpClient, isLoopback } from '../../src/registry/http.ts';
import { retryAfterMs, withRetries } from '../../src/registry/retry.ts';

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

  it('are not made where the proxy is of another kind than HTTP, or its password none', async () => {
    vi.stubEnv('HTTPS_PROXY', 'socks5://127.0.0.1:1');
    expect((await failure('https://registry.invalid/')).reason).toBe('the address of the proxy is none');
    vi.stubEnv('HTTPS_PROXY', 'http://me:%@127.0.0.1:1');
    expect((await failure('https://registry.invalid/')).reason).toBe('the address of the proxy is none');
  });

  it.each([
    ['.invalid', true],
    ['invalid', true],
    ['a, registry.invalid', true],
    ['*', true],
    ['registry.invalid:443', true],
    ['registry.invalid:444', false],
    ['try.invalid', false],
    ['a.registry.invalid', false],
    ['', false],
  ])('are made without the proxy where NO_PROXY is %o: %s', async (names, isDirect) => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1');
    vi.stubEnv('NO_PROXY', names);
    expect((await failure('https://registry.invalid/')).reason).toBe(isDirect ? 'ENOTFOUND' : 'ECONNREFUSED');
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
