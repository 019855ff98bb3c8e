import { ledgerLimits } from './ledger-limits.ts';
import type { LedgerStore, RowKind, StoredRow } from './store.ts';

/** Remembers until the process ends, and no more than `ledgerLimits.memoryBytes`: then what was asked for longest ago is dropped. */
export class MemoryStore implements LedgerStore {
  /** The one used last is the last. */
  readonly #rows = new Map<string, StoredRow>();
  readonly #sizes = new Map<number, number>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number = ledgerLimits.memoryBytes) {
    this.#maxBytes = maxBytes;
  }

  get(kind: RowKind, key: Buffer): Buffer | undefined {
    const name = nameOf(kind, key);
    const row = this.#rows.get(name);
    if (row === undefined) return undefined;
    this.#rows.delete(name);
    this.#rows.set(name, row);
    return row.value;
  }

  has(kind: RowKind, key: Buffer): boolean {
    return this.#rows.has(nameOf(kind, key));
  }

  hasSize(size: number): boolean {
    return this.#sizes.has(size);
  }

  put(rows: readonly StoredRow[]): void {
    for (const row of rows) {
      const name = nameOf(row.kind, row.key);
      this.#drop(name);
      this.#rows.set(name, row);
      this.#sizes.set(row.size, (this.#sizes.get(row.size) ?? 0) + 1);
      this.#bytes += row.value.length;
    }
    for (const name of this.#rows.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#drop(name);
    }
  }

  close(): void {
    this.#rows.clear();
    this.#sizes.clear();
  }

  #drop(name: string): void {
    const row = this.#rows.get(name);
    if (row === undefined) return;
    this.#rows.delete(name);
    this.#bytes -= row.value.length;
    const others = (this.#sizes.get(row.size) ?? 0) - 1;
    if (others > 0) this.#sizes.set(row.size, others);
    else this.#sizes.delete(row.size);
  }
}

function nameOf(kind: RowKind, key: Buffer): string {
  return `${kind}:${key.toString('latin1')}`;
}
