import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/finding.ts';
import type { Answer, LoopbackServer } from '../support/bad-registry.ts';
import { startLoopback } from '../support/bad-registry.ts';
import { buildImage, ociTypes } from '../support/image-builder.ts';
import { ociLayout } from '../support/image-layouts.ts';
import { buildTar } from '../support/layer-builder.ts';
import type { StoredContent } from '../support/memory-registry.ts';
import { contentOf, memoryRegistry, store } from '../support/memory-registry.ts';
import { patient } from '../support/patients.ts';
import { scan } from '../support/scans.ts';

const one = patient(31);
const two = patient(32);
const servers: LoopbackServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function served(answer: Answer): Promise<LoopbackServer> {
  const server = await startLoopback(answer);
  servers.push(server);
  return server;
}

async function scanned(content: StoredContent, reference = 'app:1', platform?: string): Promise<Report> {
  const server = await served(memoryRegistry(content));
  return await scan([`registry:${server.host}/${reference}`], {
    insecure: true,
    ...(platform && { platforms: [platform] }),
  });
}

function empty(): StoredContent {
  return { blobs: new Map(), manifests: new Map() };
}

async function layer(path: string, text: string): Promise<Buffer> {
  return gzipSync(await buildTar([{ path, content: text }]));
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function descriptor(content: StoredContent, bytes: Buffer, mediaType: string): Readonly<Record<string, unknown>> {
  return { mediaType, digest: store(content, bytes), size: bytes.length };
}

const gapsOf = ({ coverage }: Report): readonly unknown[] => coverage.gaps.map(({ reason }) => reason);
const placesOf = ({ findings }: Report): readonly unknown[] =>
  findings.map(({ detector, location: { layer: of, path, pointer } }) => [
    detector,
    of === undefined ? (pointer ?? path) : path,
  ]);

describe('what a registry holds', () => {
  it('a signed manifest of schema 1, each layer with what made it', async () => {
    const content = empty();
    const [base, top] = [await layer('a.ini', `ssn = ${one.ssn}\n`), await layer('b.txt', 'nothing')];
    const [baseDigest, topDigest] = [store(content, base), store(content, top)];
    const v1 = (command: string): { v1Compatibility: string } => ({
      v1Compatibility: JSON.stringify({
        id: 'a'.repeat(64),
        os: 'linux',
        container_config: { Cmd: ['/bin/sh', '-c', command] },
      }),
    });
    const payload = JSON.stringify(
      {
        schemaVersion: 1,
        name: 'app',
        tag: '1',
        architecture: 'amd64',
        fsLayers: [{ blobSum: topDigest }, { blobSum: baseDigest }],
        history: [v1(`#(nop) LABEL patient_mrn=${two.mrn}`), v1('#(nop) COPY a.ini /')],
      },
      null,
      3,
    );
    const head = payload.slice(0, -2);
    const protectedHeader = { formatLength: head.length, formatTail: Buffer.from('\n}').toString('base64url') };
    const signatures = [{ protected: Buffer.from(JSON.stringify(protectedHeader)).toString('base64url') }];
    const signed = Buffer.from(`${head},\n   "signatures": ${JSON.stringify(signatures)}\n}`);
    const digest = `sha256:${createHash('sha256').update(payload).digest('hex')}`;
    content.manifests.set(digest, {
      bytes: signed,
      mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
    });

    const report = await scanned(content, `app@${digest}`);
    expect(gapsOf(report)).toEqual([]);
    expect(report.targets).toMatchObject([
      {
        digest,
        platform: 'linux/amd64',
        layers: [{ digest: baseDigest, createdBy: 'COPY a.ini /' }, { digest: topDigest }],
      },
    ]);
    expect(placesOf(report)).toContainEqual(['ssn', 'a.ini']);
    expect(report.findings.some(({ detector, location }) => detector === 'mrn' && location.kind === 'manifest')).toBe(
      true,
    );
  });

  it("buildkit's cache, an index of layers", async () => {
    const content = empty();
    const cached = descriptor(content, await layer('root/seed.ini', `ssn = ${one.ssn}\n`), `${ociTypes.layer}+gzip`);
    const config = descriptor(
      content,
      json({ layers: [{ blob: cached['digest'] }], records: [{ digest: 'x' }] }),
      ociTypes.cacheConfig,
    );
    // Neither is a manifest: a registry would not give them as one.
    const index = json({ schemaVersion: 2, mediaType: ociTypes.index, manifests: [cached, config] });
    const digest = store(content, index, 'cache');
    const report = await scanned(content, 'app:cache');
    expect(gapsOf(report)).toEqual([]);
    expect(report.targets).toMatchObject([{ digest, layers: [{ digest: cached['digest'] }] }]);
    expect(report.findings).toMatchObject([
      { detector: 'ssn', location: { path: 'root/seed.ini', visibility: 'visible' } },
    ]);
  });

  it("buildkit's cache, as a manifest", async () => {
    const content = empty();
    const layers = [descriptor(content, await layer('root/seed.ini', `ssn = ${one.ssn}\n`), `${ociTypes.layer}+gzip`)];
    const config = descriptor(content, json({ layers: [] }), ociTypes.cacheConfig);
    store(content, json({ schemaVersion: 2, mediaType: ociTypes.manifest, config, layers }), 'cache');
    const report = await scanned(content, 'app:cache');
    expect(gapsOf(report)).toEqual([]);
    expect(report.findings).toMatchObject([{ detector: 'ssn', location: { path: 'root/seed.ini' } }]);
  });

  it('a Helm chart', async () => {
    const content = empty();
    const config = descriptor(
      content,
      json({ name: 'clinic', description: `patient ssn: ${two.ssn}` }),
      'application/vnd.cncf.helm.config.v1+json',
    );
    const chart = await layer('clinic/values.yaml', `patient:\n  ssn: ${one.ssn}\n`);
    const layers = [descriptor(content, chart, 'application/vnd.cncf.helm.chart.content.v1.tar+gzip')];
    store(content, json({ schemaVersion: 2, mediaType: ociTypes.manifest, config, layers }), '1');
    const report = await scanned(content);
    expect(gapsOf(report)).toEqual([]);
    expect(placesOf(report)).toEqual(
      expect.arrayContaining([
        ['ssn', 'clinic/values.yaml'],
        ['ssn', 'description'],
      ]),
    );
  });

  it('an artifact manifest of the drafts, and what is about it by the list of referrers', async () => {
    const content = { ...empty(), referrers: new Map<string, readonly object[]>() };
    const mediaType = 'application/vnd.oci.artifact.manifest.v1+json';
    const blobs = [descriptor(content, Buffer.from(`patient ssn: ${one.ssn}\n`), 'text/plain')];
    const digest = store(content, json({ mediaType, artifactType: 'text/plain', blobs }), '1');
    const subject = { mediaType, digest, size: 1 };
    const sbom = descriptor(
      content,
      json({ spdxVersion: 'SPDX-2.3', comment: `patient mrn: ${two.mrn}` }),
      'application/spdx+json',
    );
    const about = json({ mediaType, artifactType: 'application/spdx+json', blobs: [sbom], subject });
    content.referrers.set(digest, [
      { ...descriptor(content, about, mediaType), annotations: { note: `ssn: ${two.ssn}` } },
    ]);
    const report = await scanned(content);
    expect(gapsOf(report)).toEqual([]);
    expect(report.targets).toMatchObject([{ digest }]);
    expect(placesOf(report)).toEqual(
      expect.arrayContaining([
        ['ssn', `blobs/${String(blobs[0]?.['digest']).replace(':', '/')}`],
        ['mrn', 'comment'],
        ['ssn', 'manifests[1].annotations.note'],
      ]),
    );
  });

  it('content that stands in its own descriptor, which nobody asks for', async () => {
    const content = empty();
    const config = json({
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [] },
      config: { Labels: { ssn: one.ssn } },
    });
    const inline = { ...descriptor(content, config, ociTypes.config), data: config.toString('base64') };
    const wrong = {
      ...descriptor(content, Buffer.from('x'), 'text/plain'),
      data: Buffer.from('another').toString('base64'),
    };
    content.blobs.delete(`sha256:${createHash('sha256').update(config).digest('hex')}`);
    store(content, json({ schemaVersion: 2, mediaType: ociTypes.manifest, config: inline, layers: [] }), '1');
    const report = await scanned(content);
    expect(gapsOf(report)).toEqual([]);
    expect(placesOf(report)).toContainEqual(['ssn', 'config.Labels.ssn']);
    store(content, json({ schemaVersion: 2, mediaType: ociTypes.manifest, config: inline, layers: [wrong] }), '2');
    expect(gapsOf(await scanned(content, 'app:2'))).toContain('digest-mismatch');
  });

  it('a foreign layer, of which only the address is there: a gap, and the address is not asked', async () => {
    const away = await served((_, response) => response.end());
    const content = empty();
    const config = descriptor(
      content,
      json({ architecture: 'amd64', os: 'windows', rootfs: { diff_ids: ['x'] } }),
      ociTypes.config,
    );
    const digest = `sha256:${'f'.repeat(64)}`;
    const layers = [{ mediaType: ociTypes.foreignLayer, digest, size: 100, urls: [`${away.origin}/layer`] }];
    store(content, json({ schemaVersion: 2, mediaType: ociTypes.manifest, config, layers }), '1');
    const report = await scanned(content);
    expect(report.coverage.gaps).toMatchObject([
      { reason: 'foreign-layer', location: { layer: { index: 0, digest } } },
    ]);
    expect(report.targets[0]?.layers).toMatchObject([{ digest, bytes: 0 }]);
    expect(away.requests).toEqual([]);
  });
});

