import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Engine } from '../../src/engine/engine.ts';
import { limits } from '../../src/limits.ts';
import { scanBlob } from '../../src/scan/blob.ts';
import { scanFile } from '../../src/scan/entries.ts';
import { Tally } from '../../src/scan/tally.ts';
import type { Chunks } from '../../src/unpack/chunks.ts';
import { buildTar } from '../support/layer-builder.ts';
import { patient } from '../support/patients.ts';
import { zipOf } from '../trust/zip-archive.ts';
import { END_BLOCKS, paxHeader, tarFile } from '../unpack/tar-archive.ts';

const engine = new Engine();
const { ssn } = patient(9700);
const leak = `patient ssn: ${ssn}\n`;

async function* inChunks(bytes: Buffer, size: number = limits.chunkBytes): Chunks {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function scan(path: string, bytes: Buffer, size?: number): Promise<Tally> {
  const tally = new Tally(engine);
  await scanFile(path, inChunks(bytes), tally, size);
  tally.close();
  return tally;
}

function pathsOf({ found }: Tally): readonly string[] {
  return found.map(({ finding }) => finding.place.path);
}

function gapsOf({ gaps }: Tally): readonly string[] {
  return gaps.map(({ reason, path }) => `${reason} ${path}`);
}

/** Bytes that no compressor makes smaller, the same in every run. */
function noise(length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < length; at += 32) blocks.push(createHash('sha256').update(String(at)).digest());
  return Buffer.concat(blocks, length);
}

describe('containers', () => {
  it('findings have the path through all of them', async () => {
    const zip = zipOf([{ path: 'data/a.txt', content: leak }]);
    const tally = await scan('seed.tgz', gzipSync(await buildTar([{ path: 'opt/app.jar', content: zip }])));
    expect(pathsOf(tally)).toEqual(['seed.tgz!opt/app.jar!data/a.txt']);
    expect(gapsOf(tally)).toEqual([]);
    expect(tally.entries).toBe(1);
  });

  it('a gap has the path of the container that is broken', async () => {
    const cut = gzipSync(noise(4000)).subarray(0, 900);
    const zip = zipOf([
      { path: 'in/cut.gz', content: cut },
      { path: 'in/a.txt', content: leak },
    ]);
    const tally = await scan('b.tar', await buildTar([{ path: 'opt/app.jar', content: zip }]));
    expect(gapsOf(tally)).toEqual(['truncated b.tar!opt/app.jar!in/cut.gz']);
    expect(pathsOf(tally)).toEqual(['b.tar!opt/app.jar!in/a.txt']);
  });

  it('what stands uncompressed in a broken stream counts', async () => {
    const stored = gzipSync(Buffer.concat([noise(300), Buffer.from(`\n${leak}`)]), { level: 0 });
    stored.fill(0xff, 10, 15);
    const tally = await scan('a.gz', stored);
    expect(pathsOf(tally)).toContain('a.gz');
    expect(tally.gaps).toHaveLength(1);
  });

  it('a bound ends the container, and the layer goes on', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(2 * limits.nestedRatioFloor)));
    const tar = await buildTar([
      { path: 'bomb.gz', content: bomb },
      { path: 'after.txt', content: leak },
    ]);
    const blob = await scanBlob(engine, inChunks(tar), {
      name: 'layer',
      digestElsewhere: false,
      onBytes: () => undefined,
    });
    expect(blob.gaps.map(({ reason, path }) => [reason, path])).toEqual([['ratio-limit', 'bomb.gz']]);
    expect(blob.found.map(({ finding }) => finding.place.path)).toEqual(['after.txt']);
    expect(blob.bytes).toBe(tar.length);
  });

  it('a blob that ends at a bound is hashed to its end', async () => {
    const bomb = zipOf([
      { path: 'a', content: Buffer.alloc(2 * limits.nestedRatioFloor) },
      { path: 'b', content: noise(200_000), stored: true },
    ]);
    let seen = 0;
    const blob = await scanBlob(engine, inChunks(bomb, 1000), {
      name: 'blob',
      digestElsewhere: false,
      onBytes: (bytes) => {
        seen += bytes;
      },
    });
    expect(blob.gaps.map(({ reason }) => reason)).toEqual(['ratio-limit']);
    expect(blob.digest).toBe(`sha256:${createHash('sha256').update(bomb).digest('hex')}`);
    expect([blob.size, seen]).toEqual([bomb.length, bomb.length]);
  });
});

describe('a zip is held in memory', () => {
  const large = zipOf([{ path: 'noise', content: noise(30 * 1024 * 1024), stored: true }]);

  it.each([undefined, 1, 30 * 1024 * 1024, Infinity])('whatever its size is said to be: %s', async (size) => {
    const zip = zipOf([
      { path: 'noise', content: noise(200_000), stored: true },
      { path: 'a.txt', content: leak },
    ]);
    const tally = await scan('a.zip', zip, size);
    expect([pathsOf(tally), gapsOf(tally)]).toEqual([['a.zip!a.txt'], []]);
  });

  it('together with those around it, up to one bound', async () => {
    const tally = await scan('a.zip', zipOf([{ path: 'b.zip', content: large, stored: true }]), 1);
    expect(gapsOf(tally)).toEqual(['byte-limit a.zip!b.zip']);
  });

  it('and one after the other as often as needed', async () => {
    const tar = await buildTar([
      { path: 'a.zip', content: large },
      { path: 'b.zip', content: large },
    ]);
    expect(gapsOf(await scan('a.tar', tar))).toEqual([]);
  });
});

describe('sparse files', () => {
  const map = (offset: number): Buffer => Buffer.from(`1\n${offset}\n512\n`.padEnd(512, '\0'));
  const sparse = (size: number): Buffer =>
    Buffer.concat([
      paxHeader({
        'GNU.sparse.major': '1',
        'GNU.sparse.minor': '0',
        'GNU.sparse.name': 'big',
        'GNU.sparse.realsize': String(size),
      }),
      tarFile('x', Buffer.concat([map(size - 512), Buffer.from(leak.padEnd(512))])),
      END_BLOCKS,
    ]);

  it('in proportion: the offset is that of the file', async () => {
    const [found] = (await scan('a.tar', sparse(8192))).found;
    expect(found?.finding.place).toMatchObject({ path: 'a.tar!big', offset: 8192 - 512 + leak.indexOf(ssn) });
  });

  it('of a terabyte: what is stored is read at once', async () => {
    const tally = await scan('a.tar', sparse(1024 ** 4));
    expect([pathsOf(tally), gapsOf(tally)]).toEqual([['a.tar!big'], []]);
  });
});

describe('names', () => {
  it('longer than any path are cut in places, and read whole', async () => {
    const long = `${'d/'.repeat(40_000)}ssn_${ssn}/${'e/'.repeat(40_000)}x`;
    const tar = Buffer.concat([paxHeader({ path: long }), tarFile('x', leak), END_BLOCKS]);
    const tally = await scan('a.tar', tar);
    expect(tally.found).toHaveLength(2);
    for (const path of pathsOf(tally)) expect(path.length).toBeLessThan(5000);
  });
});
