import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { ScanError } from '../../src/errors.ts';
import type { Credentials } from '../../src/registry/credentials.ts';
import { DistributionRegistry } from '../../src/registry/distribution.ts';
import type { DistributionOptions } from '../../src/registry/distribution.ts';
import type { Problem } from '../../src/unpack/chunks.ts';
import type { Answer, LoopbackServer } from '../support/bad-registry.ts';
import { serveBlob, startLoopback } from '../support/bad-registry.ts';

const manifest = Buffer.from('{"schemaVersion": 2, "config": {}, "layers": []}');
const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
/** What no message may hold. */
const words = {
  password: 'the-pass-word',
  token: 'the.token',
  identity: 'the-identity',
  page: 'words of the server',
  signature: 'the-signature',
};
const user = { name: 'me', password: words.password };

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function serve(answer: Answer): Promise<LoopbackServer> {
  const server = await startLoopback(answer);
  ends.push(server.stop);
  return server;
}

function client(
  server: LoopbackServer,
  credentials: Credentials = {},
  options: DistributionOptions = {},
): DistributionRegistry {
  const registry = new DistributionRegistry(server.host, {
    insecure: true,
    pace: { attempts: 3, backoffMs: 1 },
    credentials: () => Promise.resolve(credentials),
    ...options,
  });
  ends.push(() => registry.close());
  return registry;
}

const give: Answer = (_, response) => response.setHeader('docker-content-digest', digest).end(manifest);

async function refusal(promise: Promise<unknown>): Promise<ScanError> {
  const error = await promise.then(
    () => new Error('it was given'),
    (thrown: unknown) => thrown as ScanError,
  );
  for (const word of Object.values(words)) expect(`${error.message} ${error.stack ?? ''}`).not.toContain(word);
  expect(error.cause).toBeUndefined();
  return error as ScanError;
}

const isToken = ({ url = '' }: IncomingMessage): boolean => url.startsWith('/token');

/** A registry that lets in whoever has a token of its token server; `grant` answers for that. */
function guarded(
  grant: Answer,
  isGood: (authorization: string) => boolean = (text) => text.startsWith('Bearer '),
): Answer {
  return (request, response) => {
    if (isToken(request)) return grant(request, response);
    if (isGood(request.headers.authorization ?? '')) return give(request, response);
    const { host = '' } = request.headers;
    const challenge = `Bearer realm="http://${host}/token?x=1",service="the service",scope="repository:app:pull"`;
    return response.writeHead(401, { 'www-authenticate': challenge }).end(words.page);
  };
}

