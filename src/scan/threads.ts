/** Worker threads, which take as long to come up as the rest of the program to load. */

import { isDeepStrictEqual } from 'node:util';
import { Tinypool } from 'tinypool';
import { adjustableLimits } from '../adjustable-limits.ts';
import type { WorkerRules } from './jobs.ts';

/** Threads of every scan, so that the first jobs find them ready; further ones start when a job needs them. */
const EAGER_THREADS = 2;

const DEFAULT_RULES: WorkerRules = { customDetectors: [], limits: adjustableLimits };

let early: { readonly jobs: number; readonly threads: Tinypool } | undefined;

/** For a scan that is about to be asked for; as most are, by the rules that nobody has changed. */
export function startThreadsEarly(jobs: number): void {
  early ??= { jobs, threads: newThreads(jobs, DEFAULT_RULES, builtWorker()) };
}

/** `worker`: the module of the threads, which a test may replace. */
export function threadsFor(jobs: number, rules: WorkerRules = DEFAULT_RULES, worker: URL = builtWorker()): Tinypool {
  const ready = early;
  early = undefined;
  if (ready?.jobs === jobs && isDeepStrictEqual(rules, DEFAULT_RULES)) return ready.threads;
  void ready?.threads.destroy();
  return newThreads(jobs, rules, worker);
}

function builtWorker(): URL {
  return new URL('../scan/worker.js', import.meta.url);
}

function newThreads(jobs: number, rules: WorkerRules, worker: URL): Tinypool {
  return new Tinypool({
    filename: worker.href,
    // These start at once, beside what the main thread still has to load.
    minThreads: Math.min(jobs, EAGER_THREADS),
    maxThreads: jobs,
    workerData: rules,
    idleTimeout: 60_000,
    // A layer needs little heap; a small young generation keeps the garbage of many threads small.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
}
