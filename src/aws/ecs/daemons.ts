import { limits } from '../../limits.ts';
import { inParallel } from './parallel.ts';
import { clusterName, resourcePath } from './resource-path.ts';
import { isJson, isText, listIn, namesIn, type Sweep } from './sweep.ts';

/** Daemons of a cluster, with their deployments and revisions. */
export async function readDaemons(sweep: Sweep, cluster: string): Promise<void> {
  const path = `cluster/${clusterName(cluster)}/daemons`;
  const listed = sweep.list('ListDaemons', { clusterArn: cluster, maxResults: 100 }, 'daemonSummariesList', path);
  await inParallel(namesIn(listed, 'daemonArn'), limits.ecsCallsAtOnce, async (daemonArn) => {
    const name = resourcePath(daemonArn);
    const response = await sweep.ask('DescribeDaemon', { daemonArn }, name);
    const revisions = new Set<string>();
    if (response !== undefined) {
      sweep.read(name, response);
      const { daemon } = response;
      for (const revision of isJson(daemon) ? listIn(daemon, 'currentRevisions') : []) add(revisions, revision, 'arn');
    }
    await readTags(sweep, daemonArn, name);
    await readDeployments(sweep, daemonArn, name, revisions);
    await sweep.describe(
      revisions,
      name,
      {
        operation: 'DescribeDaemonRevisions',
        batch: 20,
        input: (daemonRevisionArns) => ({ daemonRevisionArns }),
        key: 'daemonRevisions',
        arnKey: 'daemonRevisionArn',
        isHistory: true,
      },
      ({ daemonTaskDefinitionArn }) => {
        if (isText(daemonTaskDefinitionArn)) sweep.used.add(daemonTaskDefinitionArn);
      },
    );
  });
}

async function readDeployments(sweep: Sweep, daemonArn: string, name: string, revisions: Set<string>): Promise<void> {
  const { since } = sweep.scope;
  const after = since === undefined ? {} : { createdAt: { after: new Date(since) } };
  const listed = sweep.list(
    'ListDaemonDeployments',
    { daemonArn, maxResults: 100, ...after },
    'daemonDeployments',
    name,
  );
  await sweep.describe(
    namesIn(listed, 'daemonDeploymentArn'),
    name,
    {
      operation: 'DescribeDaemonDeployments',
      batch: 20,
      input: (daemonDeploymentArns) => ({ daemonDeploymentArns }),
      key: 'daemonDeployments',
      arnKey: 'daemonDeploymentArn',
      isHistory: true,
    },
    (deployment) => {
      for (const source of listIn(deployment, 'sourceDaemonRevisions')) add(revisions, source, 'arn');
      add(revisions, deployment['targetDaemonRevision'], 'arn');
    },
  );
}

/** Of resources that are described without them. */
export async function readTags(sweep: Sweep, resourceArn: string, name: string): Promise<void> {
  const response = await sweep.ask('ListTagsForResource', { resourceArn }, name);
  if (response !== undefined && listIn(response, 'tags').length > 0) sweep.read(name, response);
}

function add(names: Set<string>, summary: unknown, key: string): void {
  if (isJson(summary) && isText(summary[key])) names.add(summary[key]);
}
