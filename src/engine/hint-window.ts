import { limits } from '../limits.ts';
import type { HintSearch, HintSpan } from '../detect/hint-search.ts';

/** Bytes before the next hint that a window keeps: two runs of a long line with what is read around them, and their reach. */
const KEPT_BYTES = 3 * (limits.lineBytes + limits.hintReach + limits.hintBytes);

/** Buffers of windows that are done. Entries are open at the same time only where containers are nested. */
const idle: Buffer[] = [];
const IDLE_BUFFERS = 2;
const NO_BYTES = Buffer.alloc(0);

/**
 * The last bytes of an entry, in order, and the hints in them. The hints are those of one search over the whole entry,
 * however it arrives: a hint counts only when the longest one fits behind its start, or the entry ends.
 */
export class HintWindow {
  readonly #automaton: HintSearch;
  #buffer: Buffer;
  #length: number;
  /** Offset of the window in the entry. */
  #offset = 0;
  /** Where the next search begins, in the window. */
  #from: number;
  readonly #isOwn: boolean;

  /** No hint begins before `searched`. `whole`: all bytes of the entry, which are then not copied; else it starts empty. */
  constructor(automaton: HintSearch, searched: number, whole?: Buffer) {
    this.#automaton = automaton;
    this.#from = searched;
    this.#isOwn = whole === undefined;
    this.#buffer = whole ?? idle.pop() ?? Buffer.allocUnsafeSlow(limits.chunkBytes + KEPT_BYTES);
    this.#length = whole?.length ?? 0;
  }

  /** Once, at the end: the buffer serves the next entry. An entry that is given up leaves its buffer to the collector. */
  release(): void {
    if (this.#isOwn && idle.length < IDLE_BUFFERS) idle.push(this.#buffer);
    this.#buffer = NO_BYTES;
    this.#length = 0;
  }

  get offset(): number {
    return this.#offset;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Takes as many bytes as fit, and says how many. */
  fill(bytes: Buffer): number {
    const taken = bytes.copy(this.#buffer, this.#length);
    this.#length += taken;
    return taken;
  }

  /** Drops what no later hint can need; `dropped` is called with the bytes while they still are there. */
  shift(dropped: (bytes: Buffer) => void): void {
    const count = this.#length - KEPT_BYTES;
    if (count <= 0) return;
    dropped(this.#buffer.subarray(0, count));
    this.#buffer.copyWithin(0, count, this.#length);
    this.#offset += count;
    this.#length -= count;
    this.#from = Math.max(0, this.#from - count);
  }

  get isFull(): boolean {
    return this.#length === this.#buffer.length;
  }

  /** The hints that are certain by now and were not given before. */
  *hints(isLast: boolean): Generator<HintSpan> {
    const bytes = this.bytes;
    const certain = isLast ? bytes.length : bytes.length - limits.hintBytes;
    while (this.#from < certain) {
      const hint = this.#automaton.find(bytes, this.#from);
      if (hint === undefined || hint.start >= certain) {
        this.#from = certain;
        return;
      }
      this.#from = Math.max(hint.end, hint.start + 1);
      yield hint;
    }
  }
}