describe('who asks a registry', () => {
  it('asks without a name for what all may have', async () => {
    const server = await serve(give);
    expect(await client(server, { user }).manifest('app', '1')).toEqual({ digest, mediaType: '', bytes: manifest });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it.each<[string, Credentials, string | undefined]>([
    ['nobody', {}, undefined],
    ['a user', { user }, `Basic ${Buffer.from(`me:${words.password}`).toString('base64')}`],
  ])('gets a token as %s, once for all requests of a repository', async (_, credentials, authorization) => {
    const server = await serve(
      guarded((__, response) => response.end(JSON.stringify({ token: words.token, expires_in: 300 }))),
    );
    const registry = client(server, credentials);
    await Promise.all([registry.manifest('app', '1'), registry.manifest('app', '2')]);
    await registry.manifest('app', '3');
    const asked = server.requests.filter(isToken);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.headers.authorization).toBe(authorization);
    const { searchParams } = new URL(asked[0]?.url ?? '', server.origin);
    expect(Object.fromEntries(searchParams)).toEqual({
      x: '1',
      service: 'the service',
      scope: 'repository:app:pull',
      ...(authorization !== undefined && { account: 'me' }),
    });
    const last = server.requests.at(-1);
    expect([last?.url, last?.headers.authorization]).toEqual(['/v2/app/manifests/3', `Bearer ${words.token}`]);
  });

  it('exchanges an identity token, in the body of a request that no redirect leads elsewhere', async () => {
    const bodies: string[] = [];
    const server = await serve(
      guarded((request, response) => {
        request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
        request.on('end', () => response.end(JSON.stringify({ access_token: words.token })));
      }),
    );
    await client(server, { identityToken: words.identity }).manifest('app', '1');
    expect(server.requests.find(isToken)?.method).toBe('POST');
    expect(Object.fromEntries(new URLSearchParams(bodies.join('')))).toEqual({
      grant_type: 'refresh_token',
      client_id: 'phiscan',
      service: 'the service',
      scope: 'repository:app:pull',
      refresh_token: words.identity,
    });
    const other = await serve((_, response) => response.end('{"token": "x"}'));
    const leading = await serve(
      guarded((_, response) => response.writeHead(307, { location: `${other.origin}/token` }).end()),
    );
    expect(await refusal(client(leading, { identityToken: words.identity }).manifest('app', '1'))).toMatchObject({
      code: 'unreachable',
    });
    expect(other.requests).toEqual([]);
  });

  it('sends a registry token as it is', async () => {
    const server = await serve(
      guarded(
        () => undefined,
        (text) => text === `Bearer ${words.token}`,
      ),
    );
    await client(server, { registryToken: words.token }).manifest('app', '1');
    expect(server.requests.filter(isToken)).toEqual([]);
  });

  it('sends a password where that is asked for, and tells where there is none', async () => {
    const server = await serve((request, response) =>
      request.headers.authorization === undefined
        ? response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(words.page)
        : give(request, response),
    );
    expect((await client(server, { user }).manifest('app', '1')).bytes).toEqual(manifest);
    const { code, message } = await refusal(
      client(server, { trouble: 'docker-credential-x ended with 1' }).manifest('app', '1'),
    );
    expect(code).toBe('denied');
    expect(message).toContain('(HTTP 401, without a password; docker-credential-x ended with 1): use `docker login');
  });

  it('renews a token that has expired before its time, and one that is over', async () => {
    let round = 0;
    const server = await serve(
      guarded(
        (_, response) => response.end(JSON.stringify({ token: `t${++round}`, expires_in: 0.002 })),
        (text) => text === `Bearer t${round}`,
      ),
    );
    const registry = client(server);
    await registry.manifest('app', '1');
    round += 1;
    await registry.manifest('app', '2');
    await new Promise((resolve) => setTimeout(resolve, 10));
    await registry.manifest('app', '3');
    expect(round).toBeGreaterThanOrEqual(4);
  });

  it('ends after one renewal where nothing is ever enough', async () => {
    const server = await serve(
      guarded(
        (_, response) => response.end(JSON.stringify({ token: words.token })),
        () => false,
      ),
    );
    expect(await refusal(client(server, { user }).manifest('app', '1'))).toMatchObject({ code: 'denied' });
    expect(server.requests.filter((request) => !isToken(request))).toHaveLength(2);
    expect(server.requests.filter(isToken)).toHaveLength(1);
  });

  it.each<[string, Answer, string]>([
    ['refuses', (_, response) => response.writeHead(401).end(words.page), 'denied'],
    ['gives no token', (_, response) => response.end('{}'), 'unreachable'],
    ['gives a page', (_, response) => response.end(`<html>${words.page}</html>`), 'unreachable'],
    ['gives no header', (_, response) => response.end(JSON.stringify({ token: 'a\r\nb' })), 'unreachable'],
    ['is not there', (_, response) => response.writeHead(404).end(words.page), 'unreachable'],
    ['gives too much', (_, response) => response.end(JSON.stringify({ token: 'x'.repeat(300_000) })), 'unreachable'],
  ])('tells that a token server %s', async (_, grant, code) => {
    const server = await serve(guarded(grant));
    expect(await refusal(client(server, { user }).manifest('app', '1'))).toMatchObject({ code });
  });

  it.each([
    ['none', 'Negotiate'],
    ['one without an address', 'Bearer service="x"'],
    ['one without TLS', 'Bearer realm="http://auth.example/token"'],
    ['one of no known scheme', 'Bearer realm="file:///etc/passwd"'],
  ])('is refused by %s', async (_, challenge) => {
    const server = await serve((__, response) => response.writeHead(401, { 'www-authenticate': challenge }).end());
    expect(['denied', 'unreachable']).toContain((await refusal(client(server, { user }).manifest('app', '1'))).code);
  });
});

describe('a registry', () => {
  it.each<[string, number, string]>([
    ['does not have it', 404, 'not-found'],
    ['does not allow it', 403, 'denied'],
    ['is out of order', 500, 'unreachable'],
    ['does not understand', 400, 'unreachable'],
    ['leads nowhere', 302, 'unreachable'],
  ])('that %s (HTTP %i)', async (_, status, code) => {
    const server = await serve((__, response) =>
      response.writeHead(status, { 'content-type': 'text/html' }).end(words.page),
    );
    expect(await refusal(client(server).manifest('app', '1'))).toMatchObject({ code });
    expect(server.requests).toHaveLength(status === 500 ? 3 : 1);
  });

  it('is asked again when it is busy, as late as it says', async () => {
    let busy = 1;
    const server = await serve((request, response) =>
      busy-- > 0 ? response.writeHead(429, { 'retry-after': '1' }).end() : give(request, response),
    );
    const begun = performance.now();
    await client(server).manifest('app', '1');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(990);
    const hours = await serve((_, response) => response.writeHead(429, { 'retry-after': '7200' }).end(words.page));
    expect(await refusal(client(hours).manifest('app', '1'))).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('allows no more requests for now (HTTP 429): try again later') as string,
    });
    expect(hours.requests).toHaveLength(1);
  });

  it('is asked again when its answer breaks, or does not come', async () => {
    let broken = 2;
    const server = await serve((request, response) => {
      if (broken-- <= 0) return give(request, response);
      return broken === 1
        ? request.destroy()
        : response.writeHead(200, { 'content-length': 500 }).write('{', () => response.destroy());
    });
    expect((await client(server).manifest('app', '1')).bytes).toEqual(manifest);
    const silent = await serve(() => undefined);
    const slow = client(silent, {}, { idleMs: 30, pace: { attempts: 1, backoffMs: 1 } });
    expect((await refusal(slow.manifest('app', '1'))).message).toContain('(no answer in time)');
  });

  it('that gives a manifest without end is left', async () => {
    const server = await serve((_, response) => {
      const more = (): unknown => response.write(Buffer.alloc(1 << 20), (error) => (error ? undefined : more()));
      more();
    });
    expect((await refusal(client(server).manifest('app', '1'))).message).toContain(
      'an answer of more than 16777216 bytes',
    );
  });

  it('leads to another host, which gets no authorization; the address is in no message', async () => {
    const bytes = randomBytes(10_000);
    let given = 0;
    const store = await serve((request, response) =>
      given++ === 0 ? response.writeHead(403).end(words.page) : serveBlob(bytes)(request, response),
    );
    const server = await serve((request, response) =>
      request.headers.authorization === undefined
        ? response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
        : response
            .writeHead(307, {
              location: `${store.origin.replace('//', '//who:ever@')}/blob?X-Amz-Signature=${words.signature}`,
            })
            .end(),
    );
    const registry = client(server, { user });
    const problems: Problem[] = [];
    const chunks: Buffer[] = [];
    for await (const chunk of registry.blob('app', { digest, size: bytes.length }, (problem) => problems.push(problem)))
      chunks.push(Buffer.from(chunk));
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    expect(problems).toEqual([]);
    expect(store.requests.map(({ headers, url }) => [headers.authorization, url])).toEqual([
      [undefined, `/blob?X-Amz-Signature=${words.signature}`],
      [undefined, `/blob?X-Amz-Signature=${words.signature}`],
    ]);

    await store.stop();
    for await (const chunk of registry.blob('app', { digest, size: 1 }, (problem) => problems.push(problem)))
      expect(chunk).toBeUndefined();
    expect(problems).toMatchObject([{ reason: 'unreadable' }]);
    expect(JSON.stringify(problems)).not.toContain(words.signature);
    expect(JSON.stringify(problems)).not.toContain(new URL(store.origin).port);
  });

  it('leads in a circle, or where there is no TLS', async () => {
    const round = await serve((_, response) => response.writeHead(302, { location: '/again' }).end());
    expect((await refusal(client(round).manifest('app', '1'))).message).toContain('(more than 5 redirects)');
    const away = await serve((_, response) =>
      response.writeHead(302, { location: `http://store.example/?${words.signature}` }).end(),
    );
    expect(await refusal(client(away).manifest('app', '1'))).toMatchObject({ code: 'denied' });
  });

  it('is asked with TLS, also on this machine, unless that was said to be not needed', async () => {
    const server = await serve(give);
    const { code, message } = await refusal(client(server, {}, { insecure: false }).manifest('app', '1'));
    expect(code).toBe('unreachable');
    expect(message).toContain('(no TLS): --insecure asks for plain HTTP');
    expect(server.requests).toEqual([]);
  });

  it('is not there', async () => {
    const server = await serve(give);
    await server.stop();
    expect((await refusal(client(server).manifest('app', '1'))).message).toContain('does not answer (ECONNREFUSED)');
  });

  it('lists what is about an image on several pages, or not at all', async () => {
    const entry = (n: number): object => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: `sha256:${String(n).repeat(64)}`,
      size: n,
    });
    const server = await serve(({ url = '' }, response) => {
      if (!url.includes('/referrers/')) return response.writeHead(404).end();
      const isFirst = !url.includes('page=2');
      if (isFirst) response.setHeader('link', `</v2/app/referrers/${digest}?page=2>; rel="next"`);
      return response.end(JSON.stringify({ manifests: isFirst ? [entry(1), entry(2), {}] : [entry(3)] }));
    });
    expect((await client(server).referrers('app', digest)).map(({ size }) => size)).toEqual([1, 2, 3]);
    for (const answer of ['<html>', '{"errors": []}']) {
      const none = await serve(({ url = '' }, response) =>
        url.includes('/referrers/') ? response.end(answer) : response.writeHead(404).end(),
      );
      expect(await client(none).referrers('app', digest)).toEqual([]);
    }
    const closed = await serve((_, response) => response.writeHead(403).end(words.page));
    expect(await refusal(client(closed).referrers('app', digest))).toMatchObject({ code: 'denied' });
  });
});
