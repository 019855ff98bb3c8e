import { beforeAll, describe, expect, it } from 'vitest';
import type { Assembly, AssembleOptions } from '../../src/image/assemble.ts';
import { assembleImages } from '../../src/image/assemble.ts';
import type { SourceBlob } from '../../src/image/blob.ts';
import type { BuiltImage, ImageSpec } from '../support/image-builder.ts';
import { buildImage, buildImages, jsonBytes, manifestBytes, ociTypes } from '../support/image-builder.ts';
import {
  blobPath,
  containerdStore,
  crane,
  describe as descriptorOf,
  docker25,
  dockerAncient,
  dockerLegacy,
  indexBytes,
  ociLayout,
  ociLayoutFile,
  skopeoDir,
  skopeoDockerArchive,
} from '../support/image-layouts.ts';
import type { LayoutFiles } from '../support/image-layouts.ts';
import { sha256 } from '../support/layer-builder.ts';
import { sourceBlobs } from '../support/source-blobs.ts';

function assemble(files: LayoutFiles, images: readonly BuiltImage[], options?: Partial<AssembleOptions>): Assembly {
  return assembleImages(sourceBlobs(files, images), { sourceReference: 'archive', ...options });
}

function layer(path: string): ImageSpec['layers'][number] {
  return { entries: [{ path, content: path }] };
}

function useOf(assembly: Assembly, name: string): { role: string; images: readonly number[]; excluded: boolean } {
  for (const [blob, use] of assembly.uses) if (blob.name === name) return use;
  throw new Error('no such blob');
}

function reasons({ gaps }: Assembly): string[] {
  return gaps.map(({ reason }) => reason).sort();
}

/** The layers that an image has are those that were built, in their order. */
function expectLayers(assembly: Assembly, index: number, image: BuiltImage): void {
  const layers = assembly.images[index]?.layers ?? [];
  expect(layers.map(({ diffId }) => diffId)).toEqual(image.layers.map(({ diffId }) => diffId));
  expect(layers.map(({ blob }) => blob?.diffId)).toEqual(layers.map(({ diffId }) => diffId));
  expect(layers.map((at) => at.createdBy)).toEqual(image.layers.map((_, at) => `COPY layer-${String(at)} /`));
}

let app: BuiltImage;
let arm: BuiltImage;
let other: BuiltImage;
beforeAll(async () => {
  [app, arm, other] = (await buildImages([
    { names: ['app:1'], layers: [layer('a'), layer('b'), layer('a')] },
    { names: ['app:1'], platform: 'linux/arm64/v8', layers: [layer('a'), layer('arm')] },
    { names: ['other:2'], layers: [layer('a'), layer('o')] },
  ])) as [BuiltImage, BuiltImage, BuiltImage];
});

describe('every layout gives the same images, whatever the order of its files', () => {
  it.each([
    ['docker before 25: links for equal layers', dockerLegacy],
    ['docker 25', docker25],
    ['docker 25.0.0: manifests without layers', (images: readonly BuiltImage[]) => docker25(images, 'no-layers')],
    ['docker 25.x: an empty index.json', (images: readonly BuiltImage[]) => docker25(images, 'empty-index')],
    ['the containerd store', containerdStore],
    ['an OCI layout', ociLayout],
    ['skopeo docker-archive', skopeoDockerArchive],
    ['crane', crane],
  ])('%s', (_, layout) => {
    const files = layout([app, other]);
    for (const order of [files, files.toReversed()]) {
      const assembly = assemble(order, [app, other]);
      expect(assembly.gaps).toEqual([]);
      expect(assembly.images.map(({ reference }) => reference).sort()).toEqual(['app:1', 'other:2']);
      for (const [index, { reference }] of assembly.images.entries()) {
        expectLayers(assembly, index, reference === 'app:1' ? app : other);
        expect(assembly.images[index]).toMatchObject({ platform: 'linux/amd64', kind: 'image', absentPlatforms: [] });
      }
      const unused = [...assembly.uses].filter(([blob, use]) => use.images.length === 0 && blob.kind === 'layer');
      expect(unused).toEqual([]);
    }
  });

  it('without manifest.json and configurations: the chain of <id>/json', () => {
    const assembly = assemble(dockerAncient([app, other]), [app, other]);
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images.map(({ reference }) => reference).sort()).toEqual(['app:1', 'other:2']);
    const image = assembly.images.find(({ reference }) => reference === 'app:1');
    expect(image?.layers.map(({ diffId }) => diffId)).toEqual(app.layers.map(({ diffId }) => diffId));
    expect(image).toMatchObject({ kind: 'legacy', platform: 'linux/amd64' });
  });

  it("skopeo's dir: manifest.json is the manifest", () => {
    const assembly = assemble(skopeoDir(app), [app]);
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images).toHaveLength(1);
    expect(assembly.images[0]).toMatchObject({ reference: 'archive', digest: sha256(manifestBytes(app, false)) });
    expectLayers(assembly, 0, app);
  });
});

