/** Entries of one layer that other threads scan beside the one that unpacks it, so that all threads end at the same time. */

import { receiveMessageOnPort } from 'node:worker_threads';
import type { Chunks } from '../unpack/chunks.ts';
import type { Batch, Piece, Reply } from './helper.ts';
import type { Line } from './jobs.ts';
import type { Place } from './place.ts';
import type { Tally } from './tally.ts';

/** Bytes that are handed over together: some milliseconds of work. */
const BATCH_BYTES = 512 * 1024;
/** What a helper has in hand, and what waits for it: while this thread scans an entry of its own, that has something to do. */
const MOST_BATCHES = 8;

/** A helper, as seen from the thread that unpacks. */
interface Helper {
  readonly line: Line;
  /** Messages that came from it. */
  received: number;
  readonly free: ArrayBuffer[];
  /** Batches that may still be made. */
  more: number;
  /** Batches that it has not answered. */
  waiting: number;
  isGone: boolean;
  /** Called when it has answered, or is gone. */
  wake: (() => void) | undefined;
}

/** A batch that is being filled. */
interface Filling {
  readonly helper: Helper;
  readonly bytes: Buffer;
  readonly pieces: Piece[];
  used: number;
}

export class HandedEntries {
  readonly #tally: Tally;
  readonly #offers: Line | undefined;
  readonly #helpers: Helper[] = [];
  #filling: Filling | undefined;

  /** `offers`: where lines to helpers may come from; undefined where none will. */
  constructor(tally: Tally, offers: Line | undefined) {
    this.#tally = tally;
    this.#offers = offers;
  }

  /** Whether it is worth asking: a helper has come. */
  get isHelped(): boolean {
    this.#welcome();
    return this.#helpers.length > 0;
  }

  /** A whole entry that holds no others. False where the caller has to scan it, since no helper is free. */
  take(bytes: Buffer, place: Place): boolean {
    if (bytes.length > BATCH_BYTES) return false;
    if (this.#filling !== undefined && BATCH_BYTES - this.#filling.used < bytes.length) this.#send();
    const filling = this.#begun();
    if (filling === undefined) return false;
    this.#put(filling, bytes, this.#piece(place));
    return true;
  }

  /** The same for an entry of any length, whose bytes arrive; nothing is pulled where it is refused. */
  async takeStream(chunks: Chunks, place: Place): Promise<boolean> {
    let filling = this.#begun();
    if (filling === undefined) return false;
    const { helper } = filling;
    let piece = this.#piece(place);
    for await (const chunk of chunks) {
      for (let rest = chunk; rest.length > 0;) {
        const room = BATCH_BYTES - filling.used;
        if (room === 0) {
          piece.goesOn = true;
          this.#send();
          filling = await this.#next(helper);
          piece = this.#piece(place);
          continue;
        }
        this.#put(filling, rest.subarray(0, room), piece);
        rest = rest.subarray(room);
      }
    }
    if (piece.size === 0) filling.pieces.push(piece);
    return true;
  }

  /** At the end of the layer: what helpers have is waited for. */
  async finish(): Promise<void> {
    this.#send();
    for (const helper of this.#helpers) {
      while (helper.waiting > 0) await this.#answer(helper);
    }
  }

  /** In any case: helpers go when their port is closed, and those that come too late, too. */
  close(): void {
    for (const { line } of this.#helpers) line.port.close();
    this.#offers?.port.close();
  }

  #piece({ path, entryPath }: Place): Piece {
    return { path, entryPath, order: this.#tally.entries, size: 0, goesOn: false };
  }

  #put(filling: Filling, bytes: Buffer, piece: Piece): void {
    if (filling.pieces.at(-1) !== piece) filling.pieces.push(piece);
    piece.size += bytes.copy(filling.bytes, filling.used);
    filling.used += bytes.length;
  }

  /** What is being filled, or the next batch of a helper that is free. */
  #begun(): Filling | undefined {
    if (this.#filling !== undefined) return this.#filling;
    for (const helper of this.#helpers) {
      while (this.#receive(helper));
      const bytes = this.#bytesFor(helper);
      if (bytes !== undefined && !helper.isGone) return this.#begin(helper, bytes);
    }
    return undefined;
  }

  #welcome(): void {
    while (this.#offers !== undefined && Atomics.load(this.#offers.sent, 0) > this.#helpers.length) {
      const line = receiveMessageOnPort(this.#offers.port)?.message as Line;
      const helper: Helper = { line, received: 0, free: [], more: 0, waiting: 0, isGone: false, wake: undefined };
      line.port.once('close', () => {
        helper.isGone = true;
        helper.wake?.();
      });
      line.port.on('message', (reply: Reply) => {
        this.#take(helper, reply);
        helper.wake?.();
      });
      this.#helpers.push(helper);
    }
  }

  #begin(helper: Helper, bytes: ArrayBuffer): Filling {
    return (this.#filling = { helper, bytes: Buffer.from(bytes), pieces: [], used: 0 });
  }

  #send(): void {
    if (this.#filling === undefined) return;
    const { helper, bytes, pieces } = this.#filling;
    this.#filling = undefined;
    const batch: Batch = { bytes: bytes.buffer as ArrayBuffer, pieces };
    helper.line.port.postMessage(batch, [batch.bytes]);
    helper.waiting += 1;
  }

  /** The same helper's, which has the beginning of an entry. */
  async #next(helper: Helper): Promise<Filling> {
    for (;;) {
      const bytes = this.#bytesFor(helper);
      if (bytes !== undefined) return this.#begin(helper, bytes);
      await this.#answer(helper);
    }
  }

  #bytesFor(helper: Helper): ArrayBuffer | undefined {
    const bytes = helper.free.pop();
    if (bytes !== undefined || helper.more === 0) return bytes;
    helper.more -= 1;
    return new ArrayBuffer(BATCH_BYTES);
  }

  async #answer(helper: Helper): Promise<void> {
    if (this.#receive(helper)) return;
    // As with every thread that is lost: the layer becomes a gap.
    if (helper.isGone) throw new Error('a thread that scans a part of the layer has ended');
    await new Promise<void>((resolve) => {
      helper.wake = resolve;
    });
  }

  #receive(helper: Helper): boolean {
    const { port, sent } = helper.line;
    if (Atomics.load(sent, 0) <= helper.received) return false;
    this.#take(helper, receiveMessageOnPort(port)?.message as Reply);
    return true;
  }

  #take(helper: Helper, reply: Reply): void {
    helper.received += 1;
    if (reply === undefined) {
      helper.more = MOST_BATCHES;
      return;
    }
    helper.waiting -= 1;
    helper.free.push(reply.bytes);
    this.#tally.merge(reply.part);
  }
}
