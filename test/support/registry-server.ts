import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blobPath } from './image-layouts.ts';
import type { LayoutFiles } from './image-layouts.ts';
import { sha256 } from './layer-builder.ts';
import { missing, run } from './programs.ts';
import { freePort, startServer } from './servers.ts';

/** Debian's docker-registry on loopback, of this test run, with a folder of its own. */
export interface RegistryServer {
  /** `127.0.0.1:PORT`, for references: without TLS. */
  readonly host: string;
  /** Who may ask; undefined when everybody may. */
  readonly user: { readonly name: string; readonly password: string } | undefined;
  /** Copies what skopeo understands (`oci:DIR:TAG`, `oci-archive:FILE`), all platforms, to `NAME:TAG`. */
  readonly push: (from: string, to: string, ...args: readonly string[]) => void;
  /** Stores all blobs and manifests of an OCI layout, as they are, and its index.json's only image as `NAME:TAG`; gives its digest. */
  readonly pushLayout: (files: LayoutFiles, to: string) => Promise<string>;
  /** Gives the digest. */
  readonly pushBlob: (repository: string, bytes: Buffer) => Promise<string>;
  /** Under its digest, or under a tag too. Gives the digest. */
  readonly pushManifest: (repository: string, bytes: Buffer, mediaType: string, tag?: string) => Promise<string>;
  /** What was asked of it since it started: `GET /v2/app/blobs/sha256:… 200`. */
  readonly requests: () => readonly string[];
  /** Ends the server by its process id and removes what it stored. */
  readonly stop: () => Promise<void>;
}

const USER = { name: 'sweeper', password: ['only', 'on', 'loopback'].join('-') };
/** `htpasswd -nbBC 4 NAME PASSWORD`. */
const HTPASSWD = `sweeper:$2y$04$jcyJnIOgSCgMuBPb2xNSze.QBbjDa9X9z19MeFdLHoWY6YZQabRsC\n`;

/** Why no registry can be started here; undefined when one can. Throws with PHISCAN_REQUIRE_SERVERS=1. */
export function registryMissing(): string | undefined {
  return missing('docker-registry', 'skopeo');
}

/** Ready when it answers. The caller stops it, whatever happens in between. `auth`: only `user` may ask. */
export async function startRegistry({ auth = false }: { readonly auth?: boolean } = {}): Promise<RegistryServer> {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const user = auth ? USER : undefined;
  const headers: Record<string, string> =
    user === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}` };
  const { folder, stop } = await startServer({
    name: 'docker-registry',
    args: (home) => ['serve', writeConfiguration(home, host, auth)],
    env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' },
    isReady: () =>
      fetch(`http://${host}/v2/`, { headers }).then(
        ({ ok }) => ok,
        () => false,
      ),
  });

  async function send(method: string, path: string, body?: Buffer, type?: string): Promise<Response> {
    const answer = await fetch(new URL(path, `http://${host}`), {
      method,
      headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body: new Uint8Array(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} gave ${answer.status}: ${await answer.text()}`);
    return answer;
  }

  async function pushBlob(repository: string, bytes: Buffer): Promise<string> {
    const digest = sha256(bytes);
    const begun = await send('POST', `/v2/${repository}/blobs/uploads/`);
    const place = new URL(begun.headers.get('location') ?? '', `http://${host}`);
    place.searchParams.set('digest', digest);
    await send('PUT', place.href, bytes, 'application/octet-stream');
    return digest;
  }

  async function pushManifest(repository: string, bytes: Buffer, mediaType: string, tag?: string): Promise<string> {
    const digest = sha256(bytes);
    await send('PUT', `/v2/${repository}/manifests/${tag ?? digest}`, bytes, mediaType);
    return digest;
  }

  async function pushLayout(files: LayoutFiles, to: string): Promise<string> {
    const [, repository = '', tag = ''] = /^(.*):([^:/]+)$/.exec(to) ?? [];
    const stored = new Map(files.map(({ path, content = '' }) => [path, Buffer.from(content)]));
    const index = JSON.parse(stored.get('index.json')?.toString() ?? '') as Listing;
    // A registry takes a manifest only when all that it names is there.
    const isManifest = new Set<string>();
    const manifests: { readonly digest: string; readonly mediaType: string }[] = [];
    const list = ({ manifests: entries = [] }: Listing): void => {
      for (const { digest, mediaType } of entries) {
        const bytes = stored.get(blobPath(digest));
        if (bytes === undefined || isManifest.has(digest)) continue;
        isManifest.add(digest);
        if (mediaType.includes('index') || mediaType.includes('list')) list(JSON.parse(bytes.toString()) as Listing);
        manifests.push({ digest, mediaType });
      }
    };
    list(index);
    for (const [path, bytes] of stored) {
      const digest = `sha256:${path.slice('blobs/sha256/'.length)}`;
      if (path.startsWith('blobs/sha256/') && !isManifest.has(digest)) await pushBlob(repository, bytes);
    }
    for (const { digest, mediaType } of manifests) {
      await pushManifest(repository, stored.get(blobPath(digest)) ?? Buffer.of(), mediaType);
    }
    const [root, ...others] = index.manifests ?? [];
    if (root === undefined || others.length > 0) throw new Error('index.json names not one image');
    return await pushManifest(repository, stored.get(blobPath(root.digest)) ?? Buffer.of(), root.mediaType, tag);
  }

  return {
    host,
    user,
    push: (from, to, ...args) => {
      const credentials = user === undefined ? [] : ['--dest-creds', `${user.name}:${user.password}`];
      const insecure = ['--insecure-policy', 'copy', '--quiet', '--all', '--dest-tls-verify=false'];
      run('skopeo', [...insecure, ...credentials, ...args, from, `docker://${host}/${to}`]);
    },
    pushLayout,
    pushBlob,
    pushManifest,
    requests: () => requestsIn(readFileSync(join(folder, 'log'), 'utf8')),
    stop,
  };
}

interface Listing {
  readonly manifests?: readonly { readonly digest: string; readonly mediaType: string }[];
}

/** Lines of the access log, which is in Apache's combined form. */
function requestsIn(log: string): readonly string[] {
  return [...log.matchAll(/"([A-Z]+ \/\S*) HTTP\/[\d.]+" (\d{3}) /g)].map(
    ([, request = '', status = '']) => `${request} ${status}`,
  );
}

function writeConfiguration(home: string, host: string, auth: boolean): string {
  const root = join(home, 'stored');
  mkdirSync(root);
  writeFileSync(join(home, 'htpasswd'), HTPASSWD);
  const configuration = {
    version: '0.1',
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: root, maxthreads: 100 }, delete: { enabled: true } },
    http: { addr: host },
    ...(auth && { auth: { htpasswd: { realm: 'tests', path: join(home, 'htpasswd') } } }),
  };
  // JSON is YAML.
  writeFileSync(join(home, 'config.yml'), JSON.stringify(configuration));
  return join(home, 'config.yml');
}
