import { describe, expect, it } from 'vitest';
import { limits } from '../../src/limits.ts';
import { Budget, BudgetExceeded } from '../../src/scan/budget.ts';

function reasonOf(use: () => void): string {
  try {
    use();
  } catch (error) {
    if (error instanceof BudgetExceeded) return error.reason;
    throw error;
  }
  return 'within';
}

const late = performance.now() - limits.nestedMs - 1;

describe('a budget', () => {
  it.each<[string, () => void, string]>([
    [
      'ratio: below the floor anything goes',
      () => {
        new Budget().unpacked(limits.nestedRatioFloor);
      },
      'within',
    ],
    [
      'ratio: above the floor it counts',
      () => {
        new Budget().unpacked(limits.nestedRatioFloor + 1);
      },
      'ratio-limit',
    ],
    [
      'ratio: enough stored bytes allow it',
      () => {
        const budget = new Budget();
        budget.stored(limits.nestedRatioFloor / limits.nestedRatio + 1);
        budget.unpacked(limits.nestedRatioFloor + 1);
      },
      'within',
    ],
    [
      'bytes: stored ones do not buy more',
      () => {
        const budget = new Budget();
        budget.stored(limits.nestedBytes);
        budget.unpacked(limits.nestedBytes);
        budget.unpacked(1);
      },
      'byte-limit',
    ],
    [
      'bytes: they add up',
      () => {
        const budget = new Budget();
        budget.stored(limits.nestedBytes);
        for (let part = 0; part < 4; part += 1) budget.unpacked(limits.nestedBytes / 4);
      },
      'within',
    ],
    [
      'time: bytes too late',
      () => {
        new Budget(undefined, late).unpacked(1);
      },
      'time-limit',
    ],
    [
      'time: entries without bytes too late',
      () => {
        new Budget(undefined, late).entry();
      },
      'time-limit',
    ],
    [
      'entries: the last',
      () => {
        const budget = new Budget();
        for (let entry = 0; entry < limits.nestedEntries; entry += 1) budget.entry();
      },
      'within',
    ],
    [
      'entries: one more',
      () => {
        const budget = new Budget();
        for (let entry = 0; entry <= limits.nestedEntries; entry += 1) budget.entry();
      },
      'entry-limit',
    ],
  ])('%s', (_reason, use, expected) => {
    expect(reasonOf(use)).toBe(expected);
  });

  it('has room for containers in memory, all together', () => {
    const budget = new Budget();
    budget.hold(1000);
    budget.hold(24);
    expect(budget.room).toBe(limits.heldBytes - 1024);
    budget.hold(-1000);
    expect(budget.room).toBe(limits.heldBytes - 24);
  });
});
