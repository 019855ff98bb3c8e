import { createHash } from 'node:crypto';
import type { FileDigests } from '../image/owned-files.ts';
import { limits } from '../limits.ts';

/** One for all of a thread: entries of a layer follow each other. Made when the first one does not lie whole in a buffer. */
let scratch: Buffer | undefined;

/** A copy of an entry that passes in pieces, for its digests, which are made when something was found in it. The copy costs a tenth
 * of a hash. One at a time. */
export class KeptBytes {
  #length = 0;
  #isWhole: boolean;

  /** `size` in bytes, where it is known. */
  constructor(size = 0) {
    this.#isWhole = size <= limits.verifiedBytes;
  }

  write(piece: Buffer): void {
    this.#isWhole &&= this.#length + piece.length <= limits.verifiedBytes;
    if (!this.#isWhole) return;
    scratch ??= Buffer.allocUnsafeSlow(limits.verifiedBytes);
    this.#length += piece.copy(scratch, this.#length);
  }

  /** Undefined for what is larger than is verified, and for less than `size` bytes. */
  digests(size: number): FileDigests | undefined {
    if (!this.#isWhole || this.#length !== size || scratch === undefined) return undefined;
    return digestsOf(scratch.subarray(0, size));
  }
}

/** All that a package manager may have of a file. Undefined where the machine's policy (FIPS) has no MD5 or SHA-1. */
export function digestsOf(bytes: Buffer): FileDigests | undefined {
  try {
    const of = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
    return { md5: of('md5'), sha1: of('sha1'), sha256: of('sha256'), sha512: of('sha512') };
  } catch {
    // No ownership is known then, and every finding keeps its severity.
    return undefined;
  }
}
