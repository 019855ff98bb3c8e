import { expect, test } from 'vitest';
import { ecrBudgetOf, ecrBudgetSizes } from '../../../src/aws/ecr/budget.ts';

/** Amazon ECR service quotas: calls a second, of the account and Region. */
const QUOTAS = { BatchGetImage: 2000, GetDownloadUrlForLayer: 3000 };

test.each(Object.entries(QUOTAS))(
  '%s has a budget of its own, far below the quota that deployments share',
  (name, quota) => {
    expect(ecrBudgetOf(name)).not.toBe('other');
    expect(ecrBudgetSizes[ecrBudgetOf(name)].perSecond).toBeLessThanOrEqual(quota / 40);
  },
);

test('what is not published is asked slowly', () => {
  expect(ecrBudgetSizes[ecrBudgetOf('DescribeImages')].perSecond).toBeLessThanOrEqual(10);
});
