import { beforeAll, describe, expect, it } from 'vitest';
import { assembleImages } from '../../src/image/assemble.ts';
import type { SourceBlob } from '../../src/image/blob.ts';
import type { BuiltImage } from '../support/image-builder.ts';
import { buildImage, buildImages, manifestBytes, ociTypes } from '../support/image-builder.ts';
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
  skopeoDir,
  skopeoDockerArchive,
} from '../support/image-layouts.ts';
import { sha256 } from '../support/layer-builder.ts';
import { assemble, buildSamples, expectLayers, layer, reasons, useOf } from '../support/assembled.ts';

let app: BuiltImage;
let arm: BuiltImage;
let other: BuiltImage;
beforeAll(async () => {
  ({ app, arm, other } = await buildSamples());
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
      const assembly = assemble(ociLayout([app, arm]), [app, arm], { platforms: [platform] });
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
    const assembly = assemble(ociLayout([app, arm]), [app, arm], { platforms: ['linux/s390x'] });
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
    const assembly = assemble(containerdStore([app, partial]), [app, partial], {
      platforms: platform === undefined ? [] : [platform],
    });
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
    expect(() => assemble([], [], { platforms: ['a/b/c/d'] })).toThrow(
      expect.objectContaining({ code: 'usage' }) as Error,
    );
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

it('nothing gives nothing', () => {
  const blobs: SourceBlob[] = [];
  expect(assembleImages(blobs, { sourceReference: 'x' })).toMatchObject({ images: [], gaps: [] });
});
