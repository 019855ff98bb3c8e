// Stands in for src/scan/worker.ts: jobs that fail, die or wait as their name says. Run by test/scan/pool.test.ts.

export async function blob({ name, bytes }) {
  if (name === 'fail') throw new Error('cannot');
  const reader = bytes.getReader();
  if (name === 'die') {
    await reader.read();
    // Outside of any promise: the thread ends as it would when memory runs out.
    setImmediate(() => {
      throw new Error('dead');
    });
    await new Promise(() => undefined);
  }
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) size += next.value.length;
  return { size };
}

export async function files({ files: names }) {
  if (names.some(({ path }) => path === 'die')) {
    setImmediate(() => {
      throw new Error('dead');
    });
    await new Promise(() => undefined);
  }
  if (names.some(({ path }) => path === 'wait')) await new Promise(() => undefined);
  return names.map(() => ({ found: [], gaps: [], bytes: 1, entries: 1 }));
}

export function start() {
  return 'fake';
}
