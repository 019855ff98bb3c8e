import { beforeAll, describe, expect, it } from 'vitest';
import type { BuiltImage, ImageSpec } from '../support/image-builder.ts';
import { buildImage, jsonBytes, manifestBytes, ociTypes } from '../support/image-builder.ts';
import {
  blobPath,
  describe as descriptorOf,
  dockerLegacy,
  indexBytes,
  ociLayout,
  ociLayoutFile,
} from '../support/image-layouts.ts';
import { sha256 } from '../support/layer-builder.ts';
import { assemble, buildSamples, layer, reasons } from '../support/assembled.ts';

let app: BuiltImage;
let other: BuiltImage;
beforeAll(async () => {
  ({ app, other } = await buildSamples());
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

it('a media type that contradicts the bytes is a note', async () => {
  const image = await buildImage({ layers: [{ ...layer('a'), mediaType: `${ociTypes.layer}+zstd` }] });
  const assembly = assemble(ociLayout([image]), [image]);
  expect(assembly.gaps).toEqual([]);
  expect(assembly.notes).toMatchObject([{ imageIndex: 0, detail: 'layer 0 is said to be zstd, and is gzip' }]);
});
