import { afterEach, describe, expect, it } from 'vitest';
import { DistributionListing } from '../../src/registry/distribution-listing.ts';
import { DistributionRegistry } from '../../src/registry/distribution.ts';
import type { Answer } from '../support/bad-registry.ts';
import { startLoopback } from '../support/bad-registry.ts';
import { buildImage } from '../support/image-builder.ts';
import { ociLayout } from '../support/image-layouts.ts';
import { registryMissing, startRegistry } from '../support/registry-server.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function listingOf(host: string, user?: { readonly name: string; readonly password: string }): DistributionListing {
  const credentials = { credentials: () => Promise.resolve({ ...(user && { user }) }) };
  const registry = new DistributionRegistry(host, {
    insecure: true,
    pace: { attempts: 2, backoffMs: 1 },
    ...credentials,
  });
  ends.push(() => registry.close());
  return new DistributionListing(registry);
}

async function served(answer: Answer): Promise<DistributionListing> {
  const server = await startLoopback(answer);
  ends.push(server.stop);
  return listingOf(server.host);
}

async function all<Each>(values: AsyncIterable<Each>): Promise<readonly Each[]> {
  const found: Each[] = [];
  for await (const value of values) found.push(value);
  return found;
}

const skipped = registryMissing();

describe.skipIf(skipped !== undefined)(`the list of a registry${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  it.each([false, true])('has its repositories, and each image once with all its tags (password: %s)', async (auth) => {
    const server = await startRegistry({ auth });
    ends.push(server.stop);
    const [one, two] = await Promise.all(
      ['1', '2'].map((content) => buildImage({ layers: [{ entries: [{ path: 'a', content }] }] })),
    );
    if (one === undefined || two === undefined) throw new Error('no images');
    const first = await server.pushLayout(ociLayout([one]), 'team/app:1');
    await server.pushLayout(ociLayout([one]), 'team/app:latest');
    const second = await server.pushLayout(ociLayout([two]), 'team/app:2');
    await server.pushLayout(ociLayout([two]), 'other:x');
    const listing = listingOf(server.host, server.user);
    expect(await all(listing.repositories())).toEqual([{ name: 'other' }, { name: 'team/app' }]);
    const images = await all(listing.images('team/app'));
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    expect(
      images
        .map(({ tags, ...image }) => ({ ...image, tags: [...tags].sort() }))
        .sort((a, b) => a.tags.length - b.tags.length),
    ).toEqual([
      { repository: 'team/app', digest: second, mediaType, state: 'active', tags: ['2'] },
      { repository: 'team/app', digest: first, mediaType, state: 'active', tags: ['1', 'latest'] },
    ]);
    expect(await all(listing.images('nothing'))).toEqual([]);
    expect(await all(listing.texts())).toEqual([]);
    expect(listing.gaps).toEqual([]);
  });
});

describe('a list in pages', () => {
  const page =
    (key: string, names: readonly unknown[], next?: string): Answer =>
    (_, response) => {
      if (next !== undefined) response.setHeader('link', `<${next}>; rel="next"`);
      return response.end(JSON.stringify({ [key]: names }));
    };

  it('is followed to its end; a name that none can have is a gap', async () => {
    const listing = await served((request, response) =>
      page(
        'repositories',
        request.url?.includes('last') === true ? ['c'] : ['a', '../b', 7],
        request.url?.includes('last') === true ? undefined : '/v2/_catalog?last=b&n=1000',
      )(request, response),
    );
    expect(await all(listing.repositories())).toEqual([{ name: 'a' }, { name: 'c' }]);
    expect(listing.gaps).toMatchObject([
      { reason: 'unsupported', path: '' },
      { reason: 'unsupported', path: '' },
    ]);
  });

  it.each([
    ['comes back to an earlier page', '/v2/_catalog?n=1000'],
    ['goes on at another server', 'https://elsewhere.example/v2/_catalog'],
  ])('that %s is a gap', async (_, next) => {
    const listing = await served(page('repositories', ['a'], next));
    expect(await all(listing.repositories())).toEqual([{ name: 'a' }]);
    expect(listing.gaps).toMatchObject([
      { reason: 'unreadable', detail: expect.stringContaining('GET _catalog: ') as string },
    ]);
  });

  it('that is refused is an error; a gap for one repository', async () => {
    const refusing = await served((_, response) => response.writeHead(403).end('words'));
    await expect(all(refusing.repositories())).rejects.toMatchObject({ code: 'denied' });
    expect(await all(refusing.images('app'))).toEqual([]);
    expect(refusing.gaps).toMatchObject([
      {
        reason: 'unreadable',
        path: 'app',
        detail: expect.stringMatching(/^GET tags\/list: .*\(HTTP 403\)$/) as string,
      },
    ]);
    const without = await served((_, response) => response.writeHead(404).end('words'));
    await expect(all(without.repositories())).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('give --repository') as string,
    });
  });

  it('names a tag that cannot be looked at, and takes the digest from the bytes where the registry does not say it', async () => {
    const listing = await served((request, response) => {
      if (request.url?.includes('tags/list') === true) return response.end('{"tags": ["1", "broken", "gone"]}');
      if (request.url?.endsWith('broken') === true) return response.writeHead(500).end();
      if (request.url?.endsWith('gone') === true) return response.writeHead(404).end();
      return response.end(request.method === 'HEAD' ? undefined : '{}');
    });
    expect(await all(listing.images('app'))).toMatchObject([
      { digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', tags: ['1'] },
    ]);
    expect(listing.gaps).toMatchObject([{ reason: 'unreadable', path: 'app:broken' }]);
  });
});
