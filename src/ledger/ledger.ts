/** What was found before, by digest: blobs of images, whole images. Findings with masks and gaps; no value, no content. */

import type { Finding, Gap } from '../finding.ts';
import type { Target } from '../target.ts';
import type { ScannedBlob } from '../scan/blob.ts';

/** What one image gave, as attribution told it. Texts in it have their values masked. */
export interface RememberedImage {
  /** Digests of the manifest or index itself and of all that it lists, where the caller of `rememberImage` told them. */
  readonly parts?: readonly string[] | undefined;
  readonly targets: readonly Target[];
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
  readonly bytes: number;
  readonly entries: number;
}

/**
 * Results of one ruleset, version and set of limits: another is another ledger, though it may be the same file. Nothing here
 * rejects or throws: a store that fails says so once, as a warning, and from then on one in memory takes its place.
 */
export interface Ledger {
  /**
   * A layer, or another blob that is no document, as a fresh scan of the same bytes would give it. `digest`: of the stored
   * bytes, which the caller has verified or asks for by it; of a plain tar also where the layer was scanned compressed.
   */
  recall(digest: string): Promise<ScannedBlob | undefined>;
  /** Which of these `recall` would give: the cheap question, for a plan. */
  known(digests: Iterable<string>): Promise<ReadonlySet<string>>;
  /** Of these sizes in bytes, those that a blob has which `recall` would give: whether it pays to hash one without a name. */
  knownSizes(sizes: Iterable<number>): Promise<ReadonlySet<number>>;
  /**
   * Keeps what is a function of the blob's bytes, and nothing else: no document, and nothing that was interrupted, unreadable
   * or too slow. `verified`: the digest is the one that the blob is named by; without it, what is cut short is not kept. When
   * the promise resolves, the end of this process loses it no more.
   */
  remember(blob: ScannedBlob, verified: boolean): Promise<void>;

  /**
   * A whole image. `key` is the caller's, of all that the result depends on beside the ledger's own scope: digest of the top
   * manifest or index, reference, wanted platform, digests of the referrers.
   */
  recallImage(key: string): Promise<RememberedImage | undefined>;
  /** Not what has a gap that may not be there the next time. */
  rememberImage(key: string, image: RememberedImage): Promise<void>;

  /** When all that was remembered is stored. */
  close(): Promise<void>;
}
