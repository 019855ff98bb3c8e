import { frameSize, type Framing } from './frames.ts';
import type { Payload, TreePage } from './page.ts';

/** The pages of a database, or of one of its logs, as far as they are held in memory. */
export class HeldPages {
  /** Bytes of a page that trees use. */
  readonly usable: number;
  readonly #framing: Framing;
  /** Offset in what is held, of the newest page of each number, for the logs. */
  readonly #numbers = new Map<number, number>();
  readonly #held: Buffer;
  /** Overflow pages belong to one row each: a chain that others run into would cost more than its length. */
  readonly #followed = new Set<number>();

  constructor(held: Buffer, framing: Framing) {
    this.#held = held;
    this.#framing = framing;
    const { first, lead, pageSize } = framing;
    if (lead > 0) {
      for (let at = first; at + lead + pageSize <= held.length; at += frameSize(framing)) {
        this.#numbers.set(held.readUInt32BE(at), at + lead);
      }
    }
    this.usable = pageSize - Math.min(this.page(1)?.[20] ?? 0, 32);
  }

  /** A page that is held. */
  page(number: number): Buffer | undefined {
    const { pageSize, lead } = this.#framing;
    const at = lead > 0 ? this.#numbers.get(number) : (number - 1) * pageSize;
    if (at === undefined || at < 0 || at + pageSize > this.#held.length) return undefined;
    return this.#held.subarray(at, at + pageSize);
  }

  /** A payload with what overflows, as far as the pages are held and no other row has them. */
  payload(tree: TreePage, { start, local, length, overflow }: Payload): Buffer {
    const here = tree.bytes.subarray(start, start + local);
    if (overflow === 0) return here;
    const parts = [here];
    let missing = length - local;
    for (let next = overflow; next !== 0 && missing > 0;) {
      const page = this.#followed.has(next) ? undefined : this.page(next);
      if (page === undefined) break;
      this.#followed.add(next);
      const part = page.subarray(4, Math.min(this.usable, 4 + missing));
      parts.push(part);
      missing -= part.length;
      next = page.readUInt32BE(0);
    }
    return parts.length === 1 ? here : Buffer.concat(parts);
  }

  /** The page was read as part of a row. */
  isFollowed(number: number): boolean {
    return this.#followed.has(number);
  }
}
