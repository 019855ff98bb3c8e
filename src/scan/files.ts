/** Files and folders on disk, in batches on all threads. */

import type { Engine } from '../engine/engine.ts';
import type { EntryGap } from '../finding.ts';
import type { FolderSize } from '../target.ts';
import type { AdjustableLimits } from '../adjustable-limits.ts';
import { type FileObject, type FilesOptions, openFiles } from '../source/files.ts';
import type { FileRange } from '../source/source.ts';
import type { Chunks } from '../unpack/chunks.ts';
import { scanFile } from './entries.ts';
import { commonFolder, FolderSizes } from './folder-sizes.ts';
import type { FilesJob, ScannedFile } from './jobs.ts';
import { lost } from './lost.ts';
import type { Pool } from './pool.ts';
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
  readonly folders: readonly FolderSize[];
}

/** Files to be scanned, in their order; what cannot be listed or read is a gap. */
export type FileListing = (onGap: (gap: EntryGap) => void) => AsyncIterable<FileObject>;

export interface FilesScanOptions extends Pick<FilesOptions, 'dockerignore' | 'excludes'> {
  readonly limits?: AdjustableLimits | undefined;
  /** Other files than those of the patterns. */
  readonly listed?: FileListing | undefined;
}

export async function scanFileTree(
  patterns: readonly string[],
  { dockerignore, excludes, limits, listed }: FilesScanOptions,
  pool: Pool,
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<ScannedFiles> {
  const tally = new Tally(engine, limits);
  const folders = new FolderSizes(commonFolder(patterns));
  const running = new Set<Promise<void>>();
  // Batches are counted in the order of the walk, whatever thread is first: a bound leaves out the same in every run.
  let counted = Promise.resolve();
  let batch: FilesJob['files'][number][] = [];
  let batchBytes = 0;

  const send = (): void => {
    const files = batch;
    batch = [];
    batchBytes = 0;
    const job = scanBatch(files, pool, signal);
    counted = counted.then(async () => {
      (await job)(tally);
    });
    const done = counted.then(() => {
      running.delete(done);
    });
    running.add(done);
  };

  const onGap = (gap: EntryGap): void => {
    tally.problem(gap, gap.path);
  };
  const files = listed?.(onGap) ?? openFiles(patterns, { dockerignore, excludes, onGap });
  for await (const { path, size, linkTarget, bytes } of files) {
    if (signal?.aborted === true) break;
    if (listed !== undefined && excludes !== undefined && foldersAbove(path).some(excludes)) continue;
    folders.add(path, size);
    if (bytes.kind === 'range') {
      batch.push({ ...bytes, path });
      batchBytes += size;
      if (batch.length >= BATCH_FILES || batchBytes >= BATCH_BYTES) send();
      while (running.size >= pool.jobs * BATCHES_AHEAD) await Promise.race(running);
    } else {
      if (linkTarget !== undefined) tally.add(engine.text(path, 'link target', linkTarget), path);
      // Links, folders and devices have a name only; a file that no string can name is too rare for a thread.
      await scanFile(path, untilAborted(bytes.chunks, signal), tally);
    }
  }
  if (batch.length > 0) send();
  await Promise.all(running);
  if (signal?.aborted === true) tally.problem({ reason: 'interrupted' }, '');
  tally.close();
  const { found, gaps, bytes, entries } = tally;
  return { found, gaps, bytes, entries, folders: folders.finish(bytes, (path) => engine.maskText(path)) };
}

/** `a`, `a/b`, `a/b/c` of `a/b/c`: no walk has left out a folder before. */
function foldersAbove(path: string): readonly string[] {
  const names = path.split('/');
  return names.map((_name, index) => names.slice(0, index + 1).join('/'));
}

async function* untilAborted(chunks: Chunks, signal: AbortSignal | undefined): Chunks {
  for await (const chunk of chunks) {
    if (signal?.aborted === true) return;
    yield chunk;
  }
}

/** Never rejects; gives what is to be done with the result. */
async function scanBatch(
  files: readonly (FileRange & { readonly path: string })[],
  pool: Pool,
  signal: AbortSignal | undefined,
): Promise<(tally: Tally) => void> {
  try {
    const scanned = await pool.files(files);
    return (tally) => {
      for (const file of scanned) merge(tally, file);
    };
  } catch (error) {
    return (tally) => {
      if (signal?.aborted === true) return;
      for (const file of files) tally.problem({ ...lost(error, signal), bytes: file.length }, file.path);
    };
  }
}

function merge(tally: Tally, scanned: ScannedFile): void {
  for (const { finding, entryPath } of scanned.found) tally.add([finding], entryPath);
  for (const gap of scanned.gaps) tally.gap(gap);
  tally.bytes += scanned.bytes;
  tally.entries += scanned.entries;
}
