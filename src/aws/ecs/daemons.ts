import { arrayOf, memberOf } from '../../image/json.ts';
import { remoteLimits } from '../../remote-limits.ts';
import { inParallel } from '../../parallel.ts';
import { clusterName, resourcePath } from './resource-path.ts';
import { namesIn } from '../response.ts';
import { arnsOf, ofDaemons, readRollouts } from './rollouts.ts';
import type { Sweep } from './sweep.ts';

/** Daemons of a cluster, with their deployments and revisions. */
export async function readDaemons(sweep: Sweep, cluster: string): Promise<void> {
  const path = `cluster/${clusterName(cluster)}/daemons`;
  const listed = sweep.list('ListDaemons', { clusterArn: cluster, maxResults: 100 }, 'daemonSummariesList', path);
  await inParallel(namesIn(listed, 'daemonArn'), remoteLimits.awsCallsAtOnce, async (daemonArn) => {
    const name = resourcePath(daemonArn);
    const response = await sweep.ask('DescribeDaemon', { daemonArn }, name);
    if (response !== undefined) sweep.read(name, response);
    await readTags(sweep, daemonArn, name);
    const input = { daemonArn, maxResults: 100, ...sweep.createdAfter };
    await readRollouts(sweep, name, ofDaemons, {
      deployments: namesIn(
        sweep.list('ListDaemonDeployments', input, 'daemonDeployments', name),
        'daemonDeploymentArn',
      ),
      current: arnsOf(memberOf(response?.['daemon'], 'currentRevisions')),
    });
  });
}

/** Of resources that are described without them. */
export async function readTags(sweep: Sweep, resourceArn: string, name: string): Promise<void> {
  const response = await sweep.ask('ListTagsForResource', { resourceArn }, name);
  if (response !== undefined && arrayOf(response['tags']).length > 0) sweep.read(name, response);
}
