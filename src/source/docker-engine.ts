/** The one door to the Docker engine: its address, its answers, and what is said when it gives none. */
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type Docker from 'dockerode';
import { ScanError } from '../errors.ts';
import { limits } from '../limits.ts';
import { dockerHost } from './docker-host.ts';
import type { DockerHost } from './docker-host.ts';
import { errorCode } from './range.ts';

/** What a request asks for, in the words of its messages. */
interface Wanted {
  /** `app:1 for linux/arm64`. */
  readonly name: string;
  /** What is said where the engine has no such thing: `no image app:1`. */
  readonly absent: string;
  /** What to do then. */
  readonly todo: string;
  /** What serves instead of an engine that may not be used. */
  readonly instead: string;
}

export interface DockerEngine {
  /** `the engine at unix:///var/run/docker.sock (the default socket)`. */
  readonly described: string;
  readonly host: DockerHost;
  /** The answer to GET as a stream; throws ScanError: `no-daemon`, `denied`, `not-found`. The caller reads it to its end,
   * or destroys it. */
  readonly get: (path: string, wanted: Wanted, query?: Readonly<Record<string, string>>) => Promise<IncomingMessage>;
}

/** The engine that the environment names; nothing is sent to it yet. */
export async function dockerEngine(): Promise<DockerEngine> {
  const host = dockerHost(process.env);
  const engine = await connect(host);
  return {
    described: `the engine at ${host.address} (${host.from})`,
    host,
    get: async (path, wanted, query = {}) => {
      try {
        return await send(engine, path, query);
      } catch (error) {
        throw requestFailure(error, host, wanted);
      }
    },
  };
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
function send(engine: Docker, path: string, query: Readonly<Record<string, string>>): Promise<IncomingMessage> {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const get = { path: `${path}?`, options: query, method: 'GET', isStream: true, statusCodes: { 200: true } };
    engine.modem.dial(get, (error: unknown, answer: unknown) => {
      if (error === null || error === undefined) resolve(answer as IncomingMessage);
      else reject(error instanceof Error ? error : new Error('no answer'));
    });
  });
}

function requestFailure(error: unknown, host: DockerHost, { name, absent, todo, instead }: Wanted): ScanError {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (status === 404) {
    return new ScanError('not-found', `${absent} in the Docker engine at ${host.address}: ${todo}`);
  }
  if (typeof status === 'number') {
    return new ScanError(
      'no-daemon',
      `the Docker engine at ${host.address} refused to give ${name} (HTTP ${status}): its log says why`,
    );
  }
  const code = errorCode(error) ?? 'no answer';
  if (code === 'EACCES' || code === 'EPERM') {
    return new ScanError(
      'denied',
      `the Docker engine at ${host.address} may not be used by this user: join the group docker, or ${instead}`,
      { cause: error },
    );
  }
  return new ScanError(
    'no-daemon',
    `no Docker engine answers at ${host.address} (${host.from}; ${code}): start it, set DOCKER_HOST, or ${instead}`,
    { cause: error },
  );
}

/** A whole answer that is JSON, with its bytes; undefined where it is too long. Throws ScanError when it is no JSON. */
export async function readJson(
  answer: IncomingMessage,
  { host }: DockerEngine,
): Promise<{ readonly bytes: Buffer; readonly json: unknown } | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      length += part.length;
      // Leaving the loop ends the connection.
      if (length > limits.metadataBytes) return undefined;
      parts.push(part);
    }
    const bytes = Buffer.concat(parts);
    return { bytes, json: JSON.parse(bytes.toString()) as unknown };
  } catch {
    // Without a cause: JSON.parse quotes what it cannot read.
    throw notAnEngine(host);
  }
}

export function notAnEngine(host: DockerHost): ScanError {
  return new ScanError('no-daemon', `what answers at ${host.address} is no Docker engine: look at DOCKER_HOST`);
}
