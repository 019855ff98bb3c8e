import { arn } from './fake-aws.ts';

type Json = Readonly<Record<string, unknown>>;

export interface EventParts {
  readonly id?: string;
  readonly type?: string;
  readonly resource?: string;
}

/** An event as EventBridge sends it (Amazon ECS Developer Guide, "Amazon ECS events"). */
export function ecsEvent(detail: Json, parts: EventParts = {}): Json {
  const { id = 'b1f6a6a2-0d3e-4c59-9a55-5f0f4a1b2c3d', type = 'ECS Task State Change' } = parts;
  const { resource = arn('task/default/3f0c8a') } = parts;
  return {
    version: '0',
    id,
    'detail-type': type,
    source: 'aws.ecs',
    account: '123456789012',
    time: '2026-11-22T07:00:00Z',
    region: 'us-east-1',
    resources: [resource],
    detail,
  };
}

/** Of a task that stopped. */
export function stoppedTask(reason: string, more: Json = {}): Json {
  return {
    clusterArn: arn('cluster/default'),
    taskArn: arn('task/default/3f0c8a'),
    lastStatus: 'STOPPED',
    stopCode: 'UserInitiated',
    stoppedReason: reason,
    containers: [{ name: 'app', lastStatus: 'STOPPED' }],
    overrides: { containerOverrides: [{ name: 'app' }] },
    ...more,
  };
}

/** As SNS puts a text into a queue, and into a function. */
export function inSns(message: string): Json {
  return {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: 'arn:aws:sns:us-east-1:123456789012:ecs',
    Message: message,
    Timestamp: '2026-11-22T07:00:01.000Z',
  };
}
