/** What a thread does that has nothing else to do: it scans entries of a layer that another thread unpacks. */

import type { AdjustableLimits } from '../adjustable-limits.ts';
import type { Engine, EntryScan } from '../engine/engine.ts';
import type { Line } from './jobs.ts';
import { digestsOf, KeptBytes } from './kept-bytes.ts';
import { Tally, type TallyPart } from './tally.ts';

/** An entry, or as much of it as a batch has room for. */
export interface Piece {
  readonly path: string;
  readonly entryPath: string;
  /** The entry's number in the layer. */
  readonly order: number;
  /** Bytes in the batch. */
  size: number;
  /** In the next batch. */
  goesOn: boolean;
}

/** Sent to a helper, which sends the bytes back with what it found: they serve for a later batch. */
export interface Batch {
  readonly bytes: ArrayBuffer;
  /** One after the other in the bytes. */
  readonly pieces: readonly Piece[];
}

/** A helper's first message, which says that it is here, has nothing. */
export type Reply = { readonly bytes: ArrayBuffer; readonly part: TallyPart } | undefined;

/** Resolves when the other side has closed the port. */
export function help(engine: Engine, limits: AdjustableLimits, { port, sent }: Line): Promise<void> {
  const scan = new BatchScan(engine, limits);
  return new Promise((resolve) => {
    port.once('close', () => {
      resolve();
    });
    port.on('message', ({ bytes, pieces }: Batch) => {
      const part = scan.part(Buffer.from(bytes), pieces);
      port.postMessage({ bytes, part } satisfies Reply, [bytes]);
      Atomics.add(sent, 0, 1);
    });
    port.postMessage(undefined satisfies Reply);
    Atomics.add(sent, 0, 1);
  });
}

class BatchScan {
  readonly #engine: Engine;
  readonly #limits: AdjustableLimits;
  /** The entry that the last batch ended in. */
  #open: { readonly scan: EntryScan; readonly kept: KeptBytes; size: number } | undefined;

  constructor(engine: Engine, limits: AdjustableLimits) {
    this.#engine = engine;
    this.#limits = limits;
  }

  part(bytes: Buffer, pieces: readonly Piece[]): TallyPart {
    const tally = new Tally(this.#engine, this.#limits);
    let at = 0;
    for (const piece of pieces) {
      const content = bytes.subarray(at, (at += piece.size));
      tally.entries = piece.order;
      if (piece.goesOn || this.#open !== undefined) this.#write(content, piece, tally);
      else this.#scan(content, piece, tally);
    }
    return tally.part();
  }

  #scan(content: Buffer, { path, entryPath }: Piece, tally: Tally): void {
    const before = tally.found.length;
    tally.add(this.#engine.scan(path, content), entryPath);
    if (tally.found.length > before) tally.sign(before, entryPath, digestsOf(content));
  }

  #write(content: Buffer, { path, entryPath, goesOn }: Piece, tally: Tally): void {
    const open = (this.#open ??= { scan: this.#engine.open(path), kept: new KeptBytes(), size: 0 });
    open.scan.write(content);
    open.kept.write(content);
    open.size += content.length;
    if (goesOn) return;
    this.#open = undefined;
    const before = tally.found.length;
    tally.add(open.scan.end(), entryPath);
    if (tally.found.length > before) tally.sign(before, entryPath, open.kept.digests(open.size));
  }
}
