import { describe, expect, test } from 'vitest';
import { Budget } from '../../src/aws/budget.ts';
import { remoteLimits } from '../../src/remote-limits.ts';

describe('a budget', () => {
  test('gives a burst at once, and then so many a second', async () => {
    const budget = new Budget({ burst: 20, perSecond: 100 });
    const begun = performance.now();
    const at: number[] = [];
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        await budget.take(undefined);
        at.push(performance.now() - begun);
      }),
    );
    expect(at.filter((ms) => ms < 5).length).toBeLessThanOrEqual(21);
    // 20 more at 100 a second.
    expect(at.at(-1)).toBeGreaterThan(180);
  });

  test('is not saved up beyond the burst', async () => {
    const budget = new Budget({ burst: 2, perSecond: 1000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const begun = performance.now();
    for (let taken = 0; taken < 22; taken++) await budget.take(undefined);
    expect(performance.now() - begun).toBeGreaterThan(15);
  });

  test('ends to wait when it is stopped', async () => {
    const budget = new Budget({ burst: 0, perSecond: 0.001 });
    const stop = new AbortController();
    const taken = budget.take(stop.signal);
    stop.abort();
    await expect(taken).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('runs a few calls at once, in the order in which they came, and goes on behind one that fails', async () => {
    const budget = new Budget({ burst: 1, perSecond: 1 });
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const calls = Array.from({ length: 50 }, (_, index) =>
      budget.run(async () => {
        order.push(index);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running -= 1;
        if (index % 7 === 0) throw new Error('denied');
      }),
    );
    const ended = await Promise.allSettled(calls);
    expect(most).toBe(remoteLimits.awsCallsAtOnce);
    expect(order).toEqual(order.toSorted((left, right) => left - right));
    expect(ended.filter(({ status }) => status === 'rejected')).toHaveLength(8);
  });
});
