import { ScanError } from '../errors.ts';
import type { Descriptor } from '../image/descriptor.ts';
import { isImageType } from '../image/descriptor.ts';
import { parseJson } from '../image/json.ts';
import type { Platform } from '../image/platform.ts';
import { parsePlatform } from '../image/platform.ts';
import { limits } from '../limits.ts';
import { remoteLimits } from '../remote-limits.ts';
import type { OnProblem, Problem } from '../unpack/chunks.ts';
import type { ImageRegistry, StoredManifest } from './image-registry.ts';
import type { NamedBlob } from './named-blobs.ts';
import { namedBy } from './named-blobs.ts';

/** What one step of a walk found. */
export type WalkStep =
  /** An index or a manifest; `digest` is what it was asked for by. */
  | { readonly kind: 'manifest'; readonly digest: string; readonly bytes: Buffer }
  /** A manifest that could not be had. */
  | { readonly kind: 'missing'; readonly digest: string; readonly problem: Problem }
  /** Named by a manifest; each digest once. */
  | { readonly kind: 'blob'; readonly blob: NamedBlob }
  /** About one of the manifests; its own manifest follows. */
  | { readonly kind: 'referrer'; readonly descriptor: Descriptor };

export interface WalkOptions {
  /** As `--platform` gives them: other entries of indexes are left out. */
  readonly platforms?: readonly string[] | undefined;
  /** False: what is about the manifests is not asked for. */
  readonly referrers?: boolean;
}

/**
 * From one manifest down: indexes, manifests, what is about them, and all blobs that they name. Nothing is verified here. What
 * could not be had is a step or a problem; nothing is thrown.
 */
export async function* walkImage(
  registry: ImageRegistry,
  repository: string,
  root: StoredManifest,
  { platforms = [], referrers = true }: WalkOptions,
  onProblem: OnProblem,
): AsyncGenerator<WalkStep, void, undefined> {
  const wanted = platforms.map(parsePlatform).filter((platform) => platform !== undefined);
  const manifests = new Manifests();
  const blobs = new Set<string>();
  async function visit(pending: Pending): Promise<Visited> {
    const visited = await visitManifest(registry, repository, pending, wanted);
    return referrers && visited.isThere ? await withReferrers(registry, repository, pending, visited) : visited;
  }
  const top: Pending = { ...root, depth: 0 };
  let level = [top].filter(manifests.isNew);
  while (level.length > 0) {
    const below: Pending[] = [];
    for await (const visited of ahead(level, remoteLimits.manifestsAtOnce, visit)) {
      for (const problem of visited.problems) onProblem(problem);
      for (const step of visited.steps) {
        if (step.kind === 'blob' && blobs.has(step.blob.digest)) continue;
        if (step.kind === 'blob') blobs.add(step.blob.digest);
        yield step;
      }
      below.push(...visited.below);
    }
    level = below.filter(manifests.isNew);
  }
  if (manifests.isCut) {
    const detail = `more than ${remoteLimits.imageManifests} manifests, or some below ${limits.indexDepth} others`;
    onProblem({ reason: 'entry-limit', detail });
  }
}

interface Pending {
  readonly digest: string;
  readonly mediaType: string;
  readonly depth: number;
  /** Of one that was asked for already. */
  readonly bytes?: Buffer;
}

interface Visited {
  readonly isThere: boolean;
  readonly steps: readonly WalkStep[];
  readonly below: readonly Pending[];
  readonly problems: readonly Problem[];
}

/** Those that were seen, however many documents lead to one. */
class Manifests {
  readonly #seen = new Set<string>();
  isCut = false;

  readonly isNew = ({ digest, depth }: Pending): boolean => {
    if (this.#seen.has(digest)) return false;
    // A manifest below the deepest index, and what is about it.
    const fits = this.#seen.size < remoteLimits.imageManifests && depth <= limits.indexDepth + 2;
    if (fits) this.#seen.add(digest);
    else this.isCut = true;
    return fits;
  };
}

async function visitManifest(
  registry: ImageRegistry,
  repository: string,
  { digest, mediaType, depth, bytes: known }: Pending,
  platforms: readonly Platform[],
): Promise<Visited> {
  let bytes = known;
  try {
    bytes ??= (await registry.manifest(repository, digest)).bytes;
  } catch (error) {
    const problem = problemOf(error);
    // An index may name anything: what it does not call a manifest may be a blob.
    const isBlob = problem.reason === 'missing-blob' && !isImageType(mediaType);
    const step: WalkStep = isBlob
      ? { kind: 'blob', blob: { digest, mediaType, size: undefined, isForeign: false, content: undefined } }
      : { kind: 'missing', digest, problem };
    return { isThere: false, steps: [step], below: [], problems: [] };
  }
  const named = namedBy(parseJson(bytes.toString()), platforms);
  const steps: WalkStep[] = [{ kind: 'manifest', digest, bytes }];
  for (const blob of named.blobs) steps.push({ kind: 'blob', blob });
  const below = named.manifests.map((entry) => ({ ...entry, depth: depth + 1 }));
  return { isThere: true, steps, below, problems: named.problems };
}

async function withReferrers(
  registry: ImageRegistry,
  repository: string,
  { digest, depth }: Pending,
  { steps, below, problems, isThere }: Visited,
): Promise<Visited> {
  try {
    const found = await registry.referrers(repository, digest);
    return {
      isThere,
      steps: [...steps, ...found.map((descriptor): WalkStep => ({ kind: 'referrer', descriptor }))],
      below: [...below, ...found.map((descriptor) => ({ ...descriptor, depth: depth + 1 }))],
      problems,
    };
  } catch (error) {
    return { isThere, steps, below, problems: [...problems, problemOf(error)] };
  }
}

/** The message of a ScanError names what was asked for, and holds no text of the registry. */
function problemOf(error: unknown): Problem {
  if (!(error instanceof ScanError) || error.code === 'usage') throw error;
  return { reason: error.code === 'not-found' ? 'missing-blob' : 'unreadable', detail: error.message };
}

/** The results in the order of what they are of; `most` at once. */
async function* ahead<Each, Result>(
  all: readonly Each[],
  most: number,
  work: (each: Each) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const running: Promise<Result>[] = [];
  for (const each of all) {
    const result = work(each);
    // One that fails while an earlier one is awaited is heard when its turn comes.
    result.catch(() => undefined);
    running.push(result);
    const first = running.length >= most ? running.shift() : undefined;
    if (first !== undefined) yield await first;
  }
  for (const result of running) yield await result;
}
