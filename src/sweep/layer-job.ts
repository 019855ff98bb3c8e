/** One unit of a sweep's work: plain data, so that a fleet can take it from a queue. */

import type { PlannedLayer } from '../planned-sweep.ts';
import type { ImageRegistry } from '../registry/image-registry.ts';
import type { ScannedBlob } from '../scan/blob.ts';
import type { Requests } from '../scan/requests.ts';
import { trace } from '../trace.ts';
import type { Chunks, Problem } from '../unpack/chunks.ts';

/**
 * A layer to be read and scanned once, wherever it is held. Done twice, it gives the same: the result is of the digest. A
 * repository whose name holds a value is masked in a plan that is printed, and cannot be asked by its name.
 */
export type LayerJob = PlannedLayer;

/** What reading a layer gave, or why it could not be had. */
export type LayerResult = { readonly scanned: ScannedBlob } | { readonly problem: Problem };

export interface LayerReading {
  readonly requests: Requests;
  /** Asked before each chunk: what ends the reading early; undefined to go on. */
  readonly stopped: () => Problem | undefined;
  /** Stored bytes, as they come. */
  readonly onBytes: (bytes: number) => void;
}

/** Asks one repository after the other until one gives the layer: rights in registries are those of repositories. Throws when
 * the thread failed. */
export async function readLayer(job: LayerJob, registry: ImageRegistry, reading: LayerReading): Promise<LayerResult> {
  let refused: Problem = { reason: 'unreadable', detail: 'no repository is known that holds it' };
  for (const repository of job.repositories) {
    const stopped = reading.stopped();
    if (stopped !== undefined) return { problem: stopped };
    const begun = performance.now();
    const attempt = new Attempt(reading);
    const address = { digest: job.digest, size: job.size ?? undefined };
    const scanned = await reading.requests.scan(blobName(job.digest), {
      kind: 'request',
      open: () => attempt.read((onProblem) => registry.blob(repository, address, onProblem)),
    });
    if (attempt.stopped !== undefined) return { problem: attempt.stopped };
    if (attempt.problem === undefined) {
      if (scanned.digest === job.digest || !job.digest.startsWith('sha256:')) {
        const { digest, size: bytes } = scanned;
        const milliseconds = performance.now() - begun;
        trace('layer', { name: blobName(digest), digest, bytes, milliseconds, remembered: false });
        return { scanned };
      }
      attempt.problem = { reason: 'digest-mismatch', detail: 'the bytes of the layer are not those of its digest' };
    }
    refused = attempt.problem;
  }
  return { problem: refused };
}

/** As in a layout: what a registry's blobs are called. */
function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** One reading of one repository's blob. */
class Attempt {
  problem: Problem | undefined;
  stopped: Problem | undefined;
  readonly #reading: LayerReading;

  constructor(reading: LayerReading) {
    this.#reading = reading;
  }

  async *read(open: (onProblem: (problem: Problem) => void) => Chunks): Chunks {
    const chunks = open((problem) => {
      this.problem ??= problem;
    });
    for await (const chunk of chunks) {
      this.stopped = this.#reading.stopped();
      if (this.stopped !== undefined) return;
      this.#reading.onBytes(chunk.length);
      yield chunk;
    }
  }
}
