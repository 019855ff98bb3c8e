import type { Chunks } from './chunks.ts';

/**
 * Looks at the first bytes without taking them: `head` holds at least `bytes` of them, or all there are, and stays valid
 * until `all` is pulled; `all` starts again at the first byte. Whoever has `all` closes the source, pulled or not.
 */
export async function peek(chunks: Chunks, bytes: number): Promise<{ readonly head: Buffer; readonly all: Chunks }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  let head = first.done === true ? Buffer.alloc(0) : first.value;
  if (head.length < bytes && first.done !== true) {
    const parts = [Buffer.from(head)];
    let held = head.length;
    while (held < bytes) {
      const next = await iterator.next();
      if (next.done === true) break;
      parts.push(Buffer.from(next.value));
      held += next.value.length;
    }
    head = Buffer.concat(parts, held);
  }
  return { head, all: replay([head], iterator) };
}

/** Buffers that were taken from a source, and then the rest of it. Unlike a generator, `return` closes the source even
 * when nothing was pulled. */
export function replay(taken: readonly Buffer[], rest: AsyncIterator<Buffer>): Chunks {
  const left = taken.filter(({ length }) => length > 0);
  const iterator: AsyncIterator<Buffer> = {
    next: () => {
      const value = left.shift();
      return value === undefined ? rest.next() : Promise.resolve({ done: false, value });
    },
    return: async () => {
      left.length = 0;
      await rest.return?.();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** Bytes that were taken already, and those behind them. */
export async function* startingWith(first: Buffer | null | undefined, rest: Chunks): Chunks {
  if (first) yield first;
  yield* rest;
}
