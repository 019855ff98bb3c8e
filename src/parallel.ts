/** Runs `work` on all of them, `most` at once; the first that throws ends it. */
export async function inParallel<Each>(
  all: Iterable<Each> | AsyncIterable<Each>,
  most: number,
  work: (each: Each) => Promise<void>,
): Promise<void> {
  const iterator = iteratorOf(all);
  let isOver = false;
  // The source is asked by one at a time: generators need no lock then.
  let turn: Promise<unknown> = Promise.resolve();
  const next = (): Promise<IteratorResult<Each>> => {
    const result = turn.then(() => (isOver ? { done: true as const, value: undefined } : iterator.next()));
    turn = result.catch(() => undefined);
    return result;
  };
  async function worker(): Promise<void> {
    for (let result = await next(); result.done !== true; result = await next()) await work(result.value);
  }
  try {
    await Promise.all(Array.from({ length: most }, worker));
  } finally {
    isOver = true;
    await iterator.return?.();
  }
}

function iteratorOf<Each>(all: Iterable<Each> | AsyncIterable<Each>): AsyncIterator<Each> | Iterator<Each> {
  return Symbol.asyncIterator in all ? all[Symbol.asyncIterator]() : all[Symbol.iterator]();
}

/** Runs of `size`, the last one shorter. */
export async function* batches<Each>(
  all: Iterable<Each> | AsyncIterable<Each>,
  size: number,
): AsyncGenerator<readonly Each[], void, undefined> {
  let batch: Each[] = [];
  for await (const each of all) {
    batch.push(each);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
