/**
 * How fast ECR may be asked. Its quotas are of the account and Region, and shared with everything that pulls there: 2,000
 * BatchGetImage and 3,000 GetDownloadUrlForLayer a second (Amazon ECR User Guide, "Amazon ECR service quotas"). A scan is in no
 * hurry beside deployments: it takes a fortieth.
 */
import type { BudgetSize } from '../budget.ts';

export type EcrBudgetName = 'manifest' | 'layer' | 'other';
export type EcrBudgetSizes = Readonly<Record<EcrBudgetName, BudgetSize>>;

/** What is not published is taken to be as slow as ECS. */
export const ecrBudgetSizes: EcrBudgetSizes = {
  manifest: { burst: 50, perSecond: 50 },
  layer: { burst: 50, perSecond: 50 },
  other: { burst: 25, perSecond: 10 },
};

const budgets: ReadonlyMap<string, EcrBudgetName> = new Map<string, EcrBudgetName>([
  ['BatchGetImage', 'manifest'],
  ['GetDownloadUrlForLayer', 'layer'],
]);

export function ecrBudgetOf(operation: string): EcrBudgetName {
  return budgets.get(operation) ?? 'other';
}
