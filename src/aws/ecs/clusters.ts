import { ScanError } from '../../errors.ts';
import { arrayOf, isObject } from '../../image/json.ts';
import { remoteLimits } from '../../remote-limits.ts';
import { readDaemons } from './daemons.ts';
import { readServices } from './services.ts';
import { inParallel } from '../../parallel.ts';
import { clusterName } from './resource-path.ts';
import { isText } from '../response.ts';
import type { Sweep } from './sweep.ts';
import { readContainerInstances, readTasks } from './tasks.ts';

/**
 * The clusters of the scope, read; by ARN. The first thing that is asked of a Region: throws where a cluster that was named
 * is not there.
 */
export async function readClusters(sweep: Sweep): Promise<readonly string[]> {
  const { clusters: named, families } = sweep.scope;
  const arns = new Set<string>();
  if (named.length === 0) {
    for await (const arn of sweep.list('ListClusters', { maxResults: 100 }, 'clusterArns', 'clusters')) {
      if (isText(arn)) arns.add(arn);
    }
  }
  if (families.length > 0 && named.length === 0) return [...arns];
  await sweep.describe(
    named.length === 0 ? arns : named,
    'clusters',
    {
      operation: 'DescribeClusters',
      batch: 100,
      input: (clusters) => ({ clusters, include: ['ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS'] }),
      key: 'clusters',
      arnKey: 'clusterArn',
      onGone: named.length === 0 ? undefined : notThere,
    },
    ({ clusterArn }) => {
      if (isText(clusterArn)) arns.add(clusterArn);
    },
  );
  return [...arns];
}

function notThere(arn: string): never {
  throw new ScanError('not-found', `no such cluster (${clusterName(arn)}). Check the name and the Region`);
}

/** All that is in the clusters, and moves. */
export async function readInClusters(sweep: Sweep, clusters: readonly string[]): Promise<void> {
  const onlyTasks = sweep.scope.families.length > 0;
  await inParallel(clusters, remoteLimits.awsCallsAtOnce, async (cluster) => {
    const parts = [readTasks(sweep, cluster)];
    if (!onlyTasks) {
      parts.push(readServices(sweep, cluster), readContainerInstances(sweep, cluster), readDaemons(sweep, cluster));
    }
    await Promise.all(parts);
  });
}

/** Capacity providers of the account, or of the clusters that were named. */
export async function readCapacityProviders(sweep: Sweep): Promise<void> {
  const { clusters } = sweep.scope;
  for (const cluster of clusters.length === 0 ? [undefined] : clusters) {
    const input = { include: ['TAGS' as const], ...(cluster === undefined ? {} : { cluster }) };
    for await (const page of sweep.pages('DescribeCapacityProviders', input, 'capacity-providers')) {
      for (const provider of arrayOf(page['capacityProviders']).filter(isObject)) {
        const { name } = provider;
        sweep.read(`capacity-provider/${isText(name) ? name : ''}`, { capacityProviders: [provider] });
      }
    }
  }
}
