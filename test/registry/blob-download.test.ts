import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { blobChunks } from '../../src/registry/blob-download.ts';
import { HttpClient } from '../../src/registry/http.ts';
import { signedBlob } from '../../src/registry/signed-blob.ts';
import type { Problem } from '../../src/unpack/chunks.ts';
import type { Answer, LoopbackServer } from '../support/bad-registry.ts';
import { serveBlob, startLoopback } from '../support/bad-registry.ts';

const pace = { attempts: 3, backoffMs: 1 };
const blob = randomBytes(100_000);
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function serve(answer: Answer): Promise<LoopbackServer> {
  const server = await startLoopback(answer);
  ends.push(server.stop);
  return server;
}

function client(settings: ConstructorParameters<typeof HttpClient>[0] = {}): HttpClient {
  const http = new HttpClient({ insecure: true, ...settings });
  ends.push(() => http.close());
  return http;
}

interface Downloaded {
  readonly bytes: Buffer;
  readonly problems: readonly Problem[];
}

async function download(
  address: () => Promise<URL>,
  said: number | 'nothing' = blob.length,
  http: HttpClient = client(),
): Promise<Downloaded> {
  const size = said === 'nothing' ? undefined : said;
  const problems: Problem[] = [];
  const chunks: Buffer[] = [];
  const open = signedBlob(http, address, pace);
  const options = { host: 'the registry', signal: http.signal, pace };
  for await (const chunk of blobChunks(open, { size }, (problem) => problems.push(problem), options)) {
    chunks.push(Buffer.from(chunk));
  }
  return { bytes: Buffer.concat(chunks), problems };
}

async function downloaded(
  answer: Answer,
  size?: number | 'nothing',
  http?: HttpClient,
): Promise<Downloaded & { readonly asked: readonly string[] }> {
  const server = await serve(answer);
  const given = await download(() => Promise.resolve(new URL(`${server.origin}/blob?sig=1`)), size, http);
  return { ...given, asked: server.requests.map(({ headers }) => headers.range ?? 'all') };
}

describe('a download', () => {
  it('goes on behind a break with the bytes that are missing', async () => {
    const { bytes, problems, asked } = await downloaded(serveBlob(blob, { breaks: [40_000, 30_000, Infinity] }));
    expect(bytes.equals(blob)).toBe(true);
    expect(problems).toEqual([]);
    expect(asked[0]).toBe('all');
    expect(asked.slice(1).every((range) => /^bytes=\d+-$/.test(range))).toBe(true);
    expect(asked).toHaveLength(3);
  });

  it('passes over what came already when the server gives all of it again', async () => {
    const { bytes, problems } = await downloaded(
      serveBlob(blob, { breaks: [40_000, 60_000, Infinity], ignoresRange: true }),
    );
    expect(bytes.equals(blob)).toBe(true);
    expect(problems).toEqual([]);
  });

  it('asks for the rest where a server gives less than it was asked for, and where no length is said', async () => {
    for (const answer of [
      serveBlob(blob, { most: 30_000 }),
      serveBlob(blob, { breaks: [500, Infinity], chunked: true }),
    ]) {
      const { bytes, problems } = await downloaded(answer);
      expect(bytes.equals(blob)).toBe(true);
      expect(problems).toEqual([]);
    }
  });

  it('gives the same bytes for any breaks and any manners', async () => {
    const manners = fc.record({
      breaks: fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 12 }),
      ignoresRange: fc.boolean(),
      chunked: fc.boolean(),
      length: fc.integer({ min: 0, max: 5000 }),
      isSaid: fc.boolean(),
    });
    const http = client();
    await fc.assert(
      fc.asyncProperty(manners, async ({ breaks, length, isSaid, chunked, ignoresRange }) => {
        const bytes = blob.subarray(0, length);
        // What is said nowhere cannot be missed.
        const isKnown = isSaid || !chunked;
        // Without ranges, only a longer answer brings something new.
        const cuts = (ignoresRange ? [...breaks].sort((a, b) => a - b) : breaks).concat(Infinity);
        const given = await downloaded(
          serveBlob(bytes, { breaks: isKnown ? cuts : [], chunked, ignoresRange }),
          isSaid ? length : 'nothing',
          http,
        );
        expect(given.problems).toEqual([]);
        expect(given.bytes.equals(bytes)).toBe(true);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('ends with a problem when no attempt brings a further byte', async () => {
    const { bytes, problems, asked } = await downloaded((request, response) =>
      request.headers.range === undefined ? serveBlob(blob, { breaks: [1000] })(request, response) : response.destroy(),
    );
    expect(bytes.equals(blob.subarray(0, bytes.length))).toBe(true);
    expect(problems).toEqual([
      {
        reason: 'truncated',
        detail: `broke off after ${bytes.length} bytes: the registry does not answer (the connection broke)`,
        bytes: blob.length - bytes.length,
      },
    ]);
    expect(asked).toHaveLength(1 + pace.attempts);
  });

  it('never takes bytes of another place', async () => {
    const wrong: Answer = (request, response) => {
      if (request.headers.range === undefined) return serveBlob(blob, { breaks: [1000] })(request, response);
      return response
        .writeHead(206, { 'content-range': `bytes 99000-99999/${blob.length}` })
        .end(blob.subarray(99_000));
    };
    const { bytes, problems } = await downloaded(wrong);
    expect(bytes.equals(blob.subarray(0, bytes.length))).toBe(true);
    expect(problems).toMatchObject([{ reason: 'truncated' }]);
  });

  it('ends where it should, and says so, when the server gives more', async () => {
    const { bytes, problems } = await downloaded(serveBlob(blob), 99_000);
    expect(bytes.equals(blob.subarray(0, 99_000))).toBe(true);
    expect(problems).toMatchObject([{ reason: 'unread-rest' }]);
  });

  it('is as short as the server says it is', async () => {
    const { bytes, problems } = await downloaded(serveBlob(blob.subarray(0, 5000)), 99_000);
    expect(bytes.length).toBe(5000);
    expect(problems).toEqual([]);
  });

  it('asks for a new address when one has expired, also in the middle', async () => {
    let signature = 0;
    const server = await serve((request, response) => {
      const own = new URL(request.url ?? '', 'http://x').searchParams.get('sig');
      if (own !== String(signature)) return response.writeHead(403).end('<Error>AccessDenied</Error>');
      const isFirst = request.headers.range === undefined;
      signature += isFirst ? 1 : 0;
      return serveBlob(blob, isFirst ? { breaks: [20_000] } : {})(request, response);
    });
    let addresses = 0;
    const { bytes, problems } = await download(() => {
      addresses += 1;
      // The second is old when it is used.
      return Promise.resolve(new URL(`${server.origin}/?sig=${addresses === 2 ? 0 : signature}`));
    });
    expect([problems, addresses]).toEqual([[], 3]);
    expect(bytes.equals(blob)).toBe(true);
  });

  it('waits no longer than it may for the next byte', async () => {
    const http = client({ idleMs: 50 });
    const { problems } = await downloaded((_, response) => response.write('x'), 10, http);
    expect(problems).toMatchObject([
      {
        reason: 'truncated',
        detail: 'broke off after 1 bytes: the registry does not answer (no further byte in time)',
      },
    ]);
  });

  it('is interrupted when the client is closed', async () => {
    const http = client();
    const { problems } = await downloaded(
      (_, response) => {
        response.write('x');
        setTimeout(() => void http.close(), 20);
      },
      10,
      http,
    );
    expect(problems).toMatchObject([{ reason: 'interrupted' }]);
  });
});