describe('platforms', () => {
  it('all that the source holds, each with its own layers, under references that differ', () => {
    const assembly = assemble(containerdStore([app, arm]), [app, arm]);
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64/v8']);
    expect(assembly.images.map(({ digest, reference }) => reference === `app:1@${digest}`)).toEqual([true, true]);
    expectLayers(assembly, 1, arm);
    expect(assembly.availablePlatforms).toEqual(['linux/amd64', 'linux/arm64/v8']);
  });

  it.each(['linux/arm64', 'linux/arm64/v8', 'aarch64', 'linux/aarch64', 'LINUX/ARM64'])(
    '%s is the wanted one',
    (platform) => {
      const assembly = assemble(ociLayout([app, arm]), [app, arm], { platform });
      expect(assembly.images.map((image) => image.platform)).toEqual(['linux/arm64/v8']);
      expect(useOf(assembly, blobPath(app.configDigest))).toEqual({ role: 'config', images: [], excluded: true });
      expect(useOf(assembly, blobPath(arm.layers[0]?.digest ?? ''))).toEqual({
        role: 'layer',
        images: [0],
        excluded: false,
      });
    },
  );

  it('one that the source does not know: no image, no gap, and what there is', () => {
    const assembly = assemble(ociLayout([app, arm]), [app, arm], { platform: 'linux/s390x' });
    expect(assembly).toMatchObject({ images: [], gaps: [], availablePlatforms: ['linux/amd64', 'linux/arm64/v8'] });
  });

  it.each([
    ['manifest', undefined, [], ['linux/arm64/v8']],
    ['content', undefined, [], ['linux/arm64/v8']],
    ['manifest', 'linux/amd64', [], ['linux/arm64/v8']],
    ['manifest', 'linux/arm64', ['missing-blob'], []],
    // The layer that both platforms have is there.
    ['content', 'linux/arm64', ['missing-blob', 'missing-blob'], []],
  ] as const)('Docker 29 saved only one: absent %s, wanted %s', async (absent, platform, gaps, absentPlatforms) => {
    const partial = await buildImage({ ...arm.spec, absent });
    const assembly = assemble(containerdStore([app, partial]), [app, partial], { platform });
    expect(reasons(assembly)).toEqual(gaps);
    expect(assembly.absentPlatforms).toEqual(absentPlatforms);
    if (platform !== 'linux/arm64')
      expect(assembly.images.map((image) => image.absentPlatforms)).toEqual([absentPlatforms]);
  });

  it.each(['manifest', 'content'] as const)('the only one has no %s (moby#49473): a gap', async (absent) => {
    const images = await buildImages([{ ...app.spec, absent }]);
    const assembly = assemble(containerdStore(images), images);
    expect(new Set(reasons(assembly))).toEqual(new Set(['missing-blob']));
    expect(assembly.absentPlatforms).toEqual([]);
  });

  it('a wrong one is a usage error', () => {
    expect(() => assemble([], [], { platform: 'a/b/c/d' })).toThrow(
      expect.objectContaining({ code: 'usage' }) as Error,
    );
  });
});

