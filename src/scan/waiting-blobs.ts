/** Blobs whose bytes can wait until their source has ended: all of them are known then, and the largest is begun first. */

import type { FileRange, ObjectRequest, SourceObject } from '../source/source.ts';
import type { ScannedBlob } from './blob.ts';
import type { KnownBlobs } from './known-blobs.ts';
import type { Pool } from './pool.ts';
import { Requests } from './requests.ts';

export interface WaitingBlob<Bytes = FileRange | ObjectRequest> {
  readonly object: SourceObject;
  /** In the source. */
  readonly position: number;
  readonly bytes: Bytes;
}

interface StartedBlob extends Pick<WaitingBlob, 'object' | 'position'> {
  readonly job: Promise<ScannedBlob>;
}

interface Workers {
  readonly pool: Pool;
  readonly signal: AbortSignal | undefined;
  readonly known: KnownBlobs;
}

export async function startWaiting(waiting: readonly WaitingBlob[], workers: Workers): Promise<readonly StartedBlob[]> {
  const bySize = waiting.toSorted((a, b) => b.object.size - a.object.size);
  await workers.known.look(bySize.map(({ object }) => object));
  const requests = new Requests(workers.pool, workers.signal);
  const ranges = bySize.filter(isRange);
  return [
    ...startRanges(ranges, workers),
    ...bySize.filter(isRequest).map((request) => startRequest(request, requests, workers)),
  ];
}

function isRange(blob: WaitingBlob): blob is WaitingBlob<FileRange> {
  return blob.bytes.kind === 'range';
}

function isRequest(blob: WaitingBlob): blob is WaitingBlob<ObjectRequest> {
  return blob.bytes.kind === 'request';
}

function startRanges(ranges: readonly WaitingBlob<FileRange>[], { pool, known }: Workers): readonly StartedBlob[] {
  return ranges.map(({ object, position, bytes }) => {
    const scan = (digestElsewhere: boolean): Promise<ScannedBlob> => pool.blob(object.name, bytes, digestElsewhere);
    const job = known.may(object)
      ? known.range(object, bytes, (digest) => withDigest(scan(true), Promise.resolve({ digest })))
      : scan(false);
    return { object, position, job };
  });
}

function startRequest(
  { object, position, bytes }: WaitingBlob<ObjectRequest>,
  requests: Requests,
  { known }: Workers,
): StartedBlob {
  const ask = async (): Promise<ScannedBlob> =>
    (await known.requested(object)) ?? (await requests.scan(object.name, bytes));
  return { object, position, job: ask() };
}

async function withDigest(
  scan: Promise<ScannedBlob>,
  hashed: Promise<{ readonly digest: string }>,
): Promise<ScannedBlob> {
  const [scanned, { digest }] = await Promise.all([scan, hashed]);
  const { content } = scanned;
  if (content.kind !== 'layer' || content.compression !== 'none') return { ...scanned, digest };
  return { ...scanned, digest, content: { ...content, diffId: digest } };
}
