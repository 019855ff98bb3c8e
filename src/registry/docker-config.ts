import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ScanError } from '../errors.ts';
import { isObject, memberOf, parseJson, textOf } from '../image/json.ts';
import { remoteLimits } from '../remote-limits.ts';
import { askHelper } from './credential-helper.ts';
import type { Credentials } from './credentials.ts';
import { isDockerHub } from './image-name.ts';

/** Docker Hub's key, in docker's file and of its helpers. */
const HUB_KEY = 'https://index.docker.io/v1/';

/**
 * As docker finds them (docs.docker.com/reference/cli/docker/login): `config.json` in DOCKER_CONFIG or ~/.docker; the helper of
 * this registry, the store of all, then the file itself. Throws ScanError `usage` when the file cannot be read.
 */
export async function credentialsFor(host: string, env: NodeJS.ProcessEnv): Promise<Credentials> {
  const folder = env['DOCKER_CONFIG'] || join(homedir(), '.docker');
  const config = await readConfig(join(folder, 'config.json'));
  const key = isDockerHub(host) ? HUB_KEY : host;
  const helpers = memberOf(config, 'credHelpers');
  const helper =
    textOf(memberOf(helpers, key)) || textOf(memberOf(helpers, host)) || textOf(memberOf(config, 'credsStore'));
  const helped = helper === '' ? {} : await askHelper(helper, key, env);
  if (helped.user !== undefined || helped.identityToken !== undefined) return helped;
  return { ...helped, ...ofEntry(entryOf(memberOf(config, 'auths'), host, key)) };
}

async function readConfig(path: string): Promise<unknown> {
  let text: string;
  try {
    if ((await stat(path)).size > remoteLimits.helperBytes) throw unusable('is longer than 1 MiB');
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof ScanError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unusable('cannot be read');
  }
  const json = parseJson(text);
  if (!isObject(json)) throw unusable('is no JSON object');
  return json;
}

function unusable(what: string): ScanError {
  return new ScanError('usage', `docker's config.json ${what}: mend it, or set DOCKER_CONFIG to a folder with another`);
}

/** By the host itself; or by an address of it, as old versions of docker wrote it. */
function entryOf(auths: unknown, host: string, key: string): unknown {
  if (!isObject(auths)) return undefined;
  for (const name of [key, host]) if (Object.hasOwn(auths, name)) return auths[name];
  const wanted = hostOf(key);
  const found = Object.keys(auths).find((name) => hostOf(name) === wanted);
  return found === undefined ? undefined : auths[found];
}

function hostOf(name: string): string {
  return name.replace(/^https?:\/\//, '').split('/')[0] ?? '';
}

function ofEntry(entry: unknown): Credentials {
  const identityToken = textOf(memberOf(entry, 'identitytoken'));
  const registryToken = textOf(memberOf(entry, 'registrytoken'));
  const user = userOf(entry);
  return {
    ...(user !== undefined && { user }),
    ...(identityToken !== '' && { identityToken }),
    ...(registryToken !== '' && { registryToken }),
  };
}

/** `auth` is `name:password` in base64, which some programs end with NULs. */
function userOf(entry: unknown): Credentials['user'] {
  const decoded = Buffer.from(textOf(memberOf(entry, 'auth')), 'base64')
    .toString()
    .replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  const name = colon > 0 ? decoded.slice(0, colon) : textOf(memberOf(entry, 'username'));
  const password = colon > 0 ? decoded.slice(colon + 1) : textOf(memberOf(entry, 'password'));
  return name === '' || password === '' ? undefined : { name, password };
}
