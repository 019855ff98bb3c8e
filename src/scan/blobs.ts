/** All blobs of a source, each scanned once, on as many threads as there are jobs. */

import type { EntryGap, GapReason } from '../finding.ts';
import { limits } from '../limits.ts';
import type { DocumentBlob, SourceBlob, StoredBlob } from '../image/blob.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Source, SourceObject } from '../source/source.ts';
import { trace } from '../trace.ts';
import type { Chunks, Problem } from '../unpack/chunks.ts';
import { type ScannedBlob, withoutCut } from './blob.ts';
import { KnownBlobs } from './known-blobs.ts';
import { NameScan } from './names.ts';
import { lost } from './lost.ts';
import type { Pool } from './pool.ts';
import type { LayerRead, ProgressCounter } from './progress.ts';
import { Tally } from './tally.ts';
import { startWaiting, type WaitingBlob } from './waiting-blobs.ts';
import type { Engine } from '../engine/engine.ts';

/** What one reading of a source gave: blobs to assemble images from, and what was found in each. */
export interface ScannedSource {
  readonly blobs: readonly SourceBlob[];
  readonly scanned: ReadonlyMap<SourceBlob, ScannedBlob>;
  /** Of the medium itself. */
  readonly gaps: readonly EntryGap[];
  /** In names, link targets and attributes of the archive's own members. */
  readonly tally: Tally;
}

interface Pending {
  readonly object: SourceObject;
  /** In the source: of two objects with one name an engine loads the later. */
  readonly position: number;
  /** Undefined when the thread was stopped or failed: then there is a gap for it. */
  readonly scanned: Promise<ScannedBlob | undefined>;
}

/** What keeps bytes from being those that a digest or size was made of. */
const BROKEN: ReadonlySet<GapReason> = new Set([
  'truncated',
  'corrupt',
  'time-limit',
  'unreadable',
  'missing-blob',
  'foreign-layer',
  'left-out',
  'digest-mismatch',
  'interrupted',
  'internal',
]);

/** What the blobs of one source are scanned with. */
export interface BlobScan {
  readonly pool: Pool;
  readonly engine: Engine;
  readonly signal: AbortSignal | undefined;
  readonly progress: Pick<ProgressCounter, 'expect' | 'layerDone'>;
  /** Undefined: nothing is remembered, and all is scanned. */
  readonly ledger: Ledger | undefined;
}

