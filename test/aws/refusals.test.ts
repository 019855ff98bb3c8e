import { expect, test } from 'vitest';
import { CallFailure } from '../../src/aws/failure.ts';
import { Refusals } from '../../src/aws/refusals.ts';
import { remoteLimits } from '../../src/remote-limits.ts';

const MANY = 3 * remoteLimits.awsCallsAtOnce;

function failure(name: string): CallFailure {
  return new CallFailure('ecs', 'ListTasks', Object.assign(new Error('x'), { name }), false);
}

test('a Region where nothing was answered is an error, and not a report full of gaps', () => {
  expect(() => new Refusals('ECS', 'us-east-1').note(failure('TimeoutError'))).toThrow(
    'ECS does not answer (us-east-1',
  );
});

test('a network that is gone is told once, and is not asked again, whatever still comes in', () => {
  const refusals = new Refusals('ECS', 'us-east-1');
  refusals.answered('ListClusters');
  const told = Array.from({ length: MANY }, () => refusals.note(failure('TimeoutError')));
  expect(told.filter((detail) => detail.includes('nothing more was asked'))).toEqual([told.at(-1)]);
  refusals.answered('ListClusters');
  expect(refusals.isWorthAsking('ListClusters')).toBe(false);
});

test('a refusal is an answer: calls before it count no longer as lost', () => {
  const refusals = new Refusals('ECS', 'us-east-1');
  refusals.answered('ListClusters');
  for (let round = 0; round < MANY; round++) {
    refusals.note(failure('TimeoutError'));
    refusals.note(failure('ServerException'));
  }
  expect(refusals.isWorthAsking('ListClusters')).toBe(true);
});

test('a call that is denied 20 times in a row, or that nobody knows, is not made again, and others are', () => {
  const refusals = new Refusals('ECS', 'us-east-1');
  const told = Array.from({ length: 20 }, () => refusals.note(failure('AccessDeniedException')));
  expect(told.filter((detail) => detail.endsWith('it was not asked again'))).toEqual([told.at(-1)]);
  expect(refusals.isWorthAsking('ListTasks')).toBe(false);
  expect(refusals.isWorthAsking('ListServices')).toBe(true);
  const others = new Refusals('ECS', 'us-east-1');
  expect(others.note(failure('UnknownOperationException'))).toContain('not asked again');
  expect(others.isWorthAsking('ListTasks')).toBe(false);
});
