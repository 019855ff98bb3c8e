import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ScanError } from '../errors.ts';

/** Where the Docker engine listens. */
export interface DockerHost {
  /** For messages: the address without user, password and path. */
  readonly address: string;
  /** Where the address was found: `DOCKER_HOST`, `the docker context "x"`, `the default socket`. */
  readonly from: string;
  readonly socketPath?: string;
  readonly tcp?: { readonly host: string; readonly port: number; readonly tls?: DockerTls };
}

interface DockerTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False only where the docker context says that the engine's certificate is not to be checked. */
  readonly verify: boolean;
}

/** `DOCKER_HOST`, then `DOCKER_CONTEXT`, then the current context, then the default socket: docker's own order. */
export function dockerHost(env: NodeJS.ProcessEnv): DockerHost {
  if (env['DOCKER_HOST']) return parseHost(env['DOCKER_HOST'], 'DOCKER_HOST', environmentTls(env));
  const folder = env['DOCKER_CONFIG'] || join(homedir(), '.docker');
  const context = env['DOCKER_CONTEXT'] || currentContext(folder);
  if (context !== undefined && context !== 'default') return contextHost(folder, context);
  return defaultSocket();
}

function defaultSocket(): DockerHost {
  if (process.platform === 'win32') return socket('//./pipe/docker_engine', 'the default pipe');
  const desktop = join(homedir(), '.docker/run/docker.sock');
  return socket(existsSync(desktop) ? desktop : '/var/run/docker.sock', 'the default socket');
}

function socket(path: string, from: string): DockerHost {
  return { address: `unix://${path}`, from, socketPath: path };
}

function parseHost(text: string, from: string, tls: DockerTls | undefined): DockerHost {
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(text) ?? [];
  if (scheme === 'unix' || scheme === 'npipe') return rest === '' ? defaultSocket() : socket(rest, from);
  if (scheme === 'ssh') {
    throw new ScanError(
      'usage',
      `${from} names an engine behind ssh, which phiscan does not speak: run docker save there and scan its output, ` +
        '`ssh HOST docker save NAME | phiscan image -`',
    );
  }
  const url = URL.parse(`tcp://${rest}`);
  if (!['tcp', 'http', 'https'].includes(scheme) || url === null || url.hostname === '') {
    throw new ScanError('usage', `${from} is no address of an engine: it should look like tcp://127.0.0.1:2375`);
  }
  const secured = tls ?? (scheme === 'https' ? { verify: true } : undefined);
  const port = Number(url.port === '' ? (secured ? 2376 : 2375) : url.port);
  return {
    address: `tcp://${url.hostname}:${port}`,
    from,
    tcp: { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port, ...(secured && { tls: secured }) },
  };
}

/** As docker does: any value of DOCKER_TLS_VERIFY but the empty one asks for TLS, and it is then always verified. */
function environmentTls(env: NodeJS.ProcessEnv): DockerTls | undefined {
  if (!env['DOCKER_TLS_VERIFY']) return undefined;
  return readTls(env['DOCKER_CERT_PATH'] || join(homedir(), '.docker'), true);
}

function readTls(folder: string, verify: boolean): DockerTls {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readOptional(join(folder, name)));
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    verify,
  };
}

function currentContext(folder: string): string | undefined {
  const text = readOptional(join(folder, 'config.json'));
  return text === undefined ? undefined : textAt(parseJson(text), 'currentContext');
}

/** Docker keeps a context in a folder named by the hash of its name. */
function contextHost(folder: string, context: string): DockerHost {
  const id = createHash('sha256').update(context).digest('hex');
  const meta = parseJson(readOptional(join(folder, 'contexts/meta', id, 'meta.json')) ?? '');
  const host = textAt(meta, 'Endpoints', 'docker', 'Host');
  const from = `the docker context "${context}"`;
  if (host === undefined) {
    throw new ScanError('not-found', `${from} is not there: \`docker context ls\` lists them, DOCKER_HOST comes first`);
  }
  const files = join(folder, 'contexts/tls', id, 'docker');
  const verify = valueAt(meta, 'Endpoints', 'docker', 'SkipTLSVerify') !== true;
  return parseHost(host, from, existsSync(files) || !verify ? readTls(files, verify) : undefined);
}

/** Undefined when there is no such file; docker too goes on without it. */
function readOptional(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ScanError('denied', `${path}, which says how to reach the Docker engine, cannot be read`, {
      cause: error,
    });
  }
}

/** Undefined for text that is no JSON: docker's own settings are then as good as absent. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = valueAt(value, ...keys);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  let at = value;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.entries(at).find(([name]) => name === key)?.[1];
  }
  return at;
}
