import { describe, expect, test } from 'vitest';
import { digestsApart } from '../../src/scan/schedule.ts';

describe('which digests another thread makes', () => {
  const rows: readonly [lengths: readonly number[], threads: number, apart: readonly number[], why: string][] = [
    [[], 4, [], 'nothing to do'],
    [[100], 1, [], 'no other thread'],
    [[100], 2, [0], 'one layer, and a thread that idles'],
    [[100, 100], 2, [], 'as much for each'],
    [[281, 270, 249, 37], 2, [1, 2], 'those of the thread with more to do'],
    [[100, 1, 1], 2, [0], 'a layer that outweighs the rest'],
  ];
  test.each(rows)('%j on %i threads: %j: %s', (lengths, threads, apart) => {
    expect([...digestsApart(lengths, threads)].sort()).toEqual(apart);
  });
});
