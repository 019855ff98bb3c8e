import { describe, expect, test } from 'vitest';
import { clusterName, lastingPath, resourcePath, revisionOf } from '../../../src/aws/ecs/resource-path.ts';

const BEFORE = 'arn:aws:ecs:us-east-1:123456789012:';

describe('the name of a resource', () => {
  test.each([
    ['cluster/prod', 'cluster/prod', 'cluster/prod'],
    ['task-definition/web:12', 'task-definition/web:12', 'task-definition/web'],
    ['daemon-task-definition/agent:3', 'daemon-task-definition/agent:3', 'daemon-task-definition/agent'],
    ['task/prod/3f0c', 'cluster/prod/task/3f0c', 'cluster/prod/task'],
    ['service/prod/api', 'cluster/prod/service/api', 'cluster/prod/service/api'],
    ['container-instance/prod/1c3b', 'cluster/prod/container-instance/1c3b', 'cluster/prod/container-instance'],
    ['task-set/prod/api/ecs-svc/123', 'cluster/prod/service/api/task-set/123', 'cluster/prod/service/api/task-set'],
    ['service-deployment/prod/api/r9', 'cluster/prod/service/api/deployment/r9', 'cluster/prod/service/api/deployment'],
    ['service-revision/prod/api/49', 'cluster/prod/service/api/revision/49', 'cluster/prod/service/api/revision'],
    ['daemon/prod/agent', 'cluster/prod/daemon/agent', 'cluster/prod/daemon/agent'],
    ['daemon-revision/prod/agent/49', 'cluster/prod/daemon/agent/revision/49', 'cluster/prod/daemon/agent/revision'],
    [
      'daemon-deployment/prod/agent/aB',
      'cluster/prod/daemon/agent/deployment/aB',
      'cluster/prod/daemon/agent/deployment',
    ],
    ['capacity-provider/spot', 'capacity-provider/spot', 'capacity-provider/spot'],
    ['gateway/edge/0a1b', 'gateway/edge/0a1b', 'gateway/edge/0a1b'],
    ['what-comes-next/x', 'what-comes-next/x', 'what-comes-next/x'],
  ])('of %s, and what of it lasts', (name, path, lasting) => {
    expect(resourcePath(BEFORE + name)).toBe(path);
    expect(lastingPath(path)).toBe(lasting);
  });

  test('of an old ARN takes the cluster from where it was listed', () => {
    expect(resourcePath(`${BEFORE}task/3f0c`, `${BEFORE}cluster/prod`)).toBe('cluster/prod/task/3f0c');
    expect(resourcePath(`${BEFORE}task/3f0c`)).toBe('task/3f0c');
  });

  test('of no ARN is the text itself', () => {
    expect(resourcePath('prod')).toBe('prod');
    expect(resourcePath('')).toBe('');
    expect(clusterName('prod')).toBe('prod');
  });
});

test.each([
  ['task-definition/web:12', 'web', 12],
  ['daemon-task-definition/agent:3', 'agent', 3],
])('the revision of %s', (name, family, number) => {
  expect(revisionOf(BEFORE + name)).toEqual({ family, number });
  expect(revisionOf(`${BEFORE}cluster/prod`)).toBeUndefined();
});