describe('attestations', () => {
  const statement = { _type: 'https://in-toto.io/Statement/v0.1', predicateType: 'https://slsa.dev/provenance/v0.2' };
  const sbom = { ...statement, predicateType: 'https://spdx.dev/Document' };

  it('belong to the image that they are about', async () => {
    const images = await buildImages([
      { ...app.spec, attestations: [statement, sbom] },
      { ...arm.spec, attestations: [{ ...statement, predicate: 'arm' }] },
    ]);
    const assembly = assemble(containerdStore(images), images);
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64/v8']);
    expect(assembly.images.map(({ attestations }) => attestations.map(({ json }) => json))).toEqual([
      [statement, sbom],
      [{ ...statement, predicate: 'arm' }],
    ]);
    expect(useOf(assembly, blobPath(sha256(jsonBytes(sbom))))).toMatchObject({ role: 'sbom', images: [0] });
    expect(useOf(assembly, blobPath(sha256(jsonBytes(statement))))).toMatchObject({ role: 'attestation', images: [0] });
    expect([...assembly.uses.values()].filter(({ images: users }) => users.length === 0)).toEqual([]);
  });

  it('that were not pulled are named, and are no gap', async () => {
    const [image] = await buildImages([{ ...app.spec, attestations: [statement] }]);
    if (image === undefined) throw new Error('one image');
    const files = ociLayout([image]);
    const whole = assemble(files, [image]);
    const names = new Set([...whole.uses].filter(([, { role }]) => role === 'attestation').map(([{ name }]) => name));
    expect(names.size).toBe(3);
    const assembly = assemble(
      files.filter(({ path }) => !names.has(path)),
      [image],
    );
    expect(assembly).toMatchObject({ gaps: [], absentPlatforms: ['unknown/unknown'] });
  });

  it('of a platform that is left out are left out with it', async () => {
    const images = await buildImages([app.spec, { ...arm.spec, attestations: [statement] }]);
    const assembly = assemble(ociLayout(images), images, { platform: 'linux/amd64' });
    expect(assembly.images).toHaveLength(1);
    expect(useOf(assembly, blobPath(sha256(jsonBytes(statement))))).toMatchObject({ images: [], excluded: true });
  });

  it('a referrer with a subject, and a cosign tag', () => {
    const manifest = manifestBytes(app, false);
    const signature = jsonBytes({ critical: {} });
    const empty = { mediaType: ociTypes.empty, digest: sha256('{}'), size: 2 };
    const type = 'application/vnd.dev.cosign.simplesigning.v1+json';
    const referrer = jsonBytes({
      schemaVersion: 2,
      artifactType: 'application/spdx+json',
      config: empty,
      layers: [descriptorOf(signature, type)],
      subject: descriptorOf(manifest, ociTypes.manifest),
    });
    const signed = jsonBytes({ schemaVersion: 2, config: empty, layers: [descriptorOf(signature, type)] });
    const tag = `sha256-${sha256(manifest).slice(7)}.sig`;
    const index = indexBytes([
      descriptorOf(manifest, ociTypes.manifest),
      descriptorOf(referrer, ociTypes.manifest),
      { ...descriptorOf(signed, ociTypes.manifest), annotations: { 'org.opencontainers.image.ref.name': tag } },
    ]);
    const files = [
      ...ociLayout([app]).filter(({ path }) => path !== 'index.json'),
      { path: 'index.json', content: index },
    ];
    for (const bytes of [referrer, signed, signature]) files.push({ path: blobPath(sha256(bytes)), content: bytes });
    const assembly = assemble(files, [app]);
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images).toHaveLength(1);
    expect(useOf(assembly, blobPath(sha256(signature)))).toMatchObject({ role: 'attestation', images: [0] });
  });
});

