import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { scanFile } from '../../src/scan/entries.ts';
import { Tally } from '../../src/scan/tally.ts';
import { type BuiltImage, buildImage, buildLayer, type LayerSpec } from '../support/image-builder.ts';
import { archiveOf, ociLayout, skopeoDockerArchive, writeLayout } from '../support/image-layouts.ts';
import { buildTar } from '../support/layer-builder.ts';
import { inFolder, phiscanReport, scan, scanArchive } from '../support/scans.ts';
import { noise } from '../unpack/compressed.ts';
import { buildZip } from '../support/zip-builder.ts';

/** One cause is one gap: not another for each reader that finds its bytes cut short, nor for each digest they miss. */

const motd: LayerSpec = { entries: [{ path: 'etc/motd', content: 'hello\n' }] };
const large: LayerSpec = { entries: [{ path: 'srv/noise', content: noise(300_000) }] };

const gapsOf = ({ coverage }: Awaited<ReturnType<typeof scan>>): readonly string[] =>
  coverage.gaps.map(({ reason }) => reason);

let image: BuiltImage;
beforeAll(async () => {
  image = await buildImage({ names: ['a:1'], layers: [motd, large] });
});

describe('a layer', () => {
  it.each([
    ['that ends early', (stored: Buffer) => stored.subarray(0, -200_000), ['truncated']],
    ['with a flipped bit', (stored: Buffer) => flipped(stored), ['corrupt']],
  ])('%s, under the digest of the whole one', async (_, damage, expected) => {
    const { stored } = await buildLayer(large);
    const files = ociLayout([image]).map((file) =>
      file.content instanceof Buffer && file.content.equals(stored) ? { ...file, content: damage(stored) } : file,
    );
    expect(gapsOf(await scanArchive(await archiveOf(files)))).toEqual(expected);
    await inFolder(async (folder) => {
      await writeLayout(files, folder);
      expect(gapsOf(await scan([`oci:${folder}`]))).toEqual(expected);
    });
  });

  it('that is whole, and another: each mismatch is a gap', async () => {
    const { stored } = await buildLayer(large);
    const other = await buildLayer({ entries: [{ path: 'srv/other', content: 'other\n' }] });
    const files = ociLayout([image]).map((file) =>
      file.content instanceof Buffer && file.content.equals(stored) ? { ...file, content: other.stored } : file,
    );
    const gaps = gapsOf(await scanArchive(await archiveOf(files)));
    expect([...gaps].sort()).toEqual(['diffid-mismatch', 'digest-mismatch', 'size-mismatch']);
  });
});

describe('an archive that ends in a layer', () => {
  /** The documents stand in front, so that nothing but a layer is missing. */
  async function cut(layout: typeof ociLayout): Promise<Buffer> {
    const files = [...layout([image])].sort((a, b) => (a.content?.length ?? 0) - (b.content?.length ?? 0));
    return (await archiveOf(files)).subarray(0, -150_000);
  }

  it.each([
    ['an OCI layout', ociLayout],
    ['with layers as plain tars', skopeoDockerArchive],
  ])('%s', async (_, layout) => {
    const archive = await cut(layout);
    expect(gapsOf(await scanArchive(archive))).toEqual(['truncated']);
    const { report } = await phiscanReport(['image', '-'], { stdin: archive });
    expect(gapsOf(report)).toEqual(['truncated']);
  });

  it('compressed, cut in its compressed bytes', async () => {
    const archive = gzipSync(await archiveOf(ociLayout([image])));
    expect(gapsOf(await scanArchive(archive.subarray(0, -100_000)))).toContain('truncated');
    const whole = gzipSync(await cut(ociLayout));
    expect(gapsOf(await scanArchive(whole.subarray(0, -50_000)))).toEqual(['truncated']);
  });
});

describe('a file', () => {
  const engine = new Engine();
  async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
    yield bytes;
    await Promise.resolve();
  }
  async function gapsOfFile(path: string, bytes: Buffer): Promise<readonly string[]> {
    const tally = new Tally(engine);
    await scanFile(path, once(bytes), tally);
    return tally.gaps.map((gap) => `${gap.reason} ${gap.path}`);
  }

  it('a compressed tar that ends early', async () => {
    const tar = await buildTar([{ path: 'a', content: noise(100_000) }]);
    expect(await gapsOfFile('a.tar.gz', gzipSync(tar).subarray(0, -50_000))).toEqual(['truncated a.tar.gz']);
    expect(await gapsOfFile('a.tgz.gz', gzipSync(gzipSync(tar)).subarray(0, -50_000))).toEqual(['truncated a.tgz.gz']);
  });

  it('a compressed zip that ends early', async () => {
    const zip = buildZip({ a: noise(100_000), b: noise(50_000) });
    expect(await gapsOfFile('a.zip.gz', gzipSync(zip).subarray(0, -30_000))).toContain('truncated a.zip.gz');
  });

  it('two members that end early are two gaps', async () => {
    const inner = gzipSync(await buildTar([{ path: 'a', content: noise(10_000) }])).subarray(0, -5000);
    const tar = await buildTar([
      { path: 'one.tar.gz', content: inner },
      { path: 'two.tar.gz', content: inner },
    ]);
    expect(await gapsOfFile('b.tar', tar)).toEqual(['truncated b.tar!one.tar.gz', 'truncated b.tar!two.tar.gz']);
  });

  it('on disk, that ends before a plain tar in it does', async () => {
    const tar = await buildTar([{ path: 'a', content: noise(100_000) }]);
    await inFolder(async (folder) => {
      await writeFile(join(folder, 'a.tar'), tar.subarray(0, 50_000));
      const { report } = await phiscanReport(['files', folder]);
      expect(gapsOf(report)).toEqual(['truncated']);
    });
  });
});

function flipped(stored: Buffer): Buffer {
  const bytes = Buffer.from(stored);
  // In the checksum: zlib does not notice, and what came out is whole.
  bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 4;
  return bytes;
}
