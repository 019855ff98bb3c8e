/** Files and folders on disk, in batches on all threads. */

import type { Engine } from '../engine/engine.ts';
import type { EntryGap } from '../finding.ts';
import { openFiles } from '../source/files.ts';
import type { FileRange } from '../source/source.ts';
import type { FilesJob, ScannedFile } from './jobs.ts';
import { lost, type Pool } from './pool.ts';
import { type FoundInEntry, Tally } from './tally.ts';

/** A batch ends at whichever comes first: enough work to be worth a message, little enough that all threads have some. */
const BATCH_FILES = 128;
const BATCH_BYTES = 4 * 1024 * 1024;
/** Batches that wait for a thread: the walk does not run ahead of the scan without end. */
const BATCHES_AHEAD = 4;

export interface ScannedFiles {
  readonly found: readonly FoundInEntry[];
  readonly gaps: readonly EntryGap[];
  readonly bytes: number;
  readonly entries: number;
}

export async function scanFileTree(
  patterns: readonly string[],
  dockerignore: boolean,
  pool: Pool,
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<ScannedFiles> {
  const tally = new Tally(engine);
  const running = new Set<Promise<void>>();
  let batch: FilesJob['files'][number][] = [];
  let batchBytes = 0;

  const send = (): void => {
    const files = batch;
    batch = [];
    batchBytes = 0;
    const job = scanBatch(files, pool, tally, signal).finally(() => running.delete(job));
    running.add(job);
  };

  const onGap = (gap: EntryGap): void => {
    tally.problem(gap, gap.path);
  };
  for await (const { path, size, linkTarget, bytes } of openFiles(patterns, { dockerignore, onGap })) {
    if (signal?.aborted === true) break;
    if (bytes.kind === 'range') {
      batch.push({ ...bytes, path });
      batchBytes += size;
      if (batch.length >= BATCH_FILES || batchBytes >= BATCH_BYTES) send();
      while (running.size >= pool.jobs * BATCHES_AHEAD) await Promise.race(running);
    } else {
      tally.entries += 1;
      tally.add(engine.text(path, 'name', path), path);
      if (linkTarget !== undefined) tally.add(engine.text(path, 'link target', linkTarget), path);
      const scanned = await (await pool.blobFromStream(path, bytes.chunks)).job;
      merge(tally, scanned);
    }
  }
  if (batch.length > 0) send();
  await Promise.all(running);
  if (signal?.aborted === true) tally.problem({ reason: 'interrupted' }, '');
  tally.close();
  return tally;
}

async function scanBatch(
  files: readonly (FileRange & { readonly path: string })[],
  pool: Pool,
  tally: Tally,
  signal: AbortSignal | undefined,
): Promise<void> {
  let scanned: readonly ScannedFile[];
  try {
    scanned = await pool.files(files);
  } catch (error) {
    if (signal?.aborted === true) return;
    for (const file of files) tally.problem({ ...lost(error, signal), bytes: file.length }, file.path);
    return;
  }
  for (const file of scanned) merge(tally, file);
}

function merge(tally: Tally, scanned: ScannedFile): void {
  for (const { finding, entryPath } of scanned.found) tally.add([finding], entryPath);
  for (const gap of scanned.gaps) tally.gap(gap);
  tally.bytes += scanned.bytes;
  tally.entries += scanned.entries;
}
