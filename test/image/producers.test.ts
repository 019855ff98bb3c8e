import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleImages } from '../../src/image/assemble.ts';
import type { BuiltImage } from '../support/image-builder.ts';
import { buildImages } from '../support/image-builder.ts';
import { ociLayout, writeLayout } from '../support/image-layouts.ts';
import type { TarEntry } from '../support/layer-builder.ts';
import { missing, run } from '../support/programs.ts';
import { readBlobs, readTar } from '../support/source-blobs.ts';

/** What skopeo and umoci write, not what the builder thinks they write. */
describe.skipIf(missing('skopeo', 'umoci') !== undefined)('archives of the real programs', () => {
  let folder = '';
  let images: BuiltImage[];
  let layout = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phiscan-producers-'));
    layout = join(folder, 'layout');
    images = await buildImages([
      {
        names: ['app:1'],
        layers: [
          { entries: [{ path: 'a', content: '1' }] },
          { entries: [{ path: 'b' }] },
          { entries: [{ path: 'a', content: '1' }] },
        ],
        history: [
          { created_by: 'A' },
          { created_by: 'ENV x', empty_layer: true },
          { created_by: 'B' },
          { created_by: 'C' },
        ],
      },
      { names: ['app:1'], platform: 'linux/arm64', layers: [{ entries: [{ path: 'arm' }] }] },
    ]);
    await writeLayout(ociLayout(images), layout);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function expectApp(files: readonly TarEntry[]): Promise<void> {
    const { gaps, images: found, uses } = assembleImages(await readBlobs(files), { sourceReference: 'x' });
    expect(gaps).toEqual([]);
    expect(found).toHaveLength(1);
    expect(found[0]?.platform).toBe('linux/amd64');
    expect(found[0]?.layers.map(({ diffId }) => diffId)).toEqual(images[0]?.layers.map(({ diffId }) => diffId));
    expect(found[0]?.layers.map(({ createdBy }) => createdBy)).toEqual(['A', 'B', 'C']);
    expect([...uses].filter(([, use]) => use.images.length === 0).map(([{ name }]) => name)).toEqual([]);
  }

  it.each(['docker-archive', 'oci-archive'])('skopeo %s', async (kind) => {
    const file = join(folder, `${kind}.tar`);
    run('skopeo', ['copy', '--quiet', '--override-arch', 'amd64', `oci:${layout}:app:1`, `${kind}:${file}:app:1`]);
    await expectApp(await readTar(await readFile(file)));
  });

  it.each(['dir', 'oci'])('skopeo %s', async (kind) => {
    const place = join(folder, `copied-${kind}`);
    const name = kind === 'oci' ? `${place}:app` : place;
    run('skopeo', ['copy', '--quiet', '--override-arch', 'amd64', `oci:${layout}:app:1`, `${kind}:${name}`]);
    await expectApp(await readFolder(place));
  });

  it('skopeo copies all platforms with their index', async () => {
    const place = join(folder, 'all');
    run('skopeo', ['copy', '--quiet', '--all', `oci:${layout}:app:1`, `oci:${place}:app`]);
    const assembly = assembleImages(await readBlobs(await readFolder(place)), { sourceReference: 'x' });
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
  });

  it('umoci adds a tag and a layer: the old manifest stays, under its own tag', async () => {
    const place = join(folder, 'umoci');
    run('skopeo', ['copy', '--quiet', '--override-arch', 'amd64', `oci:${layout}:app:1`, `oci:${place}:app`]);
    run('umoci', ['config', '--image', `${place}:app`, '--tag', 'next', '--config.label', 'a=b']);
    const blobs = await readBlobs(await readFolder(place));
    const assembly = assembleImages(blobs, { sourceReference: `oci:${place}` });
    expect(assembly.gaps).toEqual([]);
    expect(assembly.images.map(({ reference }) => reference).sort()).toEqual([`oci:${place}:app`, `oci:${place}:next`]);
    const next = assembleImages(blobs, { sourceReference: `oci:${place}:next`, tag: 'next' });
    expect(next.images.map(({ reference }) => reference)).toEqual([`oci:${place}:next`]);
  });
});

async function readFolder(root: string): Promise<TarEntry[]> {
  const files: TarEntry[] = [];
  for (const file of await readdir(root, { recursive: true, withFileTypes: true })) {
    const place = join(file.parentPath, file.name);
    if (file.isFile()) files.push({ path: place.slice(root.length + 1), content: await readFile(place) });
  }
  return files;
}