export async function scanBlobs(
  source: Source,
  { pool, engine, signal, progress, ledger }: BlobScan,
): Promise<ScannedSource> {
  const known = new KnownBlobs(ledger, pool, signal);
  const tally = new Tally(engine);
  const gap = (problem: Problem, name = ''): void => {
    tally.problem(problem, name);
  };
  const names = new NameScan(tally);
  const pending: Pending[] = [];
  const waiting: WaitingBlob[] = [];
  const requested = new Map<string, string>();
  let position = 0;
  const aliases = new Map<string, string[]>();
  let heldJson = 0;

  const addAlias = (name: string, alias: string): void => {
    if (name === alias) return;
    const names = aliases.get(name);
    if (names === undefined) aliases.set(name, [alias]);
    else names.push(alias);
  };

  /** Documents are held until all are there: what is too much is dropped as it comes, or a thousand would fill memory. */
  const within = (object: SourceObject, blob: ScannedBlob): ScannedBlob => {
    if (blob.content.kind !== 'document') return blob;
    const { length } = blob.content.json;
    if (heldJson + length <= limits.metadataTotalBytes) {
      heldJson += length;
      return blob;
    }
    const detail = `more than ${limits.metadataTotalBytes} bytes of JSON: its structure is not read`;
    gap({ reason: 'byte-limit', detail }, object.name);
    return { ...blob, content: { kind: 'opaque' } };
  };
  const settle = (object: SourceObject, position: number, job: Promise<ScannedBlob>, begun: number): void => {
    const scanned = job.then(
      async (blob) => {
        const layer = blob.content.kind === 'layer' ? layerRead(blob, known.wasRecalled(blob)) : undefined;
        if (layer !== undefined)
          trace('layer', { name: object.name, milliseconds: performance.now() - begun, ...layer });
        await known.keep(object, blob);
        progress.layerDone(layer);
        return within(object, blob);
      },
      (error: unknown) => {
        gap({ ...lost(error, signal), bytes: object.size }, object.name);
        return undefined;
      },
    );
    pending.push({ object, position, scanned });
  };
  /** Resolves when the stream was read whole. */
  const stream = async (object: SourceObject, chunks: Chunks): Promise<{ readonly job: Promise<ScannedBlob> }> => {
    const before = await known.stream(object, chunks);
    // In an object: a promise that is returned is awaited.
    return 'blob' in before
      ? { job: Promise.resolve(before.blob) }
      : await pool.blobFromStream(object.name, before.chunks);
  };

  try {
    for await (const object of source.objects(gap)) {
      position += 1;
      names.member(object.name, object, object.name, '');
      const { alias, bytes, digest } = object;
      const same = bytes.kind === 'request' && digest !== undefined ? requested.get(digest) : undefined;
      if (alias !== undefined) addAlias(alias, object.name);
      else if (same !== undefined) addAlias(same, object.name);
      else if (bytes.kind !== 'stream') {
        waiting.push({ object, position, bytes });
        if (bytes.kind === 'request' && digest !== undefined) requested.set(digest, object.name);
      } else if (object.size > 0) {
        progress.expect(pending.length + 1);
        const begun = performance.now();
        const { job } = await stream(object, bytes.chunks);
        settle(object, position, job, begun);
      }
      if (signal?.aborted === true) break;
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
  if (signal?.aborted === true) gap({ reason: 'interrupted' });

  names.flush();

  progress.expect(pending.length + waiting.length);
  const begun = performance.now();
  for (const { object, position, job } of await startWaiting(waiting, { pool, signal, known })) {
    settle(object, position, job, begun);
  }

  pending.sort((a, b) => a.position - b.position);
  return gather(pending, aliases, tally);
}

function layerRead({ digest, size }: ScannedBlob, remembered: boolean): LayerRead {
  return { digest, bytes: size, remembered };
}

async function gather(
  pending: readonly Pending[],
  aliases: ReadonlyMap<string, readonly string[]>,
  tally: Tally,
): Promise<ScannedSource> {
  const scanned = new Map<SourceBlob, ScannedBlob>();
  for (const { object, scanned: result } of pending) {
    const whole = await result;
    if (whole === undefined) continue;
    // The archive ends in it, and has a gap for that.
    const isLast =
      whole.size < object.size && Number.isFinite(object.size) && tally.gaps.some(({ path }) => path === '');
    const blob = isLast ? { ...whole, gaps: withoutCut(whole.gaps) } : whole;
    const stored: StoredBlob = {
      name: object.name,
      aliases: aliasesOf(object.name, aliases),
      digest: blob.digest,
      size: blob.size,
      isBroken: isLast || blob.gaps.some(({ reason, path }) => path === '' && BROKEN.has(reason)),
    };
    // The text of a document is not held beside what was parsed of it.
    scanned.set(sourceBlob(stored, blob), { ...blob, content: { kind: 'opaque' } });
  }
  tally.close();
  return { blobs: [...scanned.keys()], scanned, gaps: tally.gaps, tally };
}

/** Links may lead to links, and in a hostile archive in a circle. */
function aliasesOf(name: string, aliases: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const names = new Set<string>(aliases.get(name));
  for (const alias of names) for (const further of aliases.get(alias) ?? []) names.add(further);
  names.delete(name);
  return [...names];
}

function sourceBlob(stored: StoredBlob, { content, bytes, entries }: ScannedBlob): SourceBlob {
  switch (content.kind) {
    case 'layer':
      return { ...stored, ...content, unpackedBytes: bytes, entries };
    case 'document':
      return (
        document(stored, Buffer.from(content.json.buffer, content.json.byteOffset, content.json.byteLength)) ?? {
          ...stored,
          kind: 'opaque',
        }
      );
    case 'opaque':
      return { ...stored, kind: 'opaque' };
  }
}

function document(stored: StoredBlob, bytes: Buffer): DocumentBlob | undefined {
  try {
    return { ...stored, kind: 'document', json: JSON.parse(bytes.toString()) as unknown, bytes };
  } catch {
    // Text that only begins like JSON was scanned as text; a manifest that does not parse is missed by its image.
    return undefined;
  }
}
