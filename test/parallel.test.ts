import { expect, test } from 'vitest';
import { batches, inParallel } from '../src/parallel.ts';

async function* numbers(count: number, onEnd: () => void = () => undefined): AsyncGenerator<number, void, undefined> {
  try {
    for (let number = 0; number < count; number++) {
      await Promise.resolve();
      yield number;
    }
  } finally {
    onEnd();
  }
}

test('so many at once, each once', async () => {
  let running = 0;
  let most = 0;
  const seen: number[] = [];
  await inParallel(numbers(100), 7, async (number) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, number % 3));
    running -= 1;
    seen.push(number);
  });
  expect(most).toBe(7);
  expect(seen.sort((left, right) => left - right)).toEqual(Array.from({ length: 100 }, (_, index) => index));
});

test('the first that throws ends it, and the source is closed', async () => {
  let isClosed = false;
  let begun = 0;
  const run = inParallel(
    numbers(1000, () => {
      isClosed = true;
    }),
    4,
    async (number) => {
      begun += 1;
      await Promise.resolve();
      if (number === 10) throw new Error('ten');
    },
  );
  await expect(run).rejects.toThrow('ten');
  expect(isClosed).toBe(true);
  expect(begun).toBeLessThan(30);
});

test('a source that throws is told', async () => {
  async function* broken(): AsyncGenerator<number, void, undefined> {
    yield 1;
    await Promise.resolve();
    throw new Error('broken');
  }
  await expect(inParallel(broken(), 3, () => Promise.resolve())).rejects.toThrow('broken');
});

test.each([
  [0, []],
  [3, [3]],
  [10, [10]],
  [25, [10, 10, 5]],
])('%i in batches of ten', async (count, sizes) => {
  const found: number[] = [];
  for await (const batch of batches(numbers(count), 10)) found.push(batch.length);
  expect(found).toEqual(sizes);
});