describe('what was not read whole is a gap', () => {
  async function gapsOf(change: Partial<ImageSpec>, layout = ociLayout): Promise<string[]> {
    const image = await buildImage({ ...other.spec, ...change });
    return reasons(assemble(layout([image]), [image]));
  }
  const first = layer('a');

  it.each([
    ['a layer that is absent', { layers: [first, { ...layer('b'), absent: true }] }, ['missing-blob']],
    [
      'a foreign layer that stays with its vendor',
      { layers: [{ ...first, absent: true, mediaType: ociTypes.foreignLayer }] },
      ['foreign-layer'],
    ],
    ['a foreign layer that is there', { layers: [{ ...first, mediaType: ociTypes.foreignLayer }] }, []],
    [
      'an encrypted layer',
      { layers: [{ ...first, mediaType: ociTypes.encryptedLayer, stored: Buffer.from('sealed') }] },
      ['encrypted'],
    ],
    ['a layer that is no tar', { layers: [{ ...first, stored: Buffer.from('plain') }] }, ['unsupported']],
    ['a size that is not the blob’s', { layers: [{ ...first, descriptor: { size: 3 } }] }, ['size-mismatch']],
    ['a size of a wrong type', { layers: [{ ...first, descriptor: { size: '3' } }] }, []],
    ['no digest', { layers: [{ ...first, descriptor: { digest: 'sha256:x' } }] }, ['corrupt', 'missing-blob']],
    [
      'other bytes than diff_ids',
      { configuration: { rootfs: { diff_ids: [sha256('x'), sha256('y')] } } },
      ['diffid-mismatch', 'diffid-mismatch'],
    ],
    [
      'fewer diff_ids than layers',
      { configuration: { rootfs: { diff_ids: [sha256('x')] } } },
      ['diffid-mismatch', 'diffid-mismatch'],
    ],
    ['no diff_ids to compare with', { configuration: { rootfs: { diff_ids: [] } } }, []],
    ['a layer that only the configuration names', { layers: [first], manifest: { layers: [] } }, []],
  ] satisfies [string, Partial<ImageSpec>, string[]][])('%s', async (_, change, expected) => {
    expect(await gapsOf(change)).toEqual(expected);
  });

  it('a blob with other content under its digest: it keeps its image, and the gap says so', () => {
    const path = blobPath(app.configDigest);
    const files = ociLayout([app]).map((file) => {
      return file.path === path ? { path, content: `${app.config.toString()} ` } : file;
    });
    const assembly = assemble(files, [app]);
    expect(assembly.gaps.map(({ reason, blobName }) => [reason, blobName])).toEqual([
      ['digest-mismatch', path],
      ['size-mismatch', path],
    ]);
    expect(assembly.images[0]?.config?.name).toBe(path);
  });

  it('a renamed blob that nothing refers to', () => {
    const stray = { path: blobPath(sha256('other')), content: 'stray' };
    expect(reasons(assemble([...ociLayout([app]), stray], [app]))).toEqual(['digest-mismatch']);
  });

  it('a path that the tar holds twice: the last one counts, and readers may differ', () => {
    const twice = dockerLegacy([app]);
    const manifest = twice.find(({ path }) => path === 'manifest.json');
    const layers = (JSON.parse(String(manifest?.content)) as { Layers: string[] }[])[0]?.Layers ?? [];
    const assembly = assemble([...twice, { path: layers[1] ?? '', content: app.layers[0]?.tar ?? '' }], [app]);
    expect(reasons(assembly)).toEqual(['ambiguous', 'diffid-mismatch']);
  });

  it('an index that is a manifest too: both are read', () => {
    const manifest = manifestBytes(other, false);
    const both = {
      ...(JSON.parse(manifest.toString()) as object),
      manifests: [descriptorOf(manifestBytes(app, false), '')],
    };
    const bytes = jsonBytes(both);
    const files = [...ociLayout([app, other]).filter(({ path }) => path !== 'index.json')];
    files.push({ path: blobPath(sha256(bytes)), content: bytes });
    files.push({ path: 'index.json', content: indexBytes([descriptorOf(bytes, ociTypes.index)]) });
    const assembly = assemble(files, [app, other]);
    expect(reasons(assembly)).toEqual(['ambiguous']);
    expect(assembly.images).toHaveLength(2);
  });

  it('an index deeper than the bound, and one that contains itself', () => {
    const files = [ociLayoutFile];
    let child = descriptorOf(manifestBytes(app, false), ociTypes.manifest);
    for (let depth = 0; depth < 10; depth++) {
      const bytes = indexBytes([child]);
      files.push({ path: blobPath(sha256(bytes)), content: bytes });
      child = descriptorOf(bytes, ociTypes.index);
    }
    expect(reasons(assemble([...files, { path: 'index.json', content: indexBytes([child]) }], []))).toEqual([
      'depth-limit',
    ]);
    const self = { mediaType: ociTypes.index, digest: sha256('self'), size: 1 };
    const loop = { path: blobPath(self.digest), content: indexBytes([self]) };
    const assembly = assemble([loop, { path: 'index.json', content: indexBytes([self]) }], []);
    expect(reasons(assembly)).toEqual(['corrupt', 'digest-mismatch', 'size-mismatch']);
  });
});

