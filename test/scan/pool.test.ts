import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lost } from '../../src/scan/lost.ts';
import { Pool } from '../../src/scan/pool.ts';
import type { Chunks } from '../../src/unpack/chunks.ts';

const worker = pathToFileURL(join(import.meta.dirname, '../support/dying-worker.js'));
const pools: Pool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function poolOf(jobs: number, signal?: AbortSignal): Pool {
  const pool = new Pool(jobs, signal, undefined, worker);
  pools.push(pool);
  return pool;
}

/** Chunks in one buffer that is used again, and how many were pulled. */
function counted(count: number): { readonly chunks: Chunks; readonly state: { pulled: number; closed: boolean } } {
  const state = { pulled: 0, closed: false };
  const buffer = Buffer.alloc(1000);
  async function* chunks(): Chunks {
    try {
      for (; state.pulled < count; state.pulled += 1) yield await Promise.resolve(buffer);
    } finally {
      state.closed = true;
    }
  }
  return { chunks: chunks(), state };
}

const file = (path: string): Parameters<Pool['files']>[0][number] => {
  return { kind: 'range', file: path, path, offset: 0, length: 1 };
};

describe('a stream', () => {
  it('is handed over whole', async () => {
    const { chunks, state } = counted(50);
    const { job } = await poolOf(1).blobFromStream('count', chunks);
    expect(await job).toEqual({ size: 50_000 });
    expect(state).toEqual({ pulled: 50, closed: true });
  });

  it.each(['fail', 'die'])('is drained when its job does: %s', async (name) => {
    const { chunks, state } = counted(200);
    const { job } = await poolOf(1).blobFromStream(name, chunks);
    await expect(job).rejects.toThrow();
    expect(state).toEqual({ pulled: 200, closed: true });
  });

  it('that breaks is an error of the caller, and its job ends', async () => {
    async function* broken(): Chunks {
      yield await Promise.resolve(Buffer.alloc(10));
      throw new Error('broken off');
    }
    const pool = poolOf(1);
    await expect(pool.blobFromStream('count', broken())).rejects.toThrow('broken off');
    expect(await pool.files([file('a')])).toHaveLength(1);
  });

  it('is left when the run is stopped', async () => {
    const stop = new AbortController();
    const { chunks, state } = counted(Infinity);
    const handedOver = poolOf(1, stop.signal).blobFromStream('count', chunks);
    setTimeout(() => {
      stop.abort();
    }, 300);
    await expect((await handedOver).job).rejects.toThrow();
    expect(state.closed).toBe(true);
  });
});

describe('jobs that wait behind a thread that dies', () => {
  it.each([1, 2])('are done by the next, with %i threads', async (jobs) => {
    const pool = poolOf(jobs);
    const names = ['die', 'a', 'b', 'die', 'c', 'die', 'd'];
    const results = await Promise.allSettled(names.map((name) => pool.files([file(name)])));
    expect(results.map(({ status }) => status)).toEqual(
      names.map((name) => (name === 'die' ? 'rejected' : 'fulfilled')),
    );
  });

  it('are stopped with it', async () => {
    const stop = new AbortController();
    const pool = poolOf(1, stop.signal);
    const jobs = Promise.allSettled(['wait', 'a', 'b'].map((name) => pool.files([file(name)])));
    setTimeout(() => {
      stop.abort();
    }, 300);
    expect((await jobs).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});

describe('a lost job', () => {
  it('is a gap that quotes no message', () => {
    const { reason, detail = '' } = lost(new TypeError('cannot parse secret'), undefined);
    expect(reason).toBe('internal');
    expect(detail).toMatch(/^TypeError/);
    expect(detail).not.toContain('secret');
  });

  it('after a stop is an interruption', () => {
    expect(lost(new Error('x'), AbortSignal.abort())).toEqual({ reason: 'interrupted' });
  });
});
