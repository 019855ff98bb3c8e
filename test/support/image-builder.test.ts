import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuiltImage } from './image-builder.ts';
import { buildImage, buildImages, buildLayer } from './image-builder.ts';
import {
  archiveOf,
  containerdStore,
  crane,
  docker25,
  dockerLegacy,
  ociLayout,
  skopeoDir,
  skopeoDockerArchive,
  writeLayout,
} from './image-layouts.ts';
import { buildTar, sha256 } from './layer-builder.ts';
import { missing, run } from './programs.ts';

let folder = '';
let image: BuiltImage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-builder-'));
  image = await buildImage({
    names: ['app:1'],
    layers: [
      {
        entries: [
          { path: 'etc', directory: true },
          { path: 'etc/a', content: 'a' },
        ],
      },
      { entries: [{ path: 'etc/a', whiteout: true }], compression: 'zstd' },
      {
        entries: [
          { path: 'etc', directory: true },
          { path: 'etc/a', content: 'a' },
        ],
      },
    ],
  });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** What the real program says the image's configuration and layers are. */
function inspect(reference: string): { Layers: string[]; Architecture: string } {
  return JSON.parse(run('skopeo', ['inspect', '--no-tags', reference]).toString()) as {
    Layers: string[];
    Architecture: string;
  };
}

describe.skipIf(missing('skopeo') !== undefined)('skopeo reads every layout that the builder writes', () => {
  const diffIds = (): string[] => image.layers.map(({ diffId }) => diffId);
  const digests = (): string[] => image.layers.map(({ digest }) => digest);
  it.each([
    ['docker before 25', dockerLegacy, diffIds],
    ['docker 25', docker25, diffIds],
    ['containerd store', containerdStore, digests],
    ['skopeo docker-archive', skopeoDockerArchive, diffIds],
    ['crane', crane, digests],
  ] as const)('%s as docker-archive', async (name, layout, expected) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.tar`);
    await writeFile(file, await archiveOf(layout([image])));
    const { Layers } = inspect(`docker-archive:${file}`);
    // skopeo names the layers of a docker-archive by what it unpacks from them.
    expect([...Layers].sort()).toEqual([...(expected === digests ? diffIds() : expected())].sort());
  });

  it('oci-archive', async () => {
    const file = join(folder, 'oci.tar');
    await writeFile(file, await archiveOf(ociLayout([image])));
    expect(inspect(`oci-archive:${file}`).Layers).toEqual(digests());
  });

  it('oci folder with two platforms in a nested index', async () => {
    const arm = await buildImage({
      names: ['app:1'],
      platform: 'linux/arm64',
      layers: [{ entries: [{ path: 'arm' }] }],
    });
    const place = join(folder, 'oci');
    await writeLayout(ociLayout([image, arm]), place);
    expect(inspect(`oci:${place}:app:1`).Architecture).toBe('amd64');
  });

  it('dir', async () => {
    const place = join(folder, 'dir');
    await writeLayout(skopeoDir(image), place);
    expect(inspect(`dir:${place}`).Layers).toEqual(digests());
  });
});

describe('compressed layers unpack to the tar whose hash is the diffId', () => {
  const entries = [
    { path: 'a', content: 'one' },
    { path: 'b', content: 'two' },
  ];
  it.each([
    ['gzip', 'gzip'],
    ['zstd', 'zstd'],
    ['xz', 'xz'],
    ['bzip2', 'bzip2'],
    ['estargz', 'gzip'],
    ['zstd:chunked', 'zstd'],
  ] as const)('%s', async (compression, program) => {
    const { stored, diffId, tar } = await buildLayer({ entries, compression });
    const { stdout } = spawnSync(program, ['-dc'], { input: stored });
    expect(sha256(stdout)).toBe(diffId);
    const { stdout: names } = spawnSync('tar', ['-tf', '-'], { input: tar, encoding: 'utf8' });
    expect(names.split('\n')).toEqual(expect.arrayContaining(['a', 'b']));
  });

  it('an estargz ends with its footer of 51 bytes, an empty member', async () => {
    const { stored } = await buildLayer({ entries, compression: 'estargz' });
    expect(gunzipSync(stored.subarray(-51))).toHaveLength(0);
    expect(stored.subarray(-51).toString('latin1')).toContain('STARGZ');
  });
});

it('the same specification gives the same bytes', async () => {
  const specs = [{ names: ['a:1'], layers: [{ entries: [{ path: 'x', content: 'y' }] }] }];
  const [first, second] = [await buildImages(specs), await buildImages(specs)];
  for (const layout of [dockerLegacy, docker25, containerdStore, ociLayout, crane, skopeoDockerArchive]) {
    expect(sha256(await archiveOf(layout(first)))).toBe(sha256(await archiveOf(layout(second))));
  }
});

it('a whiteout, an opaque folder and links get the names and types of image-spec layer.md', async () => {
  const tar = await buildTar([
    { path: 'd/gone', whiteout: true },
    { path: 'd', opaque: true },
    { path: 'd/s', symlink: 'target' },
    { path: 'd/h', hardlink: 'd/s' },
  ]);
  const { stdout } = spawnSync('tar', ['-tvf', '-'], { input: tar, encoding: 'utf8' });
  expect(stdout.split('\n').map((line) => line.replace(/^(.).*1970-01-01 \S+ /, '$1 '))).toEqual([
    '- d/.wh.gone',
    '- d/.wh..wh..opq',
    'l d/s -> target',
    'h d/h link to d/s',
    '',
  ]);
});
