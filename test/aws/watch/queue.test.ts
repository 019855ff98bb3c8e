import { createHash } from 'node:crypto';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ecsEvent, inSns, stoppedTask } from '../../support/events.ts';
import { AwsFailure, startFakeAws, type AwsAnswers, type FakeAws } from '../../support/fake-aws.ts';
import { motoMissing, startMoto, type Moto } from '../../support/moto.ts';
import { patient } from '../../support/patients.ts';
import { phiscanHere } from '../../support/scans.ts';
import { linesOf, shownLines, watcher } from '../../support/watching.ts';

const one = patient(43);
const skipped = motoMissing();
const TOLD = 'ssn cluster/default/task/3f0c8a detail.stoppedReason';

function event(id: string, reason = `ssn=${one.ssn}`): string {
  return JSON.stringify(ecsEvent(stoppedTask(reason), { id }));
}

interface Ran {
  readonly code: number | null;
  readonly shown: readonly string[];
  readonly stderr: string;
}

async function watch(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  const { code, stdout, stderr } = await phiscanHere(['ecs', 'watch', ...args], { env });
  for (const text of [stdout, stderr]) expect(text).not.toContain(one.ssn);
  return { code, shown: shownLines(linesOf(stdout)), stderr };
}

describe.skipIf(skipped !== undefined)(`a queue of SQS${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let moto: Moto;
  let aws: FakeAws;
  let client: SQSClient;
  let queueUrl = '';

  beforeAll(async () => {
    moto = await startMoto();
  }, 90_000);

  afterAll(async () => {
    await moto.stop();
  });

  beforeEach(async () => {
    await moto.reset();
    aws = await startFakeAws({}, { behind: moto.endpoint });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new SQSClient({ endpoint: moto.endpoint, region: 'us-east-1', credentials });
    await client.send(new CreateQueueCommand({ QueueName: 'dead' }));
    const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:123456789012:dead';
    const redrive = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });
    const create = new CreateQueueCommand({ QueueName: 'ecs-events', Attributes: { RedrivePolicy: redrive } });
    queueUrl = (await client.send(create)).QueueUrl ?? '';
  });

  afterEach(async () => {
    client.destroy();
    await aws.stop();
  });

  async function send(...bodies: readonly string[]): Promise<void> {
    for (const body of bodies) await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
  }

  /** Messages that can be received, and those that are kept from others. */
  async function left(): Promise<readonly (string | undefined)[]> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const asked = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] });
    const { Attributes: found } = await client.send(asked);
    return names.map((name) => found?.[name]);
  }

  function asked(operation: string): number {
    return aws.calls.filter((call) => call.operation === operation).length;
  }

  test('is read until it is empty: what was told is deleted, and what is no event stays', async () => {
    const many = Array.from({ length: 12 }, (_, index) => event(`many-${index}`, 'fine'));
    await send(event('a'), JSON.stringify(inSns(event('b'))), `{"ssn": "${one.ssn}"`, '{"a": 1}', ...many);
    const { code, shown, stderr } = await watch(['--queue-url', queueUrl, '--once'], aws.env);
    const kinds = shown.map((line) => line.replace(/ message [0-9a-f-]+/, ' message'));
    expect(kinds.sort()).toEqual(['corrupt message', TOLD, TOLD, 'ssn message ssn', 'unsupported message']);
    expect(code).toBe(1);
    expect(await left()).toEqual(['0', '2']);
    expect(asked('DeleteMessage')).toBe(14);
    expect(stderr).not.toContain('redrive policy');
    const [received] = aws.calls.filter((call) => call.operation === 'ReceiveMessage');
    expect(received?.input).toMatchObject({ MaxNumberOfMessages: 10, VisibilityTimeout: 120 });
  });

  test('of which one message is wanted gives back no more than it took', async () => {
    await send(event('a'), event('b'), event('c'));
    const { code, shown } = await watch(['--queue-url', queueUrl, '--max-messages', '1'], aws.env);
    expect({ code, shown }).toEqual({ code: 1, shown: [TOLD] });
    expect(await left()).toEqual(['2', '0']);
  });

  test('gives one event in two messages: both are deleted, and one is told', async () => {
    await send(event('a'), event('a'));
    const { shown } = await watch(['--queue-url', queueUrl, '--once'], aws.env);
    expect(shown).toEqual([TOLD]);
    expect(await left()).toEqual(['0', '0']);
  });

  test('without a redrive policy is warned of', async () => {
    const { QueueUrl: url = '' } = await client.send(new CreateQueueCommand({ QueueName: 'plain' }));
    const { code, stderr } = await watch(['--queue-url', url, '--once'], aws.env);
    expect(code).toBe(0);
    expect(stderr).toContain('the queue has no redrive policy (plain)');
  });

  test('whose message cannot be deleted tells it again only after a restart', async () => {
    await send(event('a'));
    const refuse = (): never => {
      throw new AwsFailure('InternalError', `no ${one.ssn}`, 400);
    };
    aws.answer({ DeleteMessage: refuse });
    const first = await watch(['--queue-url', queueUrl, '--once'], aws.env);
    expect(first.shown).toEqual([TOLD]);
    expect(first.stderr).toContain('a message could not be deleted');
    expect(await left()).toEqual(['0', '1']);
  });

  test('is read on while it is watched, and SIGTERM ends the watch with what was told', async () => {
    const { child, untilLines, ended, printed, complained } = watcher(['--queue-url', queueUrl], aws.env);
    await send(event('a'));
    await untilLines(1);
    await send(event('b'));
    await untilLines(2);
    while (asked('DeleteMessage') < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
    expect(shownLines(linesOf(printed()))).toEqual([TOLD, TOLD]);
    expect(await left()).toEqual(['0', '0']);
    expect(printed() + complained()).not.toContain(one.ssn);
  });

  test('whose reader has gone keeps the message: nothing is deleted that was not written', async () => {
    const { child, ended, complained } = watcher(['--queue-url', queueUrl], aws.env);
    child.stdout?.destroy();
    await send(event('a'));
    expect(await ended).toBe(2);
    expect(complained()).toContain('could not be written');
    expect(asked('DeleteMessage')).toBe(0);
    expect(await left()).toEqual(['1', '0']);
  });
});

describe('a queue that', () => {
  const URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/ecs-events';

  async function against(
    answers: AwsAnswers,
    more: readonly string[] = ['--once'],
  ): Promise<Ran & { readonly calls: FakeAws['calls'] }> {
    const aws = await startFakeAws({ GetQueueAttributes: () => ({ Attributes: {} }), ...answers });
    try {
      const args = ['--queue-url', URL, '--endpoint-url', aws.endpoint, ...more];
      return { ...(await watch(args, aws.env)), calls: aws.calls };
    } finally {
      await aws.stop();
    }
  }

  function fails(type: string): () => never {
    return () => {
      throw new AwsFailure(type, `${type} of ${one.ssn}`);
    };
  }

  test.each<[string, AwsAnswers, RegExp]>([
    ['is not there', { ReceiveMessage: fails('QueueDoesNotExist') }, /no such queue \(ecs-events\)/],
    ['may not be read', { ReceiveMessage: fails('AccessDenied') }, /may not be read \(ecs-events: AccessDenied\)/],
    ['is encrypted with a key that may not be used', { ReceiveMessage: fails('KmsAccessDenied') }, /KmsAccessDenied/],
    ['takes no such credentials', { ReceiveMessage: fails('InvalidClientTokenId') }, /takes no credentials/],
    [
      'fails before it ever answered',
      { ReceiveMessage: fails('OddFault') },
      /does not answer \(ecs-events: OddFault\)/,
    ],
  ])('%s ends the watch', async (_title, answers, message) => {
    const { code, stderr, shown } = await against(answers);
    expect({ code, shown }).toEqual({ code: 2, shown: [] });
    expect(stderr).toMatch(message);
  });

  test('fails later is asked again', async () => {
    const { code, stderr } = await against({
      ReceiveMessage: ({ count }) => {
        if (count === 2) throw new AwsFailure('OddFault', 'later');
        return count === 1 ? { Messages: [message('1', event('a', 'fine'))] } : {};
      },
      DeleteMessage: () => ({}),
    });
    expect(code).toBe(0);
    expect(stderr).toContain('Trying again in 1 s');
  });

  test('may not be asked for its attributes is read all the same', async () => {
    const { code, stderr } = await against({ GetQueueAttributes: fails('AccessDenied'), ReceiveMessage: () => ({}) });
    expect(code).toBe(0);
    expect(stderr).not.toContain('redrive');
  });

  test('gives a message twice: it is told once, and deleted each time', async () => {
    const { shown, calls } = await against({
      ReceiveMessage: ({ count }) => (count < 3 ? { Messages: [message('1', event(''))] } : {}),
      DeleteMessage: () => ({}),
    });
    expect(shown).toEqual([TOLD]);
    expect(calls.filter(({ operation }) => operation === 'DeleteMessage')).toHaveLength(2);
  });

  test('gives what is no event twice: it is told once, and never deleted', async () => {
    const { shown, code, calls } = await against({
      ReceiveMessage: ({ count }) => (count < 3 ? { Messages: [message('1', 'no JSON')] } : {}),
    });
    expect(shown).toEqual(['corrupt message 1']);
    expect(code).toBe(3);
    expect(calls.some(({ operation }) => operation === 'DeleteMessage')).toBe(false);
  });

  test('holds a message that is too long: a gap, and it stays', async () => {
    const body = 'x'.repeat(4 * 1024 * 1024 + 1);
    const { shown } = await against({
      ReceiveMessage: ({ count }) => (count < 2 ? { Messages: [message('1', body)] } : {}),
    });
    expect(shown).toEqual(['byte-limit message 1']);
  });

  test('gives ten when the signal comes: one is finished, and nine are given back', async () => {
    const messages = Array.from({ length: 10 }, (_, index) => message(String(index), event(String(index))));
    const aws = await startFakeAws({
      GetQueueAttributes: () => ({ Attributes: {} }),
      ReceiveMessage: () => ({ Messages: messages }),
      DeleteMessage: () => new Promise((resolve) => setTimeout(resolve, 1000, {})),
      ChangeMessageVisibility: () => ({}),
    });
    const { child, untilLines, ended, printed } = watcher(
      ['--queue-url', URL, '--endpoint-url', aws.endpoint],
      aws.env,
    );
    await untilLines(1);
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    await aws.stop();
    expect(shownLines(linesOf(printed()))).toEqual([TOLD]);
    const given = aws.calls.filter(({ operation }) => operation === 'ChangeMessageVisibility');
    expect(given.map(({ input }) => [input['ReceiptHandle'], input['VisibilityTimeout']])).toEqual(
      messages.slice(1).map(({ ReceiptHandle: handle }) => [handle, 0]),
    );
  });

  function message(id: string, body: string): { readonly ReceiptHandle: string } {
    // The SDK checks the digest.
    const MD5OfBody = createHash('md5').update(body).digest('hex');
    return { ...{ MessageId: id, Body: body, MD5OfBody }, ReceiptHandle: `handle-${id}` };
  }
});
