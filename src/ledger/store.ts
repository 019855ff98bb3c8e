/** The narrow part of a ledger: bytes by key, for one scope. A database file, or memory. */

/** What a row holds. The numbers are in the file. */
export const rowKinds = {
  /** A blob, by the digest of its stored bytes. */
  blob: 1,
  /** By diffId, the digest of the blob that unpacks to it. */
  plain: 2,
  /** A whole image, by what the caller says. */
  image: 3,
  /** A revision of a task definition, by its ARN. */
  revision: 4,
} as const;
export type RowKind = (typeof rowKinds)[keyof typeof rowKinds];

export interface StoredRow {
  readonly kind: RowKind;
  readonly key: Buffer;
  /** Bytes of the blob that it is about, so that others of this size may be it; 0 for none. */
  readonly size: number;
  readonly value: Buffer;
}

/** Every method throws LedgerFault when the store cannot be used any more. */
export interface LedgerStore {
  get(kind: RowKind, key: Buffer): Buffer | undefined;
  has(kind: RowKind, key: Buffer): boolean;
  hasSize(size: number): boolean;
  /** All of them or none; when it returns, the end of this process loses them no more. */
  put(rows: readonly StoredRow[]): void;
  close(): void;
}

/** The message says what is wrong with the file, without any of its content. */
export class LedgerFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LedgerFault';
  }
}
