import type { Ledger, RememberedImage } from '../ledger/ledger.ts';
import type { ScannedBlob } from '../scan/blob.ts';
import type { Problem } from '../unpack/chunks.ts';

/** Images that are kept between the plan and their turn, and what each may hold: some megabytes in all. */
const MOST_KEPT = 4_000;
const SMALL = 8;

function isSmall({ findings, gaps }: RememberedImage): boolean {
  return findings.length + gaps.length <= SMALL;
}

/** The ledger of one sweep: what was left out or could not be had is told as a gap, instead of being asked for once more. */
export class SweepLedger implements Ledger {
  readonly #ledger: Ledger;
  readonly #unread = new Map<string, Problem>();
  /** Images that the plan asked for: they are told soon, and most hold next to nothing. */
  readonly #recalled = new Map<string, RememberedImage>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Not read in this sweep: it is remembered for it alone. */
  leaveOut(digest: string, problem: Problem): void {
    this.#unread.set(digest, problem);
  }

  isUnread(digest: string): boolean {
    return this.#unread.has(digest);
  }

  async recall(digest: string): Promise<ScannedBlob | undefined> {
    const problem = this.#unread.get(digest);
    return problem === undefined ? this.#ledger.recall(digest) : unreadBlob(digest, problem);
  }

  /** What was left out is known, too: not to be asked for. */
  async known(digests: Iterable<string>): Promise<ReadonlySet<string>> {
    const asked = [...digests];
    const known = await this.#ledger.known(asked);
    return new Set([...known, ...asked.filter((digest) => this.#unread.has(digest))]);
  }

  knownSizes(sizes: Iterable<number>): Promise<ReadonlySet<number>> {
    return this.#ledger.knownSizes(sizes);
  }

  remember(blob: ScannedBlob, verified: boolean): Promise<void> {
    return this.#unread.has(blob.digest) ? Promise.resolve() : this.#ledger.remember(blob, verified);
  }

  /** Twice for each: when the sweep is planned, and when the image is told. */
  async recallImage(key: string): Promise<RememberedImage | undefined> {
    const kept = this.#recalled.get(key);
    if (kept !== undefined) {
      this.#recalled.delete(key);
      return kept;
    }
    const image = await this.#ledger.recallImage(key);
    if (image !== undefined && this.#recalled.size < MOST_KEPT && isSmall(image)) this.#recalled.set(key, image);
    return image;
  }

  rememberImage(key: string, image: RememberedImage): Promise<void> {
    return this.#ledger.rememberImage(key, image);
  }

  /** The one behind is its owner's to close. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Nothing of it is known but its name. */
function unreadBlob(digest: string, problem: Problem): ScannedBlob {
  const gaps = [{ ...problem, path: '' }];
  return { digest, size: 0, content: { kind: 'opaque' }, found: [], gaps, bytes: 0, entries: 0 };
}
