import { limits } from '../limits.ts';

/** How many further values may be remembered; several sets can share one. */
export interface HashBudget {
  left: number;
}

export function hashBudget(): HashBudget {
  return { left: limits.distinctValues };
}

/** Values seen, as 32-bit hashes: never written anywhere, and gone with the entry. */
export class ValueHashes {
  readonly #hashes = new Set<number>();
  readonly #budget: HashBudget;

  constructor(budget: HashBudget = hashBudget()) {
    this.#budget = budget;
  }

  /** Nothing more is remembered. */
  get isFull(): boolean {
    return this.#budget.left <= 0;
  }

  /** Does nothing when the budget is used up. */
  add(normalized: string): void {
    if (this.#budget.left <= 0) return;
    const before = this.#hashes.size;
    this.#hashes.add(hash(normalized));
    this.#budget.left -= this.#hashes.size - before;
  }

  has(normalized: string): boolean {
    return this.#hashes.has(hash(normalized));
  }

  get size(): number {
    return this.#hashes.size;
  }
}

const PLAIN = /^[A-Za-z0-9]*$/;

/** Letters and digits, in upper case. */
export function normalized(value: string): string {
  if (PLAIN.test(value)) return value.toUpperCase();
  return value.replace(isAscii(value) ? /[^A-Za-z0-9]+/g : /[^\p{L}\p{N}]+/gu, '').toUpperCase();
}

/** FNV-1a over UTF-16 units. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) sum = Math.imul(sum ^ text.charCodeAt(index), 0x01000193);
  return sum | 0;
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}
