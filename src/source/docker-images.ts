/** What names of images name in the Docker engine, at the moment when it is asked. */
import { ScanError } from '../errors.ts';
import { imagePath } from './docker-daemon.ts';
import { dockerEngine, notAnEngine, readJson } from './docker-engine.ts';

const TODO = '`docker images` lists what it has, `docker pull` gets more';

/** Id (`sha256:<hex>`) by name, in the order of the names. Throws ScanError: `no-daemon`, `denied`, `not-found`. */
export async function imageIds(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const engine = await dockerEngine();
  const ids = new Map<string, string>();
  for (const name of names) {
    const wanted = { name, absent: `no image ${name}`, todo: TODO, instead: 'ask who may' };
    const answer = await readJson(await engine.get(`/images/${imagePath(name, name)}/json`, wanted), engine);
    const { Id: id } = (answer?.json ?? {}) as { readonly Id?: unknown };
    if (typeof id !== 'string') throw notAnEngine(engine.host);
    ids.set(name, id);
  }
  return ids;
}

/** All `NAME:TAG` of a repository, sorted: what `docker push --all-tags` sends. Throws ScanError like `imageIds`. */
export async function tagsOf(repository: string): Promise<readonly string[]> {
  imagePath(repository, repository);
  const engine = await dockerEngine();
  const absent = `no tag of ${repository}`;
  const wanted = { name: repository, absent, todo: TODO, instead: 'ask who may' };
  const filters = JSON.stringify({ reference: [repository] });
  const answer = await readJson(await engine.get('/images/json', wanted, { filters }), engine);
  if (!Array.isArray(answer?.json)) throw notAnEngine(engine.host);
  const listed = (answer.json as readonly { readonly RepoTags?: readonly string[] | null }[]).flatMap(
    ({ RepoTags }) => RepoTags ?? [],
  );
  // The engine leaves out of its names what Docker Hub's have in common.
  const short = repository.replace(/^(?:index\.)?docker\.io\/(?:library\/)?/, '');
  const tags = listed.filter((tag) => tag.startsWith(`${short}:`) && !tag.slice(short.length + 1).includes('/'));
  if (tags.length === 0) throw new ScanError('not-found', `${absent} in the Docker engine. ${TODO}`);
  return [...new Set(tags)].sort();
}
