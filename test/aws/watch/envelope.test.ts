import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/aws/watch/envelope.ts';
import { ecsEvent, inSns, stoppedTask } from '../../support/events.ts';

const event = ecsEvent(stoppedTask('Scaling activity'));
const text = JSON.stringify(event);

function read(message: unknown): { readonly ids: readonly string[]; readonly faults: readonly string[] } {
  const { events, faults } = unwrap(typeof message === 'string' ? message : JSON.stringify(message));
  return { ids: events.map(({ name }) => name.id), faults: faults.map(({ reason }) => reason) };
}

const one = { ids: [event['id']], faults: [] };

describe('a message holds', () => {
  test.each<[string, unknown]>([
    ['an event', event],
    ['an event behind a byte order mark', `\ufeff${text}`],
    ['an event of SNS', inSns(text)],
    ['an event of SNS with raw delivery to a function', { Records: [{ EventSource: 'aws:sns', Sns: inSns(text) }] }],
    ["a function's batch of SQS", { Records: [{ messageId: '1', eventSource: 'aws:sqs', body: text }] }],
    ["a pipe's batch", [{ messageId: '1', eventSource: 'aws:sqs', body: text }]],
    ['SNS in SQS in a batch', { Records: [{ messageId: '1', body: JSON.stringify(inSns(text)) }] }],
    ['a list of events', [event]],
    ['a string that is an event', JSON.stringify(text)],
  ])('%s', (_title, message) => {
    expect(read(message)).toEqual(one);
  });

  test.each<[string, unknown, number]>([
    ['several events', [event, event], 2],
    ["an event's detail without its envelope", event['detail'], 1],
    ['what DescribeTasks answers', { tasks: [{ taskArn: 'a' }], failures: [] }, 1],
    ['what DescribeServices answers', { services: [] }, 1],
    ['an event of a type that is new', { ...event, 'detail-type': 'ECS Something Else' }, 1],
  ])('%s', (_title, message, count) => {
    const { ids, faults } = read(message);
    expect(ids).toHaveLength(count);
    expect(faults).toEqual([]);
  });

  test.each<[string, unknown, readonly string[]]>([
    ['no JSON', 'not JSON', ['corrupt']],
    ['nothing', '', ['corrupt']],
    ['JSON that ends early', text.slice(0, -20), ['corrupt']],
    ['a number', '7', ['unsupported']],
    ['a word', '"hello"', ['corrupt']],
    ['an empty object', {}, ['unsupported']],
    ['an empty list', [], ['unsupported']],
    ["another service's event", { ...event, source: 'aws.ecr', 'detail-type': 'ECR Image Action' }, ['unsupported']],
    ['the confirmation of a subscription', { Type: 'SubscriptionConfirmation', Token: 'x' }, ['unsupported']],
    ['a text of SNS that is no JSON', inSns('hello'), ['corrupt']],
    ['too many messages inside each other', deep(5), ['depth-limit']],
  ])('no event, but %s', (_title, message, faults) => {
    expect(read(message)).toEqual({ ids: [], faults });
  });

  test('an event and what is none', () => {
    expect(read([event, { a: 1 }, { b: 2 }])).toEqual({ ids: [event['id']], faults: ['unsupported'] });
  });

  test('no more parts than the bound', () => {
    expect(read(JSON.stringify(Array.from({ length: 12_000 }, () => 0))).faults).toEqual([
      'unsupported',
      'entry-limit',
    ]);
  });
});

function deep(levels: number): unknown {
  let message: unknown = event;
  for (let level = 0; level < levels; level++) message = inSns(JSON.stringify(message));
  return message;
}

describe('an event is called', () => {
  test('as it calls itself', () => {
    expect(unwrap(text).events[0]?.name).toEqual({
      id: event['id'],
      type: 'ECS Task State Change',
      time: '2026-11-22T07:00:00Z',
      account: '123456789012',
      region: 'us-east-1',
      resource: 'arn:aws:ecs:us-east-1:123456789012:task/default/3f0c8a',
    });
  });

  test('after its task, where it names no resource; texts that are none are empty', () => {
    const odd = { ...event, id: 7, time: null, account: {}, region: [], resources: 'x' };
    expect(unwrap(JSON.stringify(odd)).events[0]?.name).toEqual({
      id: '',
      type: 'ECS Task State Change',
      time: '',
      account: '',
      region: '',
      resource: 'arn:aws:ecs:us-east-1:123456789012:task/default/3f0c8a',
    });
  });
});

test('any text and any JSON: no throw, and an event or a fault', () => {
  const parts = fc.anything({ maxDepth: 4, withNullPrototype: false });
  const keys = fc.constantFrom(
    'Records',
    'Message',
    'TopicArn',
    'Sns',
    'body',
    'messageId',
    'source',
    'detail',
    'tasks',
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.dictionary(keys, parts).map(safeJson)), (message) => {
      const { events, faults } = unwrap(message);
      expect(events.length + faults.length).toBeGreaterThan(0);
    }),
  );
});

function safeJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}
