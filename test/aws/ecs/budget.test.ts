import { expect, test } from 'vitest';
import { budgetOf, budgetSizes } from '../../../src/aws/ecs/budget.ts';
import { account } from './account.ts';

test('each call has the bucket that AWS counts it in', () => {
  const operations = Object.keys(account);
  expect(new Set(operations.map(budgetOf))).toEqual(new Set(Object.keys(budgetSizes)));
  expect(operations.filter((operation) => budgetOf(operation) === 'task-definition').sort()).toEqual([
    'DescribeTaskDefinition',
    'ListTaskDefinitions',
  ]);
});