describe('what is no runnable image is scanned and attributed', () => {
  it('a buildkit cache: its layers count', async () => {
    const cache = jsonBytes({ layers: [{ blob: app.layers[0]?.digest }], records: [] });
    const config = { ...descriptorOf(cache, ociTypes.cacheConfig) };
    const image = await buildImage({ ...app.spec, names: ['cache:1'], manifest: { config } });
    const files = ociLayout([image]).filter(({ path }) => path !== blobPath(app.configDigest));
    const assembly = assemble([...files, { path: blobPath(sha256(cache)), content: cache }], [image]);
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images).toMatchObject([{ kind: 'cache', reference: 'cache:1' }]);
    expect(assembly.images[0]?.layers.map(({ blob }) => blob?.diffId)).toEqual(app.layers.map(({ diffId }) => diffId));
  });

  it('an artifact with the empty configuration, which is nowhere stored', () => {
    const model = Buffer.from('model bytes');
    const manifest = jsonBytes({
      schemaVersion: 2,
      artifactType: 'application/vnd.example.model',
      config: { mediaType: ociTypes.empty, digest: sha256('{}'), size: 2 },
      layers: [descriptorOf(model, 'application/vnd.example.weights')],
    });
    const files = [
      { path: blobPath(sha256(model)), content: model },
      { path: blobPath(sha256(manifest)), content: manifest },
      { path: 'index.json', content: indexBytes([descriptorOf(manifest, ociTypes.manifest)]) },
    ];
    const assembly = assemble(files, []);
    expect(assembly).toMatchObject({ gaps: [], images: [{ kind: 'artifact', platform: '' }] });
    expect(useOf(assembly, blobPath(sha256(model)))).toEqual({ role: 'artifact', images: [0], excluded: false });
  });

  it('a signed schema 1 manifest: newest layer first, digest without the signature', () => {
    const body = {
      schemaVersion: 1,
      name: 'old/app',
      tag: '3',
      architecture: 'amd64',
      fsLayers: app.layers.toReversed().map(({ digest }) => ({ blobSum: digest })),
      history: app.layers.toReversed().map((_, index) => ({
        v1Compatibility: JSON.stringify({
          os: 'linux',
          container_config: { Cmd: ['/bin/sh', '-c', `make ${String(index)}`] },
        }),
      })),
    };
    const payload = JSON.stringify(body);
    const tail = Buffer.from('}').toString('base64url');
    const header = Buffer.from(JSON.stringify({ formatLength: payload.length - 1, formatTail: tail })).toString(
      'base64url',
    );
    const signed = Buffer.from(`${payload.slice(0, -1)},"signatures":[{"protected":"${header}"}]}`);
    const digest = sha256(payload);
    const type = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
    const files = [
      ...ociLayout([app]).filter(({ path }) => app.layers.some((at) => path === blobPath(at.digest))),
      { path: blobPath(digest), content: signed },
      { path: 'index.json', content: indexBytes([{ mediaType: type, digest, size: signed.length }]) },
    ];
    const assembly = assemble(files, [app]);
    expect(assembly).toMatchObject({ gaps: [], images: [{ reference: 'old/app:3', digest, platform: 'linux/amd64' }] });
    const layers = assembly.images[0]?.layers ?? [];
    expect(layers.map(({ createdBy }) => createdBy)).toEqual(['RUN make 2', 'RUN make 1', 'RUN make 0']);
    expect(layers.map(({ diffId }) => diffId)).toEqual(app.layers.map(({ diffId }) => diffId));
    expect(assembly.images[0]?.historyLayer).toEqual([2, 1, 0]);
  });
});

