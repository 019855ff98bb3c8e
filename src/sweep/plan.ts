/** What a sweep is going to do, before it reads a layer. */

import type { EntryGap } from '../finding.ts';
import type { LayerJob } from './layer-job.ts';
import type { Problem } from '../unpack/chunks.ts';

/** One manifest or index of a registry that is no part of another one. */
export interface PlannedImage {
  readonly repository: string;
  readonly digest: string;
  /** Sorted; empty: it is untagged. */
  readonly tags: readonly string[];
  readonly pushedAt: Date | undefined;
  /** By which the ledger knows its result. */
  readonly key: string;
  readonly remembered: boolean;
  /** Digests of itself and of all manifests that it lists. */
  readonly manifests: readonly string[];
  /** Digests of what is read once for all images, each once. */
  readonly layers: readonly string[];
  /** Why nothing of it is read. */
  readonly problem: Problem | undefined;
}

/** Stored bytes, as far as manifests tell them. */
export interface LayerCount {
  readonly layers: number;
  readonly bytes: number;
}

export interface SweepPlan {
  /** Host and port of the registry. */
  readonly registry: string;
  /** Sorted, those in the scope. */
  readonly repositories: readonly string[];
  /** By repository, the newest first. */
  readonly images: readonly PlannedImage[];
  /** All unique layers of the images, those that are remembered too. */
  readonly total: LayerCount;
  readonly remembered: LayerCount;
  /** In the order of images, the newest first. */
  readonly jobs: readonly LayerJob[];
  /** Layers over `--max-bytes`. */
  readonly leftOut: readonly LayerJob[];
  /** Of what was not listed, beside the listing's own gaps; their paths are repositories. */
  readonly gaps: readonly EntryGap[];
}

/** Newest first; what has no date last; else as listed. */
export function byNewest(a: Pick<PlannedImage, 'pushedAt'>, b: Pick<PlannedImage, 'pushedAt'>): number {
  return (b.pushedAt?.getTime() ?? -Infinity) - (a.pushedAt?.getTime() ?? -Infinity) || 0;
}
