/** Names of resources as people know them, from their ARNs (Amazon ECS developer guide, "Amazon Resource Names (ARNs)"). */

/** What the resource is called behind its service's name, and what it belongs to. */
const WITHIN_SERVICE: Readonly<Record<string, string>> = {
  'task-set': 'service',
  'service-deployment': 'service',
  'service-revision': 'service',
  'daemon-deployment': 'daemon',
  'daemon-revision': 'daemon',
};
const WITHIN_CLUSTER = new Set(['service', 'task', 'container-instance', 'daemon']);

/**
 * `arn:aws:ecs:us-east-1:123456789012:task/prod/3f0c` → `cluster/prod/task/3f0c`. Old ARNs have no cluster in them: then
 * `cluster` tells it. Not masked.
 */
export function resourcePath(arn: string, cluster?: string): string {
  const name = arn.split(':').slice(5).join(':') || arn;
  const [kind = '', ...parts] = name.split('/');
  const owner = WITHIN_SERVICE[kind];
  if (owner !== undefined && parts.length >= 3) {
    const [inCluster = '', service = '', ...id] = parts;
    return `cluster/${inCluster}/${owner}/${service}/${kind.replace(`${owner}-`, '')}/${id.at(-1) ?? ''}`;
  }
  if (!WITHIN_CLUSTER.has(kind)) return name;
  const [inCluster = '', ...id] = parts.length > 1 ? parts : [clusterName(cluster ?? ''), ...parts];
  return inCluster === '' ? name : `cluster/${inCluster}/${kind}/${id.join('/')}`;
}

/** `arn:aws:ecs:us-east-1:123456789012:cluster/prod` → `prod`. */
export function clusterName(cluster: string): string {
  return cluster.slice(cluster.lastIndexOf('/') + 1);
}

export interface Revision {
  /** `web` of `task-definition/web:12`. */
  readonly family: string;
  readonly number: number;
}

/** Of a task definition's ARN, or of its name; undefined where there is no revision in it. */
export function revisionOf(arn: string): Revision | undefined {
  const [, family, number] = /(?:^|\/)([^/:]+):(\d{1,15})$/.exec(arn) ?? [];
  return family === undefined ? undefined : { family, number: Number(number) };
}

/** The path without what is new each time: revisions, ids and digests of images. What is accepted once is then accepted in the
 * next one. */
export function lastingPath(path: string): string {
  return path
    .replace(/^((?:daemon-)?task-definition\/.*):\d+$/, '$1')
    .replace(/\/(task|container-instance|task-set|deployment|revision)\/[^/]+$/, '/$1')
    .replace(/\/image\/sha\d{3}:[0-9a-f]+$/, '/image');
}
