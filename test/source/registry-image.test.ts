import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/finding.ts';
import type { LayerCompression } from '../support/layer-builder.ts';
import type { ImageSpec } from '../support/image-builder.ts';
import { buildImages } from '../support/image-builder.ts';
import type { LayoutFiles } from '../support/image-layouts.ts';
import { archiveOf, ociLayout, skopeoDockerArchive, writeLayout } from '../support/image-layouts.ts';
import { patient, patients } from '../support/patients.ts';
import { missing, run } from '../support/programs.ts';
import type { RegistryServer } from '../support/registry-server.ts';
import { registryMissing, startRegistry } from '../support/registry-server.ts';
import { inFolder, scan } from '../support/scans.ts';

const skipped = registryMissing();
const [one, two] = patients(2, 20);
const rows = patients(3, 10).map(({ mrn, family, given, dob }) => [mrn, family, given, dob].join(','));
const config = { Env: [`PATIENT_MRN=${patient(1).mrn}`] };

function spec(platform: string, compression: LayerCompression): ImageSpec {
  const table = `mrn,last_name,first_name,dob\n${rows.join('\n')}\n`;
  return {
    names: ['clinic:1'],
    platform,
    config,
    layers: [
      { entries: [{ path: 'srv/app.ini', content: `[patient]\n  ssn = ${String(one?.ssn)}\n` }], compression },
      { entries: [{ path: `srv/${platform.replace('/', '-')}.csv`, content: table }], compression },
      { entries: [{ path: 'srv/app.ini', whiteout: true }], compression },
    ],
  };
}

/** Without what differs between media. */
function findingsOf({ findings }: Report): readonly string[] {
  const plain = ({ location: { target, ...location }, ...finding }: Finding): object => ({
    ...finding,
    location: { ...location, target: /@sha256:.*/.exec(target)?.[0] ?? '' },
  });
  return findings.map((finding) => JSON.stringify(plain(finding))).sort();
}