describe('what a registry does not give as it should', () => {
  async function content(): Promise<StoredContent> {
    return contentOf(
      ociLayout([await buildImage({ layers: [{ entries: [{ path: 'a.ini', content: `ssn = ${one.ssn}\n` }] }] })]),
      '1',
    );
  }
  /** The gzipped layer's. */
  function layerOf({ blobs }: StoredContent): string {
    return [...blobs].find(([, bytes]) => bytes[0] === 0x1f)?.[0] ?? '';
  }

  it('a layer that is not there is one gap, with the layer that it is', async () => {
    const stored = await content();
    const digest = layerOf(stored);
    stored.blobs.delete(digest);
    const { coverage } = await scanned(stored);
    expect(coverage.gaps).toMatchObject([{ reason: 'missing-blob', location: { layer: { index: 0, digest } } }]);
    expect(coverage.gaps).toHaveLength(1);
  });

  it('a layer with other bytes is scanned, and a gap', async () => {
    const stored = await content();
    const other = await layer('b.ini', `ssn = ${two.ssn}\n`);
    stored.blobs.set(layerOf(stored), other);
    const report = await scanned(stored);
    expect(gapsOf(report)).toContain('digest-mismatch');
    expect(placesOf(report)).toContainEqual(['ssn', 'b.ini']);
  });

  it('a manifest with another digest than was asked for is scanned, and a gap', async () => {
    const stored = await content();
    const asked = `sha256:${'e'.repeat(64)}`;
    const given = stored.manifests.get('1');
    if (given !== undefined) stored.manifests.set(asked, given);
    const report = await scanned(stored, `app@${asked}`);
    expect(gapsOf(report)).toEqual(['digest-mismatch']);
    expect(placesOf(report)).toEqual([['ssn', 'a.ini']]);
    expect(report.targets[0]?.digest).toBe(asked);
  });

  it('one platform that is not there is a gap, the others are scanned', async () => {
    const stored = await content();
    const given = stored.manifests.get('1')?.bytes ?? Buffer.of();
    const there = {
      mediaType: ociTypes.manifest,
      digest: `sha256:${createHash('sha256').update(given).digest('hex')}`,
      size: given.length,
      platform: { os: 'linux', architecture: 'amd64' },
    };
    const absent = { ...there, digest: `sha256:${'d'.repeat(64)}`, platform: { os: 'linux', architecture: 'arm64' } };
    store(stored, json({ schemaVersion: 2, mediaType: ociTypes.index, manifests: [there, absent] }), '2');
    const report = await scanned(stored, 'app:2');
    expect(report.coverage.gaps).toMatchObject([
      { reason: 'missing-blob', location: { path: `blobs/sha256/${'d'.repeat(64)}` } },
    ]);
    expect(placesOf(report)).toEqual([['ssn', 'a.ini']]);
    expect(gapsOf(await scanned(stored, 'app:2', 'linux/amd64'))).toEqual([]);
  });

  it('an index that contains itself, and more depth than there may be, come to an end', async () => {
    const stored = await content();
    let below = stored.manifests.get('1')?.bytes ?? Buffer.of();
    for (let depth = 0; depth < 12; depth++) {
      below = json({
        schemaVersion: 2,
        mediaType: ociTypes.index,
        manifests: [descriptor(stored, below, ociTypes.index)],
      });
    }
    store(stored, below, 'deep');
    expect(gapsOf(await scanned(stored, 'app:deep'))).toContain('entry-limit');
    const own = `sha256:${'c'.repeat(64)}`;
    const circle = json({
      schemaVersion: 2,
      mediaType: ociTypes.index,
      manifests: [{ mediaType: ociTypes.index, digest: own, size: 1 }],
    });
    stored.manifests.set(own, { bytes: circle, mediaType: ociTypes.index });
    expect(gapsOf(await scanned(stored, `app@${own}`)).length).toBeGreaterThan(0);
  });

  it.each([
    ['a page', '<html>words</html>'],
    ['JSON that is no manifest', '{"errors": []}'],
    ['nothing', ''],
  ])('%s instead of a manifest is no image', async (_, text) => {
    const stored = empty();
    stored.manifests.set('1', { bytes: Buffer.from(text), mediaType: 'text/html' });
    await expect(scanned(stored)).rejects.toMatchObject({ code: 'not-an-image' });
  });

  it('referrers that may not be listed are a gap, the image is scanned', async () => {
    const stored = await content();
    const answer = memoryRegistry(stored);
    const server = await served((request, response) =>
      request.url?.includes('/referrers/') === true ? response.writeHead(403).end() : answer(request, response),
    );
    const report = await scan([`registry:${server.host}/app:1`], { insecure: true });
    expect(gapsOf(report)).toEqual(['unreadable']);
    expect(placesOf(report)).toEqual([['ssn', 'a.ini']]);
  });
});
