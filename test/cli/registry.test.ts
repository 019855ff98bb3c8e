import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/finding.ts';
import { localCertificate } from '../support/certificate.ts';
import type { Answer, LoopbackServer } from '../support/bad-registry.ts';
import { serveBlob, startLoopback } from '../support/bad-registry.ts';
import { buildImage } from '../support/image-builder.ts';
import { ociLayout } from '../support/image-layouts.ts';
import type { StoredContent } from '../support/memory-registry.ts';
import { contentOf, memoryRegistry } from '../support/memory-registry.ts';
import { patient } from '../support/patients.ts';
import { missing } from '../support/programs.ts';
import { phiscan, phiscanReport } from '../support/scans.ts';

const one = patient(41);
/** Nothing of these may be in any output. */
const secrets = {
  value: one.ssn,
  password: ['not', 'to', 'be', 'told'].join('-'),
  token: ['bearer', 'not', 'to', 'be', 'told'].join('.'),
  signature: ['signature', 'of', 'an', 'address'].join('-'),
  words: ['words', 'of', 'the', 'server'].join(' '),
};

let folder = '';
let content: StoredContent;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-registry-'));
  const auth = Buffer.from(`me:${secrets.password}`).toString('base64');
  const image = await buildImage({ layers: [{ entries: [{ path: 'a.ini', content: `ssn = ${secrets.value}\n` }] }] });
  content = contentOf(ociLayout([image]), '1');
  writeFileSync(join(folder, 'auth'), auth);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The environment of somebody who is logged in at this registry, and debugs. */
function environment(host: string): NodeJS.ProcessEnv {
  const auth = readFileSync(join(folder, 'auth'), 'utf8');
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
  return {
    DOCKER_CONFIG: folder,
    PHISCAN_DEBUG: '1',
    NODE_DEBUG: 'http,https,tls,net,stream',
    PHISCAN_CACHE_DIR: join(folder, 'cache'),
  };
}

/** Every answer but manifests' is a redirect to `store`; everything that a server may say is said. */
function guarded(store: LoopbackServer, answer: Answer): Answer {
  return (request, response) => {
    const { url = '', headers } = request;
    if (url.startsWith('/token')) return response.end(JSON.stringify({ token: secrets.token, message: secrets.words }));
    if (headers.authorization !== `Bearer ${secrets.token}`) {
      const challenge = `Bearer realm="http://${headers.host ?? ''}/token",service="${secrets.words}",error="${secrets.words} ${secrets.value}"`;
      return response.writeHead(401, { 'www-authenticate': challenge }).end(`${secrets.words} ${secrets.value}`);
    }
    response.setHeader('x-message', secrets.words);
    if (!url.includes('/blobs/')) return answer(request, response);
    return response
      .writeHead(307, { location: `${store.origin}${url}?X-Amz-Signature=${secrets.signature}&name=${secrets.value}` })
      .end();
  };
}

async function withServers(
  store: Answer,
  steps: (reference: string, env: NodeJS.ProcessEnv, asked: LoopbackServer) => Promise<void>,
  answer: Answer = memoryRegistry(content),
): Promise<void> {
  const stored = await startLoopback(store);
  const server = await startLoopback(guarded(stored, answer));
  try {
    await steps(`registry:${server.host}/app:1`, environment(server.host), stored);
  } finally {
    await server.stop();
    await stored.stop();
  }
}

