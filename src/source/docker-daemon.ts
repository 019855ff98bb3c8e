import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type Docker from 'dockerode';
import { ScanError } from '../errors.ts';
import { limits } from '../limits.ts';
import { openTarStream } from './archive.ts';
import { dockerHost } from './docker-host.ts';
import type { DockerHost } from './docker-host.ts';
import { errorCode } from './range.ts';
import type { Source } from './source.ts';

/** From this version of the API on, the engine can export one platform of several. */
const PLATFORM_API = 1.48;

/**
 * An image of the Docker engine: asked for by name, digest or id, then read from the socket as `docker save` would write
 * it. Throws ScanError: `no-daemon`, `denied`, `not-found`.
 */
export async function openDockerDaemon(name: string, reference: string, platform: string | undefined): Promise<Source> {
  const path = `/images/${imagePath(name, reference)}`;
  const host = dockerHost(process.env);
  const engine = await connect(host);
  const inspected = await request(engine, host, `${path}/json`, name);
  const { size, apiVersion } = await readInspection(inspected, host);
  const narrow = platform !== undefined && apiVersion >= PLATFORM_API;
  const archive = narrow
    ? await request(engine, host, `${path}/get`, `${name} for ${platform}`, { platform: platformJson(platform) })
    : await request(engine, host, `${path}/get`, name);
  return await openTarStream(archive, {
    reference,
    chosen: `docker-daemon: the engine at ${host.address} (${host.from}) has it`,
    totalBytes: size,
    sender: 'the Docker engine',
  });
}

/** Keeps a name from reaching another address of the engine than that of an image. */
function imagePath(name: string, reference: string): string {
  if (/^[\w[][\w.:/@[\]-]*$/.test(name) && !name.split('/').includes('..'))
    return name.replace(/[[\]]/g, encodeURIComponent);
  throw new ScanError('not-found', `${reference} is no file here, and cannot be the name of an image`);
}

/** Loaded only here: the library takes longer to load than `phiscan --version` may. */
async function connect(host: DockerHost): Promise<Docker> {
  const { default: Engine } = await import('dockerode');
  try {
    return new Engine({ ...address(host), ...{ connectionTimeout: limits.connectMs } });
  } catch (error) {
    // The library reads the files of DOCKER_CERT_PATH on its own.
    throw new ScanError(
      'no-daemon',
      `the Docker engine at ${host.address} cannot be asked: DOCKER_CERT_PATH must hold ca.pem, cert.pem and key.pem`,
      { cause: error },
    );
  }
}

function address({ socketPath, tcp }: DockerHost): Docker.DockerOptions {
  if (tcp === undefined) return { ...(socketPath !== undefined && { socketPath }) };
  const { host, port, tls } = tcp;
  const at = { host: host.includes(':') ? `[${host}]` : host, port };
  if (tls === undefined) return { ...at, protocol: 'http' };
  const { verify, ...pems } = tls;
  return {
    ...at,
    ...pems,
    protocol: 'https',
    ...(!verify && { agent: new HttpsAgent({ rejectUnauthorized: false }) }),
  };
}

/** The answer as a stream, also where it is JSON: with DEBUG set, the library prints whatever it reads whole. */
async function request(
  engine: Docker,
  host: DockerHost,
  path: string,
  wanted: string,
  query: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  try {
    return await new Promise<IncomingMessage>((resolve, reject) => {
      const get = { path: `${path}?`, options: query, method: 'GET', isStream: true, statusCodes: { 200: true } };
      engine.modem.dial(get, (error: unknown, answer: unknown) => {
        if (error === null || error === undefined) resolve(answer as IncomingMessage);
        else reject(error instanceof Error ? error : new Error('no answer'));
      });
    });
  } catch (error) {
    throw requestFailure(error, host, wanted);
  }
}

function requestFailure(error: unknown, host: DockerHost, wanted: string): ScanError {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (status === 404) {
    return new ScanError(
      'not-found',
      `no image ${wanted} in the Docker engine at ${host.address}: \`docker images\` lists what it has, \`docker pull\` gets more`,
    );
  }
  if (typeof status === 'number') {
    return new ScanError(
      'no-daemon',
      `the Docker engine at ${host.address} refused to give ${wanted} (HTTP ${status}): its log says why`,
    );
  }
  const code = errorCode(error) ?? 'no answer';
  if (code === 'EACCES' || code === 'EPERM') {
    return new ScanError(
      'denied',
      `the Docker engine at ${host.address} may not be used by this user: join the group docker, or save the image with ` +
        '`docker save` and scan the file',
      { cause: error },
    );
  }
  return new ScanError(
    'no-daemon',
    `no Docker engine answers at ${host.address} (${host.from}; ${code}): start it, set DOCKER_HOST, or scan a file that ` +
      '`docker save` wrote',
    { cause: error },
  );
}

async function readInspection(
  answer: IncomingMessage,
  host: DockerHost,
): Promise<{ readonly size: number | undefined; readonly apiVersion: number }> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > limits.metadataBytes) throw new Error('too long');
      parts.push(part);
    }
    const found = JSON.parse(Buffer.concat(parts).toString()) as { readonly Size?: unknown } | null;
    return { size: typeof found?.Size === 'number' ? found.Size : undefined, apiVersion: apiVersionOf(answer) };
  } catch {
    // Without a cause: JSON.parse quotes what it cannot read.
    throw new ScanError('no-daemon', `what answers at ${host.address} is no Docker engine: look at DOCKER_HOST`);
  }
}

/** `1.9` is older than `1.41`: the second number counts. */
function apiVersionOf(answer: IncomingMessage): number {
  const [, major, minor = ''] = /^(\d+)\.(\d{1,2})$/.exec(String(answer.headers['api-version'])) ?? [];
  return Number(`${major ?? 0}.${minor.padStart(2, '0')}`);
}

/** The engine wants a platform as JSON (API 1.48: GET /images/{name}/get). */
function platformJson(platform: string): string {
  const [os, architecture, variant] = platform.split('/');
  return JSON.stringify({ os, architecture, variant });
}