describe('history', () => {
  it.each([
    ['none at all', [], [], ['', '', '']],
    [
      'entries without a layer between',
      [{ created_by: 'A' }, { created_by: 'E', empty_layer: true }, { created_by: 'B' }, { created_by: 'C' }],
      [0, undefined, 1, 2],
      ['A', 'B', 'C'],
    ],
    ['fewer than layers', [{ created_by: 'A' }], [0], ['A', '', '']],
    [
      'more than layers',
      ['A', 'B', 'C', 'D'].map((text) => ({ created_by: text })),
      [0, 1, 2, undefined],
      ['A', 'B', 'C'],
    ],
  ])('%s', async (_, history, historyLayer, createdBy) => {
    const image = await buildImage({ ...app.spec, history });
    const assembly = assemble(docker25([image]), [image]);
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images[0]?.historyLayer).toEqual(historyLayer);
    expect(assembly.images[0]?.layers.map((at) => at.createdBy)).toEqual(createdBy);
  });
});

describe('images that lost what names them', () => {
  it('an index that lost an entry (moby#51389)', () => {
    const index = indexBytes([descriptorOf(manifestBytes(app, false), ociTypes.manifest)]);
    const files = ociLayout([app, other]).map((file) =>
      file.path === 'index.json' ? { ...file, content: index } : file,
    );
    const assembly = assemble(files, [app, other]);
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images).toHaveLength(2);
  });

  it('an incomplete left over is no gap, and unreferenced', async () => {
    const old = await buildImage({ layers: [layer('old'), { ...layer('gone'), absent: true }] });
    const files = [...ociLayout([app]), ...ociLayout([old]).filter(({ path }) => path.startsWith('blobs/'))];
    const assembly = assemble(files, [app, old]);
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images).toHaveLength(1);
    expect(useOf(assembly, blobPath(old.layers[0]?.digest ?? ''))).toEqual({
      role: 'layer',
      images: [],
      excluded: false,
    });
  });

  it('an archive cut before its manifest.json: by the configuration’s diff_ids, and a gap', () => {
    const files = skopeoDockerArchive([app]).filter(({ path }) => path !== 'manifest.json' && !path.includes('/'));
    const assembly = assemble(
      files.filter(({ path }) => path !== 'repositories'),
      [app],
    );
    expect(reasons(assembly)).toEqual(['missing-blob']);
    expectLayers(assembly, 0, app);
  });

  it('only the tag that was asked for', () => {
    const assembly = assemble(ociLayout([app, other]), [app, other], { tag: 'other:2' });
    expect(assembly.images.map(({ reference }) => reference)).toEqual(['other:2']);
    expect(useOf(assembly, blobPath(app.configDigest))).toMatchObject({ images: [], excluded: true });
    expect(useOf(assembly, blobPath(other.layers[0]?.digest ?? ''))).toMatchObject({ images: [0], excluded: false });
  });
});

it('v1 configurations: of their layer’s image where the folder says so, unreferenced as blobs of Docker 25', () => {
  const legacy = assemble(dockerLegacy([app]), [app]);
  expect([...legacy.uses.values()].filter(({ images }) => images.length === 0)).toEqual([]);
  const modern = assemble(docker25([app]), [app]);
  const orphans = [...modern.uses].filter(([, { images }]) => images.length === 0);
  expect(new Set(orphans.map(([, { role }]) => role))).toEqual(new Set(['legacy-config']));
});

it('a media type that contradicts the bytes is a note', async () => {
  const image = await buildImage({ layers: [{ ...layer('a'), mediaType: `${ociTypes.layer}+zstd` }] });
  const assembly = assemble(ociLayout([image]), [image]);
  expect(assembly.gaps).toEqual([]);
  expect(assembly.notes).toMatchObject([{ imageIndex: 0, detail: 'layer 0 is said to be zstd, and is gzip' }]);
});

it('nothing gives nothing', () => {
  const blobs: SourceBlob[] = [];
  expect(assembleImages(blobs, { sourceReference: 'x' })).toMatchObject({ images: [], gaps: [] });
});
