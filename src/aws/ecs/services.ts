import { arrayOf, isObject, type JsonObject, memberOf } from '../../image/json.ts';
import { remoteLimits } from '../../remote-limits.ts';
import { inParallel } from '../../parallel.ts';
import { clusterName, resourcePath } from './resource-path.ts';
import { isText, namesIn } from '../response.ts';
import { arnsOf, ofServices, readRollouts } from './rollouts.ts';
import type { Sweep } from './sweep.ts';

interface Service {
  readonly arn: string;
  readonly path: string;
  /** Managed by ECS: an Express Gateway service. */
  readonly isExpress: boolean;
  readonly hasTaskSets: boolean;
  readonly revisions: readonly string[];
}

/** Services with their events, deployments, revisions and task sets. */
export async function readServices(sweep: Sweep, cluster: string): Promise<void> {
  const path = `cluster/${clusterName(cluster)}/services`;
  const services: Service[] = [];
  await sweep.describe(
    listed(sweep, cluster, path),
    path,
    {
      operation: 'DescribeServices',
      batch: 10,
      input: (names) => ({ cluster, services: names, include: ['TAGS'] }),
      key: 'services',
      arnKey: 'serviceArn',
      cluster,
    },
    (service) => {
      useTaskDefinitions(sweep, service);
      if (isText(service['serviceArn'])) services.push(serviceOf(service, service['serviceArn'], cluster));
    },
  );
  await inParallel(services, remoteLimits.awsCallsAtOnce, async (service) => {
    if (service.isExpress) await readExpress(sweep, service);
    if (service.hasTaskSets) await readTaskSets(sweep, cluster, service);
    await readDeployments(sweep, cluster, service);
  });
}

/** Those that ECS manages are a list of their own. */
async function* listed(sweep: Sweep, cluster: string, path: string): AsyncGenerator<string, void, undefined> {
  const seen = new Set<string>();
  for (const resourceManagementType of [undefined, 'ECS'] as const) {
    const kind = resourceManagementType === undefined ? {} : { resourceManagementType };
    const input = { cluster, maxResults: 100, ...kind };
    for await (const arn of namesIn(sweep.list('ListServices', input, 'serviceArns', path))) {
      if (!seen.has(arn)) yield arn;
      seen.add(arn);
    }
  }
}

function serviceOf(service: JsonObject, arn: string, cluster: string): Service {
  const { resourceManagementType, deploymentController, taskSets, currentServiceRevisions } = service;
  const isExternal = memberOf(deploymentController, 'type') === 'EXTERNAL';
  return {
    arn,
    path: resourcePath(arn, cluster),
    isExpress: resourceManagementType === 'ECS',
    hasTaskSets: isExternal || arrayOf(taskSets).length > 0,
    revisions: arnsOf(currentServiceRevisions),
  };
}

function useTaskDefinitions(sweep: Sweep, service: JsonObject): void {
  for (const place of [service, ...arrayOf(service['deployments']), ...arrayOf(service['taskSets'])]) {
    if (isObject(place) && isText(place['taskDefinition'])) sweep.used.add(place['taskDefinition']);
  }
}

async function readExpress(sweep: Sweep, { arn, path }: Service): Promise<void> {
  const response = await sweep.ask('DescribeExpressGatewayService', { serviceArn: arn, include: ['TAGS'] }, path);
  if (response !== undefined) sweep.read(path, response);
}

/** DescribeServices has them without tags. */
async function readTaskSets(sweep: Sweep, cluster: string, { arn, path }: Service): Promise<void> {
  const response = await sweep.ask('DescribeTaskSets', { cluster, service: arn, include: ['TAGS'] }, path);
  for (const taskSet of arrayOf(memberOf(response, 'taskSets')).filter(isObject)) {
    const { taskSetArn, id, tags } = taskSet;
    const name = isText(taskSetArn) ? resourcePath(taskSetArn) : `${path}/task-set/${isText(id) ? id : ''}`;
    // The rest of it stands in the service, and is told there.
    if (arrayOf(tags).length > 0) sweep.read(name, { taskSets: [{ taskSetArn, tags }] });
  }
}

async function readDeployments(sweep: Sweep, cluster: string, { arn, path, revisions }: Service): Promise<void> {
  const input = { service: arn, cluster, maxResults: 100, ...sweep.createdAfter };
  await readRollouts(sweep, path, ofServices, {
    deployments: namesIn(
      sweep.list('ListServiceDeployments', input, 'serviceDeployments', path),
      'serviceDeploymentArn',
    ),
    current: revisions,
  });
}
