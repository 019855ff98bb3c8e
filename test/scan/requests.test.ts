import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { ScanError } from '../../src/errors.ts';
import { adjustableLimits } from '../../src/adjustable-limits.ts';
import { type ScannedSource, scanBlobs } from '../../src/scan/blobs.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { memoryLedger } from '../../src/ledger/open-ledger.ts';
import { engineOf } from '../../src/scan/engine-of.ts';
import { Pool } from '../../src/scan/pool.ts';
import type { OnProblem } from '../../src/unpack/chunks.ts';
import { buildTar, sha256 } from '../support/layer-builder.ts';
import { patient } from '../support/patients.ts';
import { type RequestedBlob, requestSource, type Asked } from '../support/request-source.ts';

const worker = pathToFileURL(join(import.meta.dirname, '../../dist/src/scan/worker.js'));
const rules = { customDetectors: [], limits: adjustableLimits };
const pools: Pool[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

async function scanRequests(
  blobs: readonly RequestedBlob[],
  {
    jobs = 2,
    signal,
    ledger,
  }: { readonly jobs?: number; readonly signal?: AbortSignal; readonly ledger?: Ledger } = {},
): Promise<ScannedSource & { readonly asked: Asked; readonly done: readonly number[] }> {
  const pool = new Pool(jobs, signal, rules, worker);
  pools.push(pool);
  const { source, asked } = requestSource(blobs);
  const progress = {
    done: 0,
    total: 0,
    expect(total: number) {
      this.total = total;
    },
    layerDone() {
      this.done += 1;
    },
  };
  const scanned = await scanBlobs(source, { pool, engine: engineOf([]), signal, progress, ledger });
  return { ...scanned, asked, done: [progress.done, progress.total] };
}

function layer(seed: number): Promise<Buffer> {
  return buildTar([
    { path: `seed/${String(seed)}.csv`, content: `ssn,name\n${patient(seed).ssn},${patient(seed).name}\n` },
  ]);
}

test('blobs are asked for as many at once as there are threads, each once, the largest first', async () => {
  const layers = await Promise.all([1, 2, 3, 4, 5, 6].map(layer));
  const large = Buffer.concat([await layer(7), Buffer.alloc(3_000_000)]);
  const blobs = [...layers, layers[2] ?? Buffer.alloc(0), large].map((bytes) => ({ bytes }));
  const { scanned, asked, done, gaps } = await scanRequests(blobs, { jobs: 3 });
  expect(asked.digests).toEqual([...new Set([large, ...layers].map(sha256))]);
  expect(asked.mostOpen).toBe(3);
  expect([...scanned.values()].map(({ digest, found }) => [digest, found.length > 0])).toEqual(
    [...layers, large].map((bytes) => [sha256(bytes), true]),
  );
  expect(done).toEqual([7, 7]);
  expect(gaps).toEqual([]);
});

test('two names of one digest are one blob', async () => {
  const bytes = await layer(1);
  const { blobs, asked } = await scanRequests([{ bytes }, { bytes, name: 'other/name' }]);
  expect(asked.digests).toHaveLength(1);
  expect(blobs.map(({ aliases }) => aliases)).toEqual([['other/name']]);
});

test('what goes wrong on the way is one gap of the blob, whose bytes are known to be broken', async () => {
  const bytes = await layer(1);
  async function* cut(onProblem: OnProblem): AsyncGenerator<Buffer, void, undefined> {
    yield await Promise.resolve(bytes.subarray(0, 700));
    onProblem({ reason: 'truncated', detail: 'the connection ended', bytes: bytes.length - 700 });
  }
  const { scanned } = await scanRequests([{ bytes, open: cut }]);
  expect([...scanned].map(([{ isBroken }, { gaps }]) => [isBroken, gaps])).toEqual([
    [true, [{ reason: 'truncated', path: '', detail: 'the connection ended', bytes: bytes.length - 700 }]],
  ]);
});

test('a blob that is not given is a gap with the reason, and the others are scanned', async () => {
  const bytes = await layer(1);
  async function* denied(): AsyncGenerator<Buffer, void, undefined> {
    await Promise.resolve();
    throw new ScanError('denied', 'the registry does not give it');
  }
  const { scanned, gaps } = await scanRequests([{ bytes: Buffer.alloc(9000), open: denied }, { bytes }]);
  expect(gaps).toMatchObject([{ reason: 'unreadable', detail: 'the registry does not give it', bytes: 9000 }]);
  expect([...scanned.values()].map(({ digest }) => digest)).toEqual([sha256(bytes)]);
});

test('when the run is stopped, what waits is not asked for any more', async () => {
  const stop = new AbortController();
  async function* endless(): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      yield await Promise.resolve(Buffer.alloc(1000));
      setTimeout(() => {
        stop.abort();
      }, 200);
    }
  }
  const blobs = [{ bytes: Buffer.alloc(9000), open: endless }, { bytes: await layer(1) }];
  const { gaps, asked } = await scanRequests(blobs, { jobs: 1, signal: stop.signal });
  expect(asked.digests).toHaveLength(1);
  expect(asked.open).toBe(0);
  expect(new Set(gaps.map(({ reason }) => reason))).toEqual(new Set(['interrupted']));
});

test('what is known is not asked for, and what was cut on its way is not known', async () => {
  const ledger = memoryLedger();
  const layers = await Promise.all([1, 2, 3].map(layer));
  const words = Buffer.from(`patient ssn: ${patient(4).ssn}`);
  async function* cut(onProblem: OnProblem): AsyncGenerator<Buffer, void, undefined> {
    yield await Promise.resolve((layers[2] ?? words).subarray(0, 700));
    onProblem({ reason: 'truncated', detail: 'the connection ended' });
  }
  const [first, second, third] = layers;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three layers');
  const whole = [{ bytes: first }, { bytes: second }, { bytes: words }];
  const before = await scanRequests([...whole, { bytes: third, open: cut }], { ledger });
  expect(before.asked.digests).toHaveLength(4);
  const after = await scanRequests([...whole, { bytes: third }], { ledger });
  expect(after.asked.digests).toEqual([sha256(third)]);
  expect([...after.scanned.values()].slice(0, 3)).toEqual([...before.scanned.values()].slice(0, 3));
  expect(after.done).toEqual([4, 4]);
  // Words are found under the name of their blob: under another one, they are read anew.
  const renamed = await scanRequests([{ bytes: words, name: 'words.txt' }], { ledger });
  expect(renamed.asked.digests).toEqual([sha256(words)]);
});
