/** What worker threads do: the functions of worker.ts, their input and output. All of it is structured-cloneable. */

import type { ReadableStream } from 'node:stream/web';
import type { MessagePort } from 'node:worker_threads';
import type { EntryGap } from '../finding.ts';
import type { CustomDetector } from '../detect/custom-detector.ts';
import type { AdjustableLimits } from '../adjustable-limits.ts';
import type { FileRange } from '../source/source.ts';
import type { FoundInEntry } from './tally.ts';

/** What every worker thread is given when it starts. */
export interface WorkerRules {
  readonly customDetectors: readonly CustomDetector[];
  readonly limits: AdjustableLimits;
}

interface Counted {
  /** One 64-bit counter of stored bytes read, shared by all threads. */
  readonly counter: BigInt64Array;
}

/**
 * A port and how many messages the other side has sent through it. A thread that takes them without waiting
 * (receiveMessageOnPort) must know that there is one: asked for more at a port whose other side is closed, Node 20 crashes.
 */
export interface Line {
  readonly port: MessagePort;
  /** One number, in shared memory. */
  readonly sent: Int32Array;
}

export interface BlobJob extends Counted {
  readonly name: string;
  readonly bytes: FileRange | ReadableStream<Uint8Array>;
  readonly digestElsewhere: boolean;
  /** Lines to helpers come through it: each the other end of that of a `HelpJob`. */
  readonly offers: Line | undefined;
}

/** From the blob's thread. */
export interface HelpJob {
  readonly line: Line;
}

export interface DigestJob extends Counted {
  readonly range: FileRange;
}

export interface RangeDigest {
  /** `sha256:<hex>`. */
  readonly digest: string;
  /** False when the file is no longer what it was when it was listed. */
  readonly isWhole: boolean;
}

/** Many small files at once: a message for each would cost more than the file. */
export interface FilesJob extends Counted {
  readonly files: readonly (FileRange & { readonly path: string })[];
}

export interface ScannedFile {
  readonly found: readonly FoundInEntry[];
  readonly gaps: readonly EntryGap[];
  readonly bytes: number;
  readonly entries: number;
}
