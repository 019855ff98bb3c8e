import { limits } from '../../limits.ts';
import type { Json } from './client.ts';
import { inParallel } from './parallel.ts';
import { clusterName, resourcePath } from './resource-path.ts';
import { isJson, isText, listIn, namesIn, type Sweep } from './sweep.ts';

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
  await inParallel(services, limits.ecsCallsAtOnce, async (service) => {
    if (service.isExpress) await readExpress(sweep, service);
    if (service.hasTaskSets) await readTaskSets(sweep, cluster, service);
    await readDeployments(sweep, cluster, service);
  });
}

/** Those that ECS manages are a list of their own. */
async function* listed(sweep: Sweep, cluster: string, path: string): AsyncGenerator<string, void, undefined> {
  const seen = new Set<string>();
  for (const resourceManagementType of [undefined, 'ECS'] as const) {
    const input = {
      cluster,
      maxResults: 100,
      ...(resourceManagementType === undefined ? {} : { resourceManagementType }),
    };
    for await (const arn of namesIn(sweep.list('ListServices', input, 'serviceArns', path))) {
      if (!seen.has(arn)) yield arn;
      seen.add(arn);
    }
  }
}

function serviceOf(service: Json, arn: string, cluster: string): Service {
  const { resourceManagementType, deploymentController, taskSets, currentServiceRevisions } = service;
  const isExternal = isJson(deploymentController) && deploymentController['type'] === 'EXTERNAL';
  const revisions = Array.isArray(currentServiceRevisions) ? currentServiceRevisions : [];
  return {
    arn,
    path: resourcePath(arn, cluster),
    isExpress: resourceManagementType === 'ECS',
    hasTaskSets: isExternal || (Array.isArray(taskSets) && taskSets.length > 0),
    revisions: revisions.flatMap(arnIn),
  };
}

function arnIn(summary: unknown): readonly string[] {
  return isJson(summary) && isText(summary['arn']) ? [summary['arn']] : [];
}

function useTaskDefinitions(sweep: Sweep, service: Json): void {
  for (const place of [service, ...listIn(service, 'deployments'), ...listIn(service, 'taskSets')]) {
    if (isJson(place) && isText(place['taskDefinition'])) sweep.used.add(place['taskDefinition']);
  }
}

async function readExpress(sweep: Sweep, { arn, path }: Service): Promise<void> {
  const response = await sweep.ask('DescribeExpressGatewayService', { serviceArn: arn, include: ['TAGS'] }, path);
  if (response !== undefined) sweep.read(path, response);
}

/** DescribeServices has them without tags. */
async function readTaskSets(sweep: Sweep, cluster: string, { arn, path }: Service): Promise<void> {
  const response = await sweep.ask('DescribeTaskSets', { cluster, service: arn, include: ['TAGS'] }, path);
  for (const taskSet of listIn(response ?? {}, 'taskSets').filter(isJson)) {
    const { taskSetArn, id, tags } = taskSet;
    const name = isText(taskSetArn) ? resourcePath(taskSetArn) : `${path}/task-set/${isText(id) ? id : ''}`;
    // The rest of it stands in the service, and is told there.
    if (Array.isArray(tags) && tags.length > 0) sweep.read(name, { taskSets: [{ taskSetArn, tags }] });
  }
}

async function readDeployments(sweep: Sweep, cluster: string, service: Service): Promise<void> {
  const { since } = sweep.scope;
  const { arn, path } = service;
  const revisions = new Set(service.revisions);
  const input = {
    service: arn,
    cluster,
    maxResults: 100,
    ...(since === undefined ? {} : { createdAt: { after: new Date(since) } }),
  };
  const deployments = namesIn(
    sweep.list('ListServiceDeployments', input, 'serviceDeployments', path),
    'serviceDeploymentArn',
  );
  await sweep.describe(
    deployments,
    path,
    {
      operation: 'DescribeServiceDeployments',
      batch: 20,
      input: (serviceDeploymentArns) => ({ serviceDeploymentArns }),
      key: 'serviceDeployments',
      arnKey: 'serviceDeploymentArn',
      isHistory: true,
    },
    (deployment) => {
      for (const source of listIn(deployment, 'sourceServiceRevisions'))
        for (const one of arnIn(source)) revisions.add(one);
      for (const one of arnIn(deployment['targetServiceRevision'])) revisions.add(one);
    },
  );
  await sweep.describe(
    revisions,
    path,
    {
      operation: 'DescribeServiceRevisions',
      batch: 20,
      input: (serviceRevisionArns) => ({ serviceRevisionArns }),
      key: 'serviceRevisions',
      arnKey: 'serviceRevisionArn',
      isHistory: true,
    },
    ({ taskDefinition }) => {
      if (isText(taskDefinition)) sweep.used.add(taskDefinition);
    },
  );
}
