// Layers of real content: what is on this machine, as tar and gzip pack it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/**
 * Packs up to `bytes` of the regular files below each folder that are wanted into one layer, as `tar` does. A folder that is
 * named again goes on where it was left. Returns [{ tar, gzip, size, diffId, digest }] in the order of the folders.
 */
export async function makeLayers(folder, contents, bytes, wanted = () => true) {
  mkdirSync(folder, { recursive: true });
  const layers = [];
  const files = new Map(contents.map((content) => [content, filesBelow(content, wanted)]));
  for (const [index, content] of contents.entries()) {
    const tar = join(folder, `layer${index}.tar`);
    const gzip = `${tar}.gz`;
    const list = taken(files.get(content), bytes).join('\0');
    const packed = spawnSync('tar', ['--create', '--file', tar, '--directory', '/', '--null', '--files-from', '-'], {
      input: list,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    if (packed.status !== 0) throw new Error(`tar failed on ${content}: ${packed.stderr}`);
    await pipeline(createReadStream(tar), createGzip({ level: 6 }), createWriteStream(gzip));
    layers.push({ tar, gzip, size: statSync(tar).size, diffId: await sha256(tar), digest: await sha256(gzip) });
  }
  return layers;
}

/** Paths of files of about so many bytes together; a file that would be most of a layer is left out. */
function taken(files, bytes) {
  const paths = [];
  let left = bytes;
  for (let next = files.next(); next.done !== true; next = files.next()) {
    const { path, size } = next.value;
    if (size > bytes / 8) continue;
    left -= size;
    paths.push(path.slice(1));
    if (left <= 0) break;
  }
  return paths;
}

function* filesBelow(folder, wanted) {
  const open = [folder];
  while (open.length > 0) {
    const path = open.pop();
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory())
      open.push(
        ...readdirSync(path)
          .reverse()
          .map((name) => join(path, name)),
      );
    if (stats?.isFile() && wanted(path)) yield { path, size: stats.size };
  }
}

/** A docker-archive of the unpacked layers, as `docker save` wrote it before Docker 25. */
export function writeDockerArchive(folder, layers, name) {
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const names = layers.map(({ tar }) => tar.slice(folder.length + 1));
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify([{ Config: 'config.json', RepoTags: ['bench:1'], Layers: names }]),
  );
  const file = join(folder, name);
  run('tar', ['--create', '--file', file, '--directory', folder, ...names, 'config.json', 'manifest.json']);
  return file;
}

/** An oci-archive of the gzip layers. */
export function writeOciArchive(folder, layers, name) {
  const root = join(folder, `${name}.layout`);
  const blobs = join(root, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const blob = (json) => {
    const text = JSON.stringify(json);
    const hex = createHash('sha256').update(text).digest('hex');
    writeFileSync(join(blobs, hex), text);
    return { digest: `sha256:${hex}`, size: text.length };
  };
  const config = blob({
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  });
  for (const { gzip, digest } of layers) run('ln', ['-f', gzip, join(blobs, digest.slice('sha256:'.length))]);
  const manifest = blob({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: layers.map(({ gzip, digest }) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest,
      size: statSync(gzip).size,
    })),
  });
  writeFileSync(join(root, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const entry = { mediaType: 'application/vnd.oci.image.manifest.v1+json', ...manifest };
  writeFileSync(join(root, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
  const file = join(folder, name);
  run('tar', ['--create', '--file', file, '--directory', root, 'blobs', 'index.json', 'oci-layout']);
  return file;
}

function run(command, args) {
  const { status, stderr } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
}

async function sha256(file) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}

/** Writes a docker-archive with one layer of at least `bytes` to `stream`: the same real tar, over and over. */
export async function* hugeArchive(tar, bytes) {
  const size = statSync(tar).size;
  // Without its end blocks, so that the copies are one archive.
  const body = size - 1024;
  const copies = Math.ceil(bytes / body);
  yield tarHeader('layer.tar', copies * body + 1024);
  for (let copy = 0; copy < copies; copy++) {
    for await (const chunk of createReadStream(tar, { end: body - 1, highWaterMark: 1 << 20 })) yield chunk;
  }
  yield Buffer.alloc(1024 + padding(copies * body + 1024));
  for (const [name, text] of [
    ['config.json', '{"architecture":"amd64","os":"linux","config":{}}'],
    ['manifest.json', '[{"Config":"config.json","RepoTags":["huge:1"],"Layers":["layer.tar"]}]'],
  ]) {
    yield Buffer.concat([tarHeader(name, text.length), Buffer.from(text), Buffer.alloc(padding(text.length))]);
  }
  yield Buffer.alloc(1024);
}

function padding(bytes) {
  return (512 - (bytes % 512)) % 512;
}

/** A ustar header; the size in base 256, since octal ends at 8 GiB. */
export function tarHeader(name, size) {
  const block = Buffer.alloc(512);
  block.write(name, 0);
  block.write('0000644\0' + '0000000\0' + '0000000\0', 100);
  block[124] = 0x80;
  block.writeUIntBE(size, 130, 6);
  block.write('00000000000\0        0', 136);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
