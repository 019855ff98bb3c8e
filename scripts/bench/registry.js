// A real registry on loopback, filled with images that share layers.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tarHeader } from './content.js';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Debian's docker-registry in a folder: { host, stop }. */
export async function startRegistry(folder) {
  mkdirSync(folder, { recursive: true });
  const host = `127.0.0.1:${await freePort()}`;
  const configuration = join(folder, 'config.yml');
  const storage = { filesystem: { rootdirectory: join(folder, 'storage') }, cache: { blobdescriptor: 'inmemory' } };
  // JSON is YAML.
  const settings = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage,
    http: { addr: host },
  };
  writeFileSync(configuration, JSON.stringify(settings));
  const log = openSync(join(folder, 'log'), 'w');
  const env = { PATH: process.env.PATH, OTEL_TRACES_EXPORTER: 'none' };
  const server = spawn('docker-registry', ['serve', configuration], { stdio: ['ignore', log, log], env });
  closeSync(log);
  const ended = new Promise((done) => server.once('exit', done));
  for (let waited = 0; !(await answers(host)); waited += 100) {
    if (server.exitCode !== null || waited > 30_000) throw new Error('docker-registry did not start');
    await new Promise((later) => setTimeout(later, 100));
  }
  return {
    host,
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * Pushes `count` images of three of `layers` each and a small one of their own, to eight repositories. `layers` as makeLayers of
 * content.js gives them.
 */
export async function pushImages(host, layers, count) {
  const pushed = new Set();
  const repositories = 8;
  for (let index = 0; index < count; index++) {
    const repository = `team-${index % repositories}/app`;
    const own = ownLayer(index);
    const shared = [0, 1, 2].map((step) => layers[(index + step * 7) % layers.length]);
    for (const { gzip, digest } of shared) {
      if (pushed.has(`${repository}@${digest}`)) continue;
      pushed.add(`${repository}@${digest}`);
      await pushBlob(host, repository, createReadStream(gzip), statSync(gzip).size, digest);
    }
    await pushBlob(host, repository, own.bytes, own.bytes.length, own.digest);
    const all = [...shared.map(({ gzip, digest, diffId }) => ({ digest, diffId, size: statSync(gzip).size })), own];
    const config = json({
      architecture: 'amd64',
      os: 'linux',
      config: { Env: [`BUILD=${index}`] },
      rootfs: { type: 'layers', diff_ids: all.map(({ diffId }) => diffId) },
      history: all.map((_, step) => ({ created_by: `COPY ${step} /` })),
    });
    await pushBlob(host, repository, config.bytes, config.bytes.length, config.digest);
    const manifest = json({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: config.digest,
        size: config.bytes.length,
      },
      layers: all.map(({ digest, size }) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest,
        size: size ?? own.bytes.length,
      })),
    });
    await send(`http://${host}/v2/${repository}/manifests/v${index}`, 'PUT', manifest.bytes, MANIFEST);
  }
}

function ownLayer(index) {
  const content = Buffer.from(`nothing in ${index}\n`);
  const tar = Buffer.concat([
    tarHeader(`srv/${index}.txt`, content.length),
    content,
    Buffer.alloc(512 - content.length + 1024),
  ]);
  const bytes = gzipSync(tar);
  return { bytes, size: bytes.length, diffId: sha256(tar), digest: sha256(bytes) };
}

async function pushBlob(host, repository, body, length, digest) {
  const begun = await send(`http://${host}/v2/${repository}/blobs/uploads/`, 'POST');
  const place = new URL(begun.headers.get('location'), `http://${host}`);
  place.searchParams.set('digest', digest);
  await send(place, 'PUT', body, 'application/octet-stream', length);
}

async function send(url, method, body, type, length) {
  const headers = {
    ...(type !== undefined && { 'content-type': type }),
    ...(length !== undefined && { 'content-length': String(length) }),
  };
  const answer = await fetch(url, { method, body, headers, ...(body !== undefined && { duplex: 'half' }) });
  if (!answer.ok) throw new Error(`${method} gave ${answer.status}`);
  return answer;
}

function answers(host) {
  return fetch(`http://${host}/v2/`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer().on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

function json(document) {
  const bytes = Buffer.from(JSON.stringify(document));
  return { bytes, digest: sha256(bytes) };
}

function sha256(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
