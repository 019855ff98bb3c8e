import type { Chunks } from './chunks.ts';

const EMPTY = Buffer.alloc(0);
/** What a decompressor takes at once. */
const BLOCK_BYTES = 512 * 1024;

/**
 * A cursor over stored bytes. They are regrouped into blocks of one size, so that what a decoder does (and how much it
 * loses at a fault) depends on the bytes alone and not on how they arrive. Errors of the source pass through.
 */
export class StoredBytes {
  readonly #source: AsyncIterator<Buffer>;
  readonly #blockBytes: number;
  /** The unread part of the source's last chunk; valid until the source is asked again. */
  #chunk: Buffer = EMPTY;
  #block: Buffer = EMPTY;
  #spare: Buffer = EMPTY;
  #at = 0;
  #position = 0;
  #ended = false;
  #next: Promise<Buffer> | undefined;

  constructor(source: Chunks, blockBytes: number = BLOCK_BYTES) {
    this.#source = source[Symbol.asyncIterator]();
    this.#blockBytes = blockBytes;
  }

  /** Bytes consumed. */
  get position(): number {
    return this.#position;
  }

  /** The bytes at hand; empty until `peek` or `refill`. Valid until the next call of either. */
  get unread(): Buffer {
    return this.#at === 0 ? this.#block : this.#block.subarray(this.#at);
  }

  /** True when `unread` is known to be all that is left. */
  get atLast(): boolean {
    return this.#ended && this.#next === undefined;
  }

  skip(bytes: number): void {
    this.#at += bytes;
    this.#position += bytes;
  }

  /** Makes `unread` hold at least so many bytes, or all that are left, and returns it. */
  async peek(bytes: number): Promise<Buffer> {
    while (this.#block.length - this.#at < bytes) {
      const rest = this.unread;
      const block = await this.#take();
      if (block === undefined) break;
      this.#replace(rest.length === 0 ? block : Buffer.concat([rest, block]));
    }
    return this.unread;
  }

  /** Moves on to the next block once `unread` is consumed; false at the end. */
  async refill(): Promise<boolean> {
    return (await this.peek(1)).length > 0;
  }

  /** Starts reading the next block, while a decoder on another thread works on this one. */
  readAhead(): void {
    if (this.#ended || this.#next !== undefined) return;
    this.#next = this.#fill();
    // The error is thrown where the block is taken; until then it must not count as unhandled.
    this.#next.catch(() => undefined);
  }

  /** Skips NUL bytes. */
  async skipNuls(): Promise<void> {
    while (await this.refill()) {
      const { unread } = this;
      let nuls = 0;
      while (nuls < unread.length && unread[nuls] === 0) nuls++;
      this.skip(nuls);
      if (nuls < unread.length) return;
    }
  }

  /** Pulls the source to its end; returns how many bytes were left unread. */
  async drain(): Promise<number> {
    const from = this.#position;
    while (await this.refill()) this.skip(this.unread.length);
    return this.#position - from;
  }

  /** Tells the source that no more is wanted. Nothing after `drain`. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const returned = this.#source.return?.();
    // A pull that is under way may wait for a peer; the caller who stops early does not.
    if (this.#next === undefined) await returned;
    else returned?.catch(() => undefined);
  }

  #replace(block: Buffer): void {
    if (this.#block.length === this.#blockBytes) this.#spare = this.#block;
    this.#block = block;
    this.#at = 0;
  }

  async #take(): Promise<Buffer | undefined> {
    if (this.#ended && this.#next === undefined) return undefined;
    const block = await (this.#next ??= this.#fill());
    this.#next = undefined;
    return block.length === 0 ? undefined : block;
  }

  /** The next block; shorter than the others at the end, then empty. */
  async #fill(): Promise<Buffer> {
    let block = this.#spare;
    this.#spare = EMPTY;
    let filled = 0;
    while (filled < this.#blockBytes) {
      if (this.#chunk.length === 0) {
        const result = await this.#source.next();
        if (result.done === true) {
          this.#ended = true;
          break;
        }
        this.#chunk = result.value;
        continue;
      }
      const wanted = Math.min(this.#blockBytes, filled + this.#chunk.length);
      if (block.length < wanted) {
        // A nested member of some hundred bytes shall not cost a whole block.
        const grown = Buffer.allocUnsafeSlow(Math.min(this.#blockBytes, Math.max(wanted, 2 * block.length)));
        block.copy(grown, 0, 0, filled);
        block = grown;
      }
      const copied = this.#chunk.copy(block, filled);
      this.#chunk = this.#chunk.subarray(copied);
      filled += copied;
    }
    return filled === block.length ? block : block.subarray(0, filled);
  }
}
