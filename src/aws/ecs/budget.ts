/**
 * How fast ECS may be asked. ECS throttles each account and Region by buckets of calls, shared with everything else that asks
 * there, deployments among it (Amazon ECS API Reference, "Request throttling for the Amazon ECS API"). phiscan takes half.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '../../limits.ts';

export interface BudgetSize {
  /** Calls at once, when nothing was asked for a while. */
  readonly burst: number;
  readonly perSecond: number;
}

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

/** A token bucket, and the turns of those who wait for an answer: first come, first served. */
export class Budget {
  readonly #size: BudgetSize;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Below zero: tokens that are promised to those who wait. */
  #tokens: number;
  #at = performance.now();

  constructor(size: BudgetSize) {
    this.#size = size;
    this.#tokens = size.burst;
  }

  /** Resolves when one more request may leave; rejects when the signal is aborted. */
  async take(signal: AbortSignal | undefined): Promise<void> {
    const now = performance.now();
    const { burst, perSecond } = this.#size;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * perSecond) - 1;
    this.#at = now;
    if (this.#tokens < 0) await wait((-this.#tokens / perSecond) * 1000, undefined, { signal });
  }

  /** Runs a call when it is its turn. */
  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#running >= limits.ecsCallsAtOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
