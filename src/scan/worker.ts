/** What a worker thread runs: one job at a time, each an exported function. */

import { createHash } from 'node:crypto';
import { workerData } from 'node:worker_threads';
import { adjustableLimits } from '../adjustable-limits.ts';
import { readRange } from '../source/range.ts';
import type { Chunks, OnProblem } from '../unpack/chunks.ts';
import { scanBlob, type ScannedBlob, withProblems } from './blob.ts';
import { engineOf } from './engine-of.ts';
import { scanFile } from './entries.ts';
import { help as helpWith } from './helper.ts';
import type { BlobJob, DigestJob, FilesJob, HelpJob, RangeDigest, ScannedFile, WorkerRules } from './jobs.ts';
import { Tally } from './tally.ts';

const { customDetectors, limits } = rulesOf(workerData);
const engine = engineOf(customDetectors);

export async function blob(job: BlobJob): Promise<ScannedBlob> {
  const problems: Parameters<OnProblem>[0][] = [];
  const chunks = 'file' in job.bytes ? readRange(job.bytes, (problem) => problems.push(problem)) : received(job.bytes);
  const scanned = await scanBlob(engine, chunks, {
    name: job.name,
    limits,
    digestElsewhere: job.digestElsewhere,
    offers: job.offers,
    onBytes: counting(job.counter),
  });
  return withProblems(scanned, problems);
}

/** Scans entries of a layer that another thread unpacks, until that has no more. */
export async function help({ line }: HelpJob): Promise<void> {
  await helpWith(engine, limits, line);
}

export async function files(job: FilesJob): Promise<readonly ScannedFile[]> {
  const scanned: ScannedFile[] = [];
  const onBytes = counting(job.counter);
  for (const file of job.files) {
    const tally = new Tally(engine, limits);
    const chunks = readRange(file, (problem) => {
      tally.cause(problem, file.path);
    });
    await scanFile(file.path, chunks, tally, file.length);
    onBytes(file.length);
    tally.close();
    scanned.push({ found: tally.found, gaps: tally.gaps, bytes: tally.bytes, entries: tally.entries });
  }
  return scanned;
}

/** Of a range that may be known already. */
export async function digest({ range, counter }: DigestJob): Promise<RangeDigest> {
  const hash = createHash('sha256');
  const onBytes = counting(counter);
  let isWhole = true;
  // What is wrong with the file is told when it is scanned.
  const onProblem: OnProblem = () => {
    isWhole = false;
  };
  for await (const chunk of readRange(range, onProblem)) {
    hash.update(chunk);
    onBytes(chunk.length);
  }
  return { digest: `sha256:${hash.digest('hex')}`, isWhole };
}

/** tinypool gives its own part first, then what Pool gave it. */
function rulesOf(given: unknown): WorkerRules {
  const rules: unknown = Array.isArray(given) ? given[1] : undefined;
  return isRules(rules) ? rules : { customDetectors: [], limits: adjustableLimits };
}

function isRules(rules: unknown): rules is WorkerRules {
  return typeof rules === 'object' && rules !== null && 'customDetectors' in rules && 'limits' in rules;
}

/** Nothing: it only brings a thread up, which then takes the jobs that wait. */
export function start(): void {}

async function* received(stream: AsyncIterable<Uint8Array>): Chunks {
  for await (const chunk of stream) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function counting(counter: BigInt64Array): (bytes: number) => void {
  return (bytes) => {
    Atomics.add(counter, 0, BigInt(bytes));
  };
}
