import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SweepTotals, SweptPart } from '../../src/finding.ts';
import { adjustableLimits } from '../../src/adjustable-limits.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { engineOf } from '../../src/scan/engine-of.ts';
import { Pool } from '../../src/scan/pool.ts';
import { sweepRegistry, type SweepOptions } from '../../src/sweep/sweep.ts';
import { byPlace } from '../../src/sweep/swept.ts';
import type { SweptRegistry } from './swept-registry.ts';

const builtWorker = pathToFileURL(join(import.meta.dirname, '../../dist/src/scan/worker.js'));

const noDetectors = [] as const;

export interface SweptAll {
  readonly totals: SweepTotals;
  /** In the order of their places. */
  readonly parts: readonly SweptPart[];
  /** Of images, by `repository@digest`. */
  readonly images: ReadonlyMap<string, SweptPart>;
}

/** Sweeps what is in memory, with the threads of the built program. */
export async function sweepAll(
  registry: SweptRegistry,
  ledger: Ledger,
  options: Partial<SweepOptions> = {},
): Promise<SweptAll> {
  const parts: SweptPart[] = [];
  const { jobs = 2, signal } = options;
  let pool: Pool | undefined;
  const totals = await sweepRegistry(
    { registry, listing: registry, account: '', region: '' },
    {
      scope: { repositories: [] },
      jobs,
      engine: engineOf(noDetectors),
      ledger,
      minConfidence: 0,
      pool: () => {
        pool ??= new Pool(jobs, signal, { customDetectors: [], limits: adjustableLimits }, builtWorker);
        return Promise.resolve(pool);
      },
      ...options,
      onPart: async (part) => {
        parts.push(part);
        await options.onPart?.(part);
      },
    },
  ).finally(() => pool?.close());
  parts.sort((a, b) => byPlace(a.place, b.place));
  const images = parts.filter(({ place }) => place.digest !== '');
  return {
    totals,
    parts,
    images: new Map(images.map((part) => [`${part.place.repository}@${part.place.digest}`, part])),
  };
}
