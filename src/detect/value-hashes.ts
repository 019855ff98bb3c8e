import { limits } from '../limits.ts';

/** Values seen, as 32-bit hashes: never written anywhere, and gone with the entry. */
export class ValueHashes {
  readonly #hashes = new Set<number>();

  /** At most `limits.distinctValues` are kept. */
  add(normalized: string): void {
    if (this.#hashes.size < limits.distinctValues) this.#hashes.add(hash(normalized));
  }

  has(normalized: string): boolean {
    return this.#hashes.has(hash(normalized));
  }

  get size(): number {
    return this.#hashes.size;
  }
}

/** Letters and digits, in upper case. */
export function normalized(value: string): string {
  return value.replace(/[^\p{L}\p{N}]+/gu, '').toUpperCase();
}

/** FNV-1a over UTF-16 units. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  return sum | 0;
}