describe('what a registry says, and what lets phiscan in', () => {
  const broken: Answer = (_, response) =>
    response.writeHead(403, { 'content-type': 'text/html' }).end(`<p>${secrets.words} ${secrets.value}</p>`);
  const blobs: Answer = (request, response) => {
    const digest = /sha256:[0-9a-f]{64}/.exec(request.url ?? '')?.[0] ?? '';
    return serveBlob(content.blobs.get(digest) ?? Buffer.of(), { breaks: [100, Infinity] })(request, response);
  };

  it.each<[string, Answer, Answer | undefined, number]>([
    ['when all is well', blobs, undefined, 1],
    ['when signed addresses are refused', broken, undefined, 3],
    ['when the store hangs up', (request) => request.destroy(), undefined, 3],
    ['when the registry gives a page', blobs, broken, 2],
    [
      'when it is out of order',
      blobs,
      (_, response) => response.writeHead(500, { 'retry-after': '9999' }).end(secrets.words),
      2,
    ],
    ['when what it gives is none', blobs, (_, response) => response.end(`<p>${secrets.words} ${secrets.value}</p>`), 2],
  ])(
    'are in no output %s',
    async (_, store, answer, code) => {
      await withServers(
        store,
        async (reference, env, asked) => {
          const both = ['table', 'json'].map(async (format) => {
            const ended = await phiscan(
              ['image', reference, '--insecure', '--no-ledger', '--format', format, '--explain'],
              { env },
            );
            expect([format, ended.code, ended.stderr]).toEqual([format, code, ended.stderr]);
            for (const [name, secret] of Object.entries(secrets)) {
              expect([name, ended.stdout.includes(secret), ended.stderr.includes(secret)]).toEqual([
                name,
                false,
                false,
              ]);
            }
          });
          await Promise.all(both);
          expect(asked.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
          expect(asked.requests.length > 0).toBe(code !== 2);
        },
        answer,
      );
    },
    120_000,
  );

  it('--insecure is refused for other machines', async () => {
    const { code, stderr } = await phiscan(['image', 'registry:registry.example/app:1', '--insecure'], {});
    expect(code).toBe(2);
    expect(stderr).toBe(
      'phiscan: --insecure is for registries on this machine: registry.example is asked with TLS only\n',
    );
  });
});

const skipped = missing('openssl');

describe.skipIf(skipped !== undefined)(`TLS${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  it('needs a certificate that somebody vouches for: NODE_EXTRA_CA_CERTS does, and --insecure does without on this machine', async () => {
    const { key, cert, file } = localCertificate(folder);
    const server = createServer({ key, cert }, memoryRegistry(content));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const reference = `registry:localhost:${(server.address() as AddressInfo).port}/app:1`;
      const env = { DOCKER_CONFIG: folder };
      const refused = await phiscan(['image', reference, '--no-ledger'], { env });
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('(DEPTH_ZERO_SELF_SIGNED_CERT)')]);
      const isFound = ({ findings, coverage }: Report): void => {
        expect(coverage.complete).toBe(true);
        expect(findings).toMatchObject([{ detector: 'ssn', location: { path: 'a.ini' } }]);
      };
      isFound(
        (
          await phiscanReport(['image', reference, '--no-ledger'], {
            env: { ...env, NODE_EXTRA_CA_CERTS: file },
          })
        ).report,
      );
      isFound((await phiscanReport(['image', reference, '--no-ledger', '--insecure'], { env })).report);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }, 60_000);

  it('goes through a proxy, with its password, which is in no output', async () => {
    const { key, cert, file } = localCertificate(folder, 'registry.example');
    const server = createServer({ key, cert }, memoryRegistry(content));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const connects: string[] = [];
    const proxy = createPlainServer().on('connect', ({ url = '', headers }, near: Socket) => {
      connects.push(`${url} ${headers['proxy-authorization'] ?? ''}`);
      const far = connect(port, '127.0.0.1', () => near.write('HTTP/1.1 200 Connection Established\r\n\r\n'));
      for (const socket of [near, far]) socket.on('error', () => undefined);
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const address = `http://me:${secrets.password}@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const { code, stdout, stderr } = await phiscan(
        ['image', 'registry:registry.example/app:1', '--no-ledger', '--format', 'json'],
        {
          env: {
            DOCKER_CONFIG: folder,
            NODE_EXTRA_CA_CERTS: file,
            HTTPS_PROXY: address,
            DEBUG: '*',
            NODE_DEBUG: 'http,https,tls,net,stream',
          },
        },
      );
      expect([code, (JSON.parse(stdout) as Report).findings]).toMatchObject([1, [{ detector: 'ssn' }]]);
      const basic = Buffer.from(`me:${secrets.password}`).toString('base64');
      expect(new Set(connects)).toEqual(new Set([`registry.example:443 Basic ${basic}`]));
      for (const secret of [secrets.password, basic])
        expect(stdout.includes(secret) || stderr.includes(secret)).toBe(false);
    } finally {
      for (const each of [server, proxy]) {
        each.closeAllConnections();
        each.close();
      }
    }
  }, 60_000);
});
