/**
 * How fast ECS may be asked. ECS throttles each account and Region by buckets of calls, shared with everything else that asks
 * there, deployments among it (Amazon ECS API Reference, "Request throttling for the Amazon ECS API"). phiscan takes half.
 */
import type { BudgetSize } from '../budget.ts';

export type BudgetName = 'cluster' | 'task-definition' | 'service' | 'cluster-resource' | 'capacity-provider' | 'other';
export type BudgetSizes = Readonly<Record<BudgetName, BudgetSize>>;

/** Half of what is published; what is not published is taken to be as the smallest of it. */
export const budgetSizes: BudgetSizes = {
  cluster: { burst: 25, perSecond: 10 },
  'task-definition': { burst: 25, perSecond: 10 },
  service: { burst: 50, perSecond: 10 },
  'cluster-resource': { burst: 50, perSecond: 10 },
  'capacity-provider': { burst: 25, perSecond: 10 },
  other: { burst: 25, perSecond: 10 },
};

/** By operation; of all others, `other`. */
const budgets: ReadonlyMap<string, BudgetName> = new Map<string, BudgetName>([
  ['ListClusters', 'cluster'],
  ['DescribeClusters', 'cluster'],
  ['ListTaskDefinitions', 'task-definition'],
  ['DescribeTaskDefinition', 'task-definition'],
  ['ListServices', 'service'],
  ['DescribeServices', 'service'],
  ['ListTasks', 'cluster-resource'],
  ['DescribeTasks', 'cluster-resource'],
  ['ListContainerInstances', 'cluster-resource'],
  ['DescribeContainerInstances', 'cluster-resource'],
  ['DescribeCapacityProviders', 'capacity-provider'],
]);

export function budgetOf(operation: string): BudgetName {
  return budgets.get(operation) ?? 'other';
}
