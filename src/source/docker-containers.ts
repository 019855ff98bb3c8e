import { ScanError } from '../errors.ts';
import { dockerEngine, notAnEngine, readJson, type DockerEngine } from './docker-engine.ts';

/** What the engine says of a container, running or not: `docker inspect`. */
interface InspectedContainer {
  /** As `docker ps` shows it. */
  readonly name: string;
  /** Of the image's configuration: `sha256:…`; empty where the engine does not say. */
  readonly imageId: string;
  /** `linux`; empty where the engine does not say. */
  readonly platform: string;
  /** The answer as it came; undefined when it is longer than `limits.metadataBytes`. */
  readonly bytes: Buffer | undefined;
}

export interface ContainerSource {
  /** Which engine was asked, and why that one. */
  readonly chosen: string;
  /** One after the other, each asked for when it is pulled. Throws ScanError as `openContainers` does. */
  readonly containers: AsyncIterable<InspectedContainer>;
}

/**
 * The named containers of the Docker engine, or all that run, are paused, or have exited (Engine API 1.41: GET
 * /containers/json, GET /containers/{id}/json). Throws ScanError: `no-daemon`, `denied`, `not-found`.
 */
export async function openContainers(names: readonly string[]): Promise<ContainerSource> {
  const engine = await dockerEngine();
  const wanted = names.length === 0 ? await listed(engine) : names.map((name) => ({ id: containerPath(name), name }));
  return { chosen: `docker-daemon: ${engine.described}`, containers: inspected(engine, wanted, names.length > 0) };
}

/** Asked for by id, called by name. */
interface Listed {
  readonly id: string;
  readonly name: string;
}

async function* inspected(
  engine: DockerEngine,
  wanted: readonly Listed[],
  isNamed: boolean,
): AsyncIterable<InspectedContainer> {
  for (const { id, name } of wanted) {
    try {
      yield await inspect(engine, id, name);
    } catch (error) {
      // Removed since it was listed, and its texts with it.
      if (isNamed || !(error instanceof ScanError) || error.code !== 'not-found') throw error;
    }
  }
}

async function inspect(engine: DockerEngine, id: string, name: string): Promise<InspectedContainer> {
  const found = await readJson(await engine.get(`/containers/${id}/json`, messages(name)), engine);
  if (found === undefined) return { name, imageId: '', platform: '', bytes: undefined };
  const { json, bytes } = found;
  return {
    name: nameOf(textAt(json, 'Name')) || name,
    imageId: textAt(json, 'Image'),
    platform: textAt(json, 'Platform'),
    bytes,
  };
}

/** In the order of their names, so that two runs agree. */
async function listed(engine: DockerEngine): Promise<readonly Listed[]> {
  const answer = await engine.get('/containers/json', messages('its containers'), { all: '1' });
  const found = await readJson(answer, engine);
  if (!Array.isArray(found?.json)) throw notAnEngine(engine.host);
  return (found.json as readonly unknown[])
    .map((one) => ({ id: textAt(one, 'Id'), name: firstName(one) }))
    .filter(({ id }) => /^[0-9a-f]{12,64}$/.test(id))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function messages(name: string): Parameters<DockerEngine['get']>[1] {
  return {
    name,
    absent: `no container ${name}`,
    todo: '`docker ps --all` lists what it has',
    instead: 'scan a file that `docker inspect` wrote with `phiscan files`',
  };
}

/** Keeps a name from reaching another address of the engine than that of a container. */
function containerPath(name: string): string {
  if (/^\/?[A-Za-z0-9][\w.-]*$/.test(name)) return nameOf(name);
  throw new ScanError('not-found', `${name} cannot be the name of a container: \`docker ps --all\` lists them`);
}

/** The engine puts a slash in front. */
function nameOf(text: string): string {
  return text.replace(/^\//, '');
}

/** A legacy link gives a container further names: `/web/db`. */
function firstName(one: unknown): string {
  const { Names: names } = (one ?? {}) as { readonly Names?: unknown };
  const texts = Array.isArray(names) ? names.filter((name) => typeof name === 'string').map(nameOf) : [];
  return texts.find((name) => !name.includes('/')) ?? texts[0] ?? '';
}

function textAt(json: unknown, key: string): string {
  const value = (json as Readonly<Record<string, unknown>> | null)?.[key];
  return typeof value === 'string' ? value : '';
}
