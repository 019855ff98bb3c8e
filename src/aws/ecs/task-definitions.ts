import { ScanError } from '../../errors.ts';
import { objectOf } from '../../image/json.ts';
import { remoteLimits } from '../../remote-limits.ts';
import { readTags } from './daemons.ts';
import { inParallel } from '../../parallel.ts';
import { lastingPath, resourcePath, revisionOf } from './resource-path.ts';
import { namesIn } from '../response.ts';
import type { Sweep } from './sweep.ts';

/** ARNs by family, each family's newest first. */
export type Revisions = ReadonlyMap<string, readonly string[]>;

/** A revision stays readable after it was deregistered, and until nothing refers to it after it was deleted. */
const STATUSES = ['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS'] as const;

/** All revisions of the scope, those of daemons' task definitions among them. Throws where a family that was named has none. */
export async function listRevisions(sweep: Sweep): Promise<Revisions> {
  const { families, maxRevisions } = sweep.scope;
  if (families.length === 0) {
    const [revisions, daemons] = await Promise.all([listed(sweep, undefined), listedOfDaemons(sweep, undefined)]);
    return newest([...revisions, ...daemons], maxRevisions);
  }
  const all: string[] = [];
  for (const family of families) {
    const arns = [...(await listed(sweep, family)), ...(await listedOfDaemons(sweep, family))];
    if (arns.length === 0 && sweep.tally.gaps.length === 0 && !sweep.isStopped) {
      throw new ScanError('not-found', `no such family (${family}). Check the name and the Region`);
    }
    all.push(...arns);
  }
  return newest(all, maxRevisions);
}

async function listed(sweep: Sweep, familyPrefix: string | undefined): Promise<readonly string[]> {
  const arns: string[] = [];
  for (const status of STATUSES) {
    const filter = { status, sort: 'DESC' as const, maxResults: 100 };
    const input = familyPrefix === undefined ? filter : { ...filter, familyPrefix };
    const pages = sweep.list('ListTaskDefinitions', input, 'taskDefinitionArns', 'task-definitions');
    for await (const arn of namesIn(pages)) arns.push(arn);
  }
  return arns;
}

async function listedOfDaemons(sweep: Sweep, family: string | undefined): Promise<readonly string[]> {
  const arns: string[] = [];
  const input = { status: 'ALL', sort: 'DESC', maxResults: 100, ...(family === undefined ? {} : { family }) } as const;
  const path = 'daemon-task-definitions';
  const pages = sweep.list('ListDaemonTaskDefinitions', input, 'daemonTaskDefinitions', path);
  for await (const arn of namesIn(pages, 'arn')) arns.push(arn);
  return arns;
}

/** Those that services, tasks and daemons use. */
export function usedRevisions(sweep: Sweep): Revisions {
  return newest([...sweep.used], sweep.scope.maxRevisions);
}

function newest(arns: readonly string[], most: number | undefined): Revisions {
  const families = new Map<string, { readonly arn: string; readonly number: number }[]>();
  for (const arn of new Set(arns)) {
    const family = lastingPath(resourcePath(arn));
    const revision = { arn, number: revisionOf(arn)?.number ?? 0 };
    const revisions = families.get(family);
    if (revisions === undefined) families.set(family, [revision]);
    else revisions.push(revision);
  }
  const sorted = new Map<string, readonly string[]>();
  for (const [family, revisions] of families) {
    revisions.sort((left, right) => right.number - left.number);
    sorted.set(
      family,
      revisions.slice(0, most).map(({ arn }) => arn),
    );
  }
  return sorted;
}

/** Reads each revision, or remembers what was found in it. */
export async function readRevisions(sweep: Sweep, revisions: Revisions): Promise<void> {
  const { since } = sweep.scope;
  const all = [...revisions.values()].flat();
  sweep.revisions.total += all.length;
  if (since === undefined) {
    await inParallel(all, remoteLimits.awsCallsAtOnce, async (arn) => {
      await readRevision(sweep, arn);
    });
    return;
  }
  await inParallel(revisions.values(), remoteLimits.awsCallsAtOnce, async (newestFirst) => {
    for (const arn of newestFirst) if (!(await readRevision(sweep, arn))) return;
  });
}

/** False for one that was registered before `--since`, and so were those of its family before it. */
async function readRevision(sweep: Sweep, arn: string): Promise<boolean> {
  sweep.revisions.done += 1;
  const name = resourcePath(arn);
  const known = sweep.ledger?.recall(arn);
  if (known !== undefined) {
    const isNew = sweep.scope.since === undefined || (known.registeredAt ?? Infinity) >= sweep.scope.since;
    if (isNew) sweep.recall(arn, known);
    return isNew;
  }
  const isDaemons = name.startsWith('daemon-');
  const response = isDaemons
    ? await sweep.ask('DescribeDaemonTaskDefinition', { daemonTaskDefinition: arn }, name)
    : await sweep.ask('DescribeTaskDefinition', { taskDefinition: arn, include: ['TAGS'] }, name);
  if (response === undefined) return true;
  const described = objectOf(response[isDaemons ? 'daemonTaskDefinition' : 'taskDefinition']);
  if (sweep.isOld(described)) return false;
  if (isDaemons) {
    sweep.read(name, response);
    await readTags(sweep, arn, name);
  } else {
    sweep.readForGood(arn, response, described['registeredAt']);
  }
  return true;
}
