import { gzipSync } from 'node:zlib';
import { buildImage } from '../support/image-builder.ts';
import { archiveOf, ociLayout } from '../support/image-layouts.ts';
import { buildTar } from '../support/layer-builder.ts';
import { END_BLOCKS, paxHeader, tarFile, tarHeader } from '../unpack/tar-archive.ts';
import { overlappingZip, zipOf } from './zip-archive.ts';

const MiB = 1024 * 1024;

/** The bytes of one file, small, that unpack to more than any machine has. Each is made when it is asked for. */
export const fileBombs: Readonly<Record<string, () => Buffer | Promise<Buffer>>> = {
  'a gzip of a gzip of zeros': () => gzipSync(gzipSync(Buffer.alloc(200 * MiB))),
  'forty gzips, one in the other': () => {
    let bytes: Buffer = Buffer.from('x');
    for (let depth = 0; depth < 40; depth += 1) bytes = gzipSync(bytes);
    return bytes;
  },
  'zips in zips, sixteen each': () => {
    let bytes = zipOf([{ path: 'a', content: Buffer.alloc(16 * MiB) }]);
    for (let depth = 0; depth < 6; depth += 1) {
      const inner = bytes;
      bytes = zipOf(Array.from({ length: 16 }, (_, index) => ({ path: `${index}.zip`, content: inner })));
    }
    return bytes;
  },
  'a zip whose members share their bytes': () => overlappingZip(30_000, Buffer.alloc(MiB)),
  'zips held one in the other, each too large to compress': () => {
    const noise = Buffer.alloc(12 * MiB);
    for (let at = 0, state = 1; at < noise.length; at += 4) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      noise.writeInt32LE(state, at);
    }
    let bytes = zipOf([{ path: 'noise', content: noise, stored: true }]);
    for (let depth = 0; depth < 6; depth += 1) bytes = zipOf([{ path: 'a.zip', content: bytes, stored: true }]);
    return bytes;
  },
  'a tar of a million empty files': () => gzipSync(repeated(tarFile('x', ''), 1_000_001)),
  'a tar header that promises a long record': () =>
    Buffer.concat([tarHeader({ name: 'x', flag: 'x', size: 8 * 1024 * MiB }), Buffer.alloc(4096, 65)]),
};

/** Layers that cost more than their size says. */
export const layerBombs: Readonly<Record<string, () => Buffer>> = {
  'half a million empty files': () => gzipSync(repeated(tarFile('x', ''), 500_000)),
  'names of a megabyte, each with a finding': () => {
    const folder = 'd/'.repeat(500_000);
    const members = Array.from({ length: 60 }, (_, index) => [
      paxHeader({ path: `${folder}${index}` }),
      tarFile('x', `patient ssn: ${[523, 41, 1000 + index].join('-')}`),
    ]);
    return gzipSync(Buffer.concat([...members.flat(), END_BLOCKS]));
  },
  'a sparse file of a terabyte': terabyte,
};

function terabyte(): Buffer {
  const map = `1\n${1024 ** 4 - 512}\n512\n`;
  const records = { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.realsize': String(1024 ** 4) };
  const content = Buffer.concat([Buffer.from(map.padEnd(512, '\0')), Buffer.alloc(512, 66)]);
  return Buffer.concat([paxHeader({ ...records, 'GNU.sparse.name': 'big' }), tarFile('x', content), END_BLOCKS]);
}

function repeated(bytes: Buffer, times: number): Buffer {
  const all = Buffer.alloc(bytes.length * times);
  for (let index = 0; index < times; index += 1) bytes.copy(all, index * bytes.length);
  return all;
}

/** An OCI archive with this one layer. */
export async function imageOfLayer(stored: Buffer): Promise<Buffer> {
  return await archiveOf(ociLayout([await buildImage({ names: ['bomb:1'], layers: [{ entries: [], stored }] })]));
}

/** Archives whose documents are the attack. */
export const documentBombs: Readonly<Record<string, () => Buffer | Promise<Buffer>>> = {
  'JSON a million arrays deep': async () =>
    await buildTar([
      { path: 'manifest.json', content: '['.repeat(1_000_000) },
      { path: 'index.json', content: `{"manifests":${'[{"a":'.repeat(300_000)}1${'}]'.repeat(300_000)}}` },
    ]),
  'four thousand members, each a document': () =>
    Buffer.concat([
      tarFile('manifest.json', '[]'),
      ...Array.from({ length: 4000 }, (_, index) => tarFile(`${index}.json`, '{}')),
      END_BLOCKS,
    ]),
  'a sparse member of a terabyte': () => Buffer.concat([tarFile('manifest.json', '[]'), terabyte()]),
  'fifty thousand links to one name': () =>
    Buffer.concat([
      tarFile('manifest.json', '[]'),
      ...Array.from({ length: 50_000 }, (_, index) => tarFile(`l${index}`, '', { flag: '2', linkName: 'b' })),
      END_BLOCKS,
    ]),
};
