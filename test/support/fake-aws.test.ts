import {
  ECSClient,
  DescribeTasksCommand,
  ListClustersCommand,
  paginateListTasks,
  RegisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from 'vitest';
import { arn, denied, startFakeAws, throttled, page, type FakeAws } from './fake-aws.ts';
import { motoMissing, startMoto } from './moto.ts';

let aws: FakeAws | undefined;
afterEach(async () => {
  await aws?.stop();
  aws = undefined;
});

function settings({ endpoint }: FakeAws): ConstructorParameters<typeof ECSClient>[0] & object {
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}

describe('the fake AWS', () => {
  test('is paged by the paginators of the SDK', async () => {
    const all = Array.from({ length: 250 }, (_, index) => arn(`task/prod/${index}`));
    aws = await startFakeAws({ ListTasks: (call) => page('taskArns', all, call) });
    const seen: string[] = [];
    for await (const { taskArns } of paginateListTasks({ client: new ECSClient(settings(aws)) }, { cluster: 'prod' })) {
      seen.push(...(taskArns ?? []));
    }
    expect(seen).toEqual(all);
    expect(aws.calls.map(({ operation, region }) => [operation, region])).toEqual(
      Array.from({ length: 3 }, () => ['ListTasks', 'us-east-1']),
    );
  });

  test('throttles, which the SDK tries again, and denies, which it does not', async () => {
    aws = await startFakeAws({
      DescribeTasks: ({ count }) => {
        if (count < 3) throw throttled();
        return { tasks: [{ taskArn: arn('task/prod/1'), containers: [{ reason: 'no memory' }] }] };
      },
      ListClusters: ({ operation }) => {
        throw denied(operation);
      },
    });
    const client = new ECSClient({ ...settings(aws), maxAttempts: 5 });
    const { tasks } = await client.send(new DescribeTasksCommand({ cluster: 'prod', tasks: ['1'] }));
    expect(tasks?.[0]?.containers?.[0]?.reason).toBe('no memory');
    await expect(client.send(new ListClustersCommand({}))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(aws.calls.filter(({ operation }) => operation === 'ListClusters')).toHaveLength(1);
  });
});

const skipped = motoMissing();
describe.skipIf(skipped !== undefined)(`moto behind it${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  test('keeps the state of ECS and SQS', async () => {
    const moto = await startMoto();
    try {
      aws = await startFakeAws({}, { behind: moto.endpoint });
      const ecs = new ECSClient(settings(aws));
      const containerDefinitions = [{ name: 'web', image: 'web:1', memory: 64 }];
      await ecs.send(new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions }));
      const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'web:1' }));
      expect(taskDefinition?.containerDefinitions?.[0]?.image).toBe('web:1');
      const sqs = new SQSClient(settings(aws));
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'events' }));
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'stopped' }));
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      expect(Messages?.[0]?.Body).toBe('stopped');
    } finally {
      await moto.stop();
    }
  });
});
