import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Delivery } from '../../../src/aws/watch/delivery.ts';
import { queueMedium } from '../../../src/aws/watch/queue-medium.ts';
import { remoteLimits } from '../../../src/remote-limits.ts';
import { AwsFailure, startFakeAws, type FakeAws } from '../../support/fake-aws.ts';

const VISIBLE = remoteLimits.queueVisibilityMs / 1000;
const BEAT = remoteLimits.queueVisibilityMs / 3;

let aws: FakeAws;
let stop: AbortController;
let warnings: string[];

beforeEach(async () => {
  aws = await startFakeAws({
    GetQueueAttributes: () => ({ Attributes: { RedrivePolicy: '{}' } }),
    ReceiveMessage: ({ count }) => (count === 1 ? { Messages: ['a', 'b', 'c'].map(message) } : {}),
    ChangeMessageVisibility: () => ({}),
    DeleteMessage: () => ({}),
  });
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  // Time stands still for the heartbeat only: the SDK keeps its own timers.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  stop = new AbortController();
  warnings = [];
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await aws.stop();
});

function message(body: string): object {
  const MD5OfBody = createHash('md5').update(body).digest('hex');
  return { MessageId: body, Body: body, MD5OfBody, ReceiptHandle: `of-${body}` };
}

function deliveries(once = true, maxMessages?: number): AsyncIterator<Delivery, void> {
  const medium = queueMedium({
    queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/ecs-events',
    endpoint: aws.endpoint,
    once,
    maxMessages,
    signal: stop.signal,
    onWarning: (warning) => warnings.push(warning),
  });
  return medium.deliveries[Symbol.asyncIterator]() as AsyncIterator<Delivery, void>;
}

async function next(iterator: AsyncIterator<Delivery, void>): Promise<Delivery> {
  const { value } = await iterator.next();
  if (!value) throw new Error('it ended');
  return value;
}

/** `of-a 120`, in the order of the handles: calls of one beat may overtake each other. */
function kept(): readonly string[] {
  return aws.calls
    .filter(({ operation }) => operation === 'ChangeMessageVisibility')
    .map(({ input }) => `${String(input['ReceiptHandle'])} ${String(input['VisibilityTimeout'])}`)
    .sort();
}

describe('messages in hand', () => {
  test('are kept from others as long as one of them is read, and what is settled no more', async () => {
    const iterator = deliveries();
    const first = await next(iterator);
    expect(kept()).toEqual([]);
    vi.advanceTimersByTime(BEAT);
    const beat = ['of-a', 'of-b', 'of-c'].map((handle) => `${handle} ${VISIBLE}`);
    await vi.waitFor(() => {
      expect(kept()).toEqual(beat);
    });
    await first.settle('read');
    vi.advanceTimersByTime(BEAT);
    await vi.waitFor(() => {
      expect(kept()).toEqual([...beat, ...beat.slice(1)].sort());
    });
    for (let message = await iterator.next(); !message.done; message = await iterator.next()) {
      await message.value.settle('read');
    }
    vi.advanceTimersByTime(10 * BEAT);
    expect(vi.getTimerCount()).toBe(0);
    expect(kept()).toHaveLength(5);
  });

  test('beat before the time is over for which they are kept', () => {
    expect(BEAT).toBeLessThan(remoteLimits.queueVisibilityMs / 2);
  });

  test('that cannot be kept are read all the same', async () => {
    aws.answer({
      ChangeMessageVisibility: () => {
        throw new AwsFailure('MessageNotInflight', 'gone');
      },
    });
    const iterator = deliveries();
    await next(iterator);
    vi.advanceTimersByTime(BEAT);
    await vi.waitFor(() => {
      expect(kept()).toHaveLength(3);
    });
    expect((await next(iterator)).name).toBe('message b');
    expect(warnings).toEqual([]);
    await iterator.return?.();
  });

  test('are given back by whoever reads no further, but for those that are settled', async () => {
    const iterator = deliveries();
    await (await next(iterator)).settle('read');
    await (await next(iterator)).settle('unread');
    await iterator.return?.();
    expect(kept()).toEqual(['of-c 0']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('are given back when the signal comes, and nothing more is received', async () => {
    const iterator = deliveries(false);
    await (await next(iterator)).settle('read');
    stop.abort();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(kept()).toEqual(['of-b 0', 'of-c 0']);
    expect(aws.calls.filter(({ operation }) => operation === 'ReceiveMessage')).toHaveLength(1);
    expect(aws.calls.filter(({ operation }) => operation === 'DeleteMessage')).toHaveLength(1);
  });
});

test('a signal ends the wait for messages at once', async () => {
  aws.answer({ ReceiveMessage: () => new Promise((resolve) => setTimeout(resolve, 10_000, {})) });
  const ended = deliveries(false).next();
  await vi.waitFor(() => {
    expect(aws.calls.map(({ operation }) => operation)).toContain('ReceiveMessage');
  });
  stop.abort();
  expect(await ended).toEqual({ done: true, value: undefined });
  expect(warnings).toEqual([]);
});

test('a signal that came before asks nothing', async () => {
  stop.abort();
  expect(await deliveries().next()).toEqual({ done: true, value: undefined });
  expect(aws.calls).toEqual([]);
});

test('no more are asked for than are wanted, and a queue is asked long unless it is read once', async () => {
  aws.answer({ ReceiveMessage: () => ({ Messages: [message('a')] }) });
  for (const [once, maxMessages] of [
    [true, 1],
    [false, 1],
    [false, undefined],
  ] as const) {
    const iterator = deliveries(once, maxMessages);
    await (await next(iterator)).settle('read');
    if (maxMessages === 1) expect((await iterator.next()).done).toBe(true);
    await iterator.return?.();
  }
  expect(
    aws.calls
      .filter(({ operation }) => operation === 'ReceiveMessage')
      .map(({ input }) => [input['MaxNumberOfMessages'], input['WaitTimeSeconds']]),
  ).toEqual([
    [1, 2],
    [1, 20],
    [10, 20],
  ]);
});

test.each<[string, string | undefined, string | undefined]>([
  ['https://sqs.eu-central-1.amazonaws.com/123456789012/ecs-events', undefined, 'eu-central-1'],
  ['https://sqs-fips.us-gov-west-1.amazonaws.com/123456789012/ecs-events', undefined, 'us-gov-west-1'],
  ['https://eu-west-1.queue.amazonaws.com/123456789012/ecs-events', undefined, 'eu-west-1'],
  ['https://sqs.eu-west-1.amazonaws.com/123456789012/ecs-events', 'us-east-2', 'us-east-2'],
  ['http://127.0.0.1:4566/123456789012/ecs-events', undefined, 'us-east-1'],
])('the Region of %s, where %s is named, is %s', async (queueUrl, region, expected) => {
  const options = { queueUrl, region, endpoint: aws.endpoint, once: true, signal: stop.signal };
  const medium = queueMedium({ ...options, onWarning: () => undefined });
  const iterator = medium.deliveries[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.return?.();
  expect(medium.reference).toBe('sqs:ecs-events');
  expect(new Set(aws.calls.map((call) => call.region))).toEqual(new Set([expected]));
});