describe.skipIf(skipped !== undefined)(`registry:${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let server: RegistryServer;
  beforeAll(async () => {
    server = await startRegistry();
  }, 60_000);
  afterAll(async () => {
    await server.stop();
  });

  async function scanned(reference: string, platform?: string): Promise<Report> {
    return await scan([`registry:${server.host}/${reference}`], {
      insecure: true,
      ...(platform && { platforms: [platform] }),
    });
  }

  async function both(
    specs: readonly ImageSpec[],
    name: string,
  ): Promise<{ readonly registry: Report; readonly archive: Report; readonly files: LayoutFiles }> {
    const files = ociLayout(await buildImages(specs));
    return await inFolder(async (folder) => {
      await writeLayout(files, join(folder, 'layout'));
      server.push(`oci:${folder}/layout:clinic:1`, name, '--preserve-digests');
      await writeFile(join(folder, 'image.tar'), await archiveOf(files));
      const archive = await scan([`oci-archive:${folder}/image.tar`]);
      return { registry: await scanned(name), archive, files };
    });
  }

  it.each(['gzip', 'zstd', 'estargz', 'zstd:chunked'] as const)(
    'finds in an image with %s what an archive of it shows',
    async (compression) => {
      const { registry, archive } = await both(
        [spec('linux/amd64', compression)],
        `one-${compression.replace(':', '-')}:1`,
      );
      expect(findingsOf(registry).length).toBeGreaterThan(2);
      expect(findingsOf(registry)).toEqual(findingsOf(archive));
      expect(registry.coverage).toMatchObject({ complete: true, gaps: [] });
      expect(registry.targets[0]).toMatchObject({
        reference: expect.stringMatching(/^registry:127\.0\.0\.1:\d+\/one-[a-z-]+:1$/) as string,
        digest: archive.targets[0]?.digest,
        platform: 'linux/amd64',
        layers: archive.targets[0]?.layers,
      });
    },
  );

  it('finds in all platforms of an index what an archive shows, each layer asked for once', async () => {
    const specs = ['linux/amd64', 'linux/arm64', 'linux/arm/v7'].map((platform) => spec(platform, 'gzip'));
    const before = server.requests().length;
    const { registry, archive } = await both(specs, 'many:1');
    expect(findingsOf(registry)).toEqual(findingsOf(archive));
    expect(registry.targets.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64', 'linux/arm/v7']);
    expect(registry.coverage.complete).toBe(true);
    const blobs = server
      .requests()
      .slice(before)
      .filter((request) => /^GET .*\/blobs\//.test(request));
    expect(new Set(blobs).size).toBe(blobs.length);
    expect(blobs.length).toBe(3 + 2 + 3);

    const arm = await scanned('many:1', 'linux/arm64');
    expect(arm.targets).toMatchObject([{ platform: 'linux/arm64', absentPlatforms: ['linux/amd64', 'linux/arm/v7'] }]);
    expect(arm.coverage.complete).toBe(true);
    await expect(scanned('many:1', 'linux/s390x')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(
        'has no image for linux/s390x: it has linux/amd64, linux/arm/v7, linux/arm64',
      ) as string,
    });
  });

  it.skipIf(missing('podman') !== undefined)(
    'finds in what podman pushes what the archive that it loaded shows',
    async () => {
      const [image] = await buildImages([spec('linux/amd64', 'gzip')]);
      await inFolder(async (folder) => {
        const file = join(folder, 'image.tar');
        await writeFile(file, await archiveOf(skopeoDockerArchive(image === undefined ? [] : [image])));
        const storage = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver', 'vfs'];
        run('podman', [...storage, 'load', '--quiet', '--input', file]);
        run('podman', [...storage, 'push', '--tls-verify=false', 'clinic:1', `${server.host}/podman:1`]);
        const [pushed, loaded] = [await scanned('podman:1'), await scan([`docker-archive:${file}`])];
        const places = ({ findings }: Report): readonly string[] =>
          findings
            .map(({ detector, count, location: { path, pointer } }) =>
              JSON.stringify([detector, count, pointer ?? path]),
            )
            .sort();
        expect(places(pushed)).toEqual(places(loaded));
        expect(pushed.coverage.complete).toBe(true);
      });
    },
  );

  it('takes a digest, and names the image by it', async () => {
    const [image] = await buildImages([spec('linux/amd64', 'gzip')]);
    const digest = await server.pushLayout(ociLayout(image === undefined ? [] : [image]), 'by-digest:1');
    const report = await scanned(`by-digest@${digest}`);
    expect(report.targets.map(({ reference }) => reference)).toEqual([`registry:${server.host}/by-digest@${digest}`]);
    expect(report.targets[0]?.digest).toBe(digest);
    expect((await scanned(`by-digest:other@${digest}`)).targets[0]?.digest).toBe(digest);
  });

  it('reads what is about the image, by the index that stands in for a list of referrers and by the tags of cosign', async () => {
    const [image, arm] = await buildImages(['linux/amd64', 'linux/arm64'].map((platform) => spec(platform, 'gzip')));
    const files = ociLayout([image, arm].filter((built) => built !== undefined));
    const digest = await server.pushLayout(files, 'signed:1');
    const oci = 'application/vnd.oci.image.manifest.v1+json';
    const statement = Buffer.from(
      JSON.stringify({
        _type: 'https://in-toto.io/Statement/v1',
        predicate: { note: `patient ssn: ${String(two?.ssn)}` },
      }),
    );
    const empty = {
      mediaType: 'application/vnd.oci.empty.v1+json',
      digest: await server.pushBlob('signed', Buffer.from('{}')),
      size: 2,
    };
    const layerOf = async (bytes: Buffer, mediaType: string): Promise<object> => ({
      mediaType,
      size: bytes.length,
      digest: await server.pushBlob('signed', bytes),
    });
    const referrer = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: oci,
        artifactType: 'application/vnd.in-toto+json',
        config: empty,
        layers: [await layerOf(statement, 'application/vnd.in-toto+json')],
        subject: { mediaType: 'application/vnd.oci.image.index.v1+json', digest, size: 1 },
        annotations: { 'org.example.mrn': `mrn ${String(two?.mrn)}` },
      }),
    );
    const referrerDigest = await server.pushManifest('signed', referrer, oci);
    const list = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.index.v1+json',
        manifests: [{ mediaType: oci, digest: referrerDigest, size: referrer.length }],
      }),
    );
    await server.pushManifest('signed', list, 'application/vnd.oci.image.index.v1+json', digest.replace(':', '-'));
    const payload = Buffer.from(
      JSON.stringify({ critical: { identity: {} }, optional: { subject: `ssn: ${String(one?.ssn)}` } }),
    );
    const signature = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: oci,
        config: empty,
        layers: [await layerOf(payload, 'application/vnd.dev.cosign.simplesigning.v1+json')],
      }),
    );
    await server.pushManifest('signed', signature, oci, `${digest.replace(':', '-')}.sig`);

    const report = await scanned('signed:1');
    expect(report.targets.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
    expect(report.coverage).toMatchObject({ complete: true, gaps: [] });
    const about = report.findings.filter(({ location }) => location.kind === 'manifest');
    // Of an index, it is about each of its images.
    const places = about.map(({ detector, location: { target, pointer } }) => [
      detector,
      target.replace(/.*@/, '').slice(0, 12),
      pointer,
    ]);
    for (const expected of [
      ['ssn', 'predicate.note'],
      ['mrn', 'annotations["org.example.mrn"]'],
      ['ssn', 'optional.subject'],
    ]) {
      const of = places.filter(([detector, , pointer]) => detector === expected[0] && pointer === expected[1]);
      expect([expected, of.length]).toEqual([expected, 2]);
    }
    expect(report.findings.every(({ location }) => location.visibility !== 'unreferenced')).toBe(true);
  });
});
