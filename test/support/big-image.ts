import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { tarFile, tarHeader } from '../unpack/tar-archive.ts';
import { jsonBytes } from './image-builder.ts';
import { hexOf } from './layer-builder.ts';

/** A file that is too large to be held: its bytes are made again each time they are asked for. */
export interface BigFile {
  readonly path: string;
  readonly size: number;
  readonly chunks: () => Iterable<Buffer>;
}

const endBlocks = Buffer.alloc(1024);

/** A docker-archive of one layer as it comes out of a pipe. */
export function bigImage(name: string, files: readonly BigFile[]): Readable {
  const hash = createHash('sha256');
  let size = 0;
  for (const chunk of layerTar(files)) {
    hash.update(chunk);
    size += chunk.length;
  }
  const diffId = `sha256:${hash.digest('hex')}`;
  const layer = `${hexOf(diffId)}.tar`;
  const config = jsonBytes({
    os: 'linux',
    architecture: 'amd64',
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created_by: 'COPY . /srv/' }],
  });
  const manifest = jsonBytes([{ Config: 'config.json', RepoTags: [name], Layers: [layer] }]);
  function* archive(): Generator<Buffer> {
    yield tarHeader({ name: layer, size });
    yield* layerTar(files);
    yield Buffer.alloc((512 - (size % 512)) % 512);
    yield Buffer.concat([tarFile('config.json', config), tarFile('manifest.json', manifest), endBlocks]);
  }
  return Readable.from(archive());
}

function* layerTar(files: readonly BigFile[]): Generator<Buffer> {
  for (const { path, size, chunks } of files) {
    yield tarHeader({ name: path, size });
    yield* chunks();
    yield Buffer.alloc((512 - (size % 512)) % 512);
  }
  yield endBlocks;
}

/** `last` behind as many whole copies of `filler` as make `size` bytes of it at least. */
export function bigFile(path: string, size: number, filler: Buffer, last: string): BigFile {
  const copies = Math.ceil(size / filler.length);
  const end = Buffer.from(last);
  return {
    path,
    size: copies * filler.length + end.length,
    *chunks() {
      for (let copy = 0; copy < copies; copy++) yield filler;
      yield end;
    },
  };
}
