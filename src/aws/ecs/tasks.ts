import { clusterName } from './resource-path.ts';
import { isText, namesIn } from '../response.ts';
import type { Sweep } from './sweep.ts';

/** Tasks that run, and those that stopped within the last hour or so: ECS forgets them then. */
export async function readTasks(sweep: Sweep, cluster: string): Promise<void> {
  const { families } = sweep.scope;
  const path = `cluster/${clusterName(cluster)}/tasks`;
  for (const family of families.length === 0 ? [undefined] : families) {
    for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
      const input = { cluster, desiredStatus, maxResults: 100, ...(family === undefined ? {} : { family }) };
      await sweep.describe(
        namesIn(sweep.list('ListTasks', input, 'taskArns', path)),
        path,
        {
          operation: 'DescribeTasks',
          batch: 100,
          input: (tasks) => ({ cluster, tasks, include: ['TAGS'] }),
          key: 'tasks',
          arnKey: 'taskArn',
          cluster,
          isHistory: desiredStatus === 'STOPPED',
        },
        ({ taskDefinitionArn }) => {
          if (isText(taskDefinitionArn)) sweep.used.add(taskDefinitionArn);
        },
      );
    }
  }
}

/** With their attributes, health and tags. */
export async function readContainerInstances(sweep: Sweep, cluster: string): Promise<void> {
  const path = `cluster/${clusterName(cluster)}/container-instances`;
  const listed = sweep.list('ListContainerInstances', { cluster, maxResults: 100 }, 'containerInstanceArns', path);
  await sweep.describe(namesIn(listed), path, {
    operation: 'DescribeContainerInstances',
    batch: 100,
    input: (containerInstances) => ({ cluster, containerInstances, include: ['TAGS', 'CONTAINER_INSTANCE_HEALTH'] }),
    key: 'containerInstances',
    arnKey: 'containerInstanceArn',
    cluster,
  });
}
