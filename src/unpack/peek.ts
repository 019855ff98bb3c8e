import type { Chunks } from './chunks.ts';

/**
 * Looks at the first bytes without taking them: `head` holds at least `bytes` of them, or all there are, and stays valid
 * until `all` is pulled; `all` starts again at the first byte.
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
  return { head, all: replay(head, iterator) };
}

async function* replay(head: Buffer, iterator: AsyncIterator<Buffer>): Chunks {
  try {
    if (head.length > 0) yield head;
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}
