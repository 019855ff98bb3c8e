import type { IncomingMessage } from 'node:http';
import { ScanError } from '../errors.ts';
import { arrayOf, memberOf, textOf } from '../image/json.ts';
import { openTarStream } from './archive.ts';
import { dockerEngine, notAnEngine, readJson } from './docker-engine.ts';
import type { Source, SourceObject } from './source.ts';

/** From this version of the API on, the engine can export one platform of several. */
const PLATFORM_API = 1.48;

/**
 * An image of the Docker engine: asked for by name, digest or id, then read from the socket as `docker save` would write
 * it. Throws ScanError: `no-daemon`, `denied`, `not-found`.
 */
export async function openDockerDaemon(
  name: string,
  reference: string,
  platforms: readonly string[] = [],
): Promise<Source> {
  const path = `/images/${imagePath(name, reference)}`;
  const engine = await dockerEngine();
  const wanted = {
    name,
    absent: `no image ${name}`,
    todo: '`docker images` lists what it has, `docker pull` gets more',
    instead: 'scan a file that `docker save` wrote',
  };
  const inspected = await engine.get(`${path}/json`, wanted);
  const found = await readJson(inspected, engine);
  if (found === undefined) throw notAnEngine(engine.host);
  const [platform, ...others] = platforms;
  const narrow = platform !== undefined && others.length === 0 && apiVersionOf(inspected) >= PLATFORM_API;
  const archive = narrow
    ? await engine.get(
        `${path}/get`,
        { ...wanted, name: `${name} for ${platform}`, absent: `no image ${name} for ${platform}` },
        { platform: platformJson(platform) },
      )
    : await engine.get(`${path}/get`, wanted);
  const source = await openTarStream(archive, {
    reference,
    chosen: `docker-daemon: ${engine.described} has it`,
    totalBytes: sizeOf(found.json),
    sender: 'the Docker engine',
  });
  const oneOf = layersOf(found.json);
  return { ...source, objects: (onProblem) => withLayers(source.objects(onProblem), oneOf) };
}

/** Engines before version 25 name a layer by what is no digest of its bytes. */
async function* withLayers(
  objects: AsyncIterable<SourceObject>,
  oneOf: readonly string[],
): AsyncGenerator<SourceObject, void, undefined> {
  for await (const object of objects) yield object.name.endsWith('/layer.tar') ? { ...object, oneOf } : object;
}

/** Digests of the plain tars, as the engine's answer to `docker inspect` has them (RootFS.Layers). */
function layersOf(inspected: unknown): readonly string[] {
  return arrayOf(memberOf(memberOf(inspected, 'RootFS'), 'Layers')).map(textOf);
}

/** Keeps a name from reaching another address of the engine than that of an image. */
export function imagePath(name: string, reference: string): string {
  if (/^[\w[][\w.:/@[\]-]*$/.test(name) && !name.split('/').includes('..'))
    return name.replace(/[[\]]/g, encodeURIComponent);
  throw new ScanError('not-found', `${reference} is no file here, and cannot be the name of an image`);
}

function sizeOf(inspected: unknown): number | undefined {
  const { Size: size } = (inspected ?? {}) as { readonly Size?: unknown };
  return typeof size === 'number' ? size : undefined;
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
