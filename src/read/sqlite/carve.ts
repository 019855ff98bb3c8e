import {
  isBlob,
  isSerialType,
  isText,
  recordAt,
  serialLength,
  varint,
  type SqliteRecord,
} from '../../unpack/sqlite/record.ts';
import { decodeText, type TextEncoding } from './text-encoding.ts';

/** A record that was deleted. */
export interface CarvedRecord extends SqliteRecord {
  readonly end: number;
}

/** Records of few columns turn up in any bytes. */
const MIN_COLUMNS = 3;
/** Most serial types that one byte of a header's length can announce. */
const MAX_COLUMNS = 126;
/** Bytes of a cell that a free block's own header has overwritten. */
const OVERWRITTEN = 4;
const UNPRINTABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]/;

export interface CarvedTable {
  readonly columns: number;
  /** The column that is stored as NULL, since the row's number stands for it; or -1. */
  readonly rowidColumn: number;
}

/** Looks for deleted records in bytes that no cell uses. `tables`: what the rows may be of. */
export class Carver {
  readonly #tables: readonly CarvedTable[];
  readonly #encoding: TextEncoding | undefined;

  constructor(tables: readonly CarvedTable[], encoding: TextEncoding | undefined) {
    this.#tables = tables.filter(({ columns }) => columns >= MIN_COLUMNS && columns <= MAX_COLUMNS);
    this.#encoding = encoding;
  }

  /** The record at `at`; `isBlock`: a free block begins here, so that the first bytes of its cell are lost. */
  recordAt(bytes: Buffer, at: number, isBlock: boolean): CarvedRecord | undefined {
    if (this.#tables.length === 0) return undefined;
    if (isBlock) {
      for (const { columns, rowidColumn } of this.#tables) {
        const record = this.#damaged(bytes, at + OVERWRITTEN, columns, rowidColumn === 0 ? 1 : 0);
        if (record !== undefined) return record;
      }
      return undefined;
    }
    const header = bytes[at] ?? 0;
    if (header <= MIN_COLUMNS || header > MAX_COLUMNS) return undefined;
    const record = recordAt(bytes, at);
    if (record === undefined || !this.#tables.some(({ columns }) => columns === record.types.length)) return undefined;
    return this.#sound(bytes, record, at + record.length);
  }

  /** Payload length, row number and header length take three bytes or four: then the first serial type is lost too. */
  #damaged(bytes: Buffer, start: number, columns: number, most: number): CarvedRecord | undefined {
    for (let lost = 0; lost <= most; lost++) {
      const types: number[] = Array<number>(lost).fill(0);
      let at = start;
      while (types.length < columns) {
        const type = varint(bytes, at);
        if (type === undefined || !isSerialType(type.value)) break;
        types.push(type.value);
        at = type.end;
      }
      if (types.length < columns) continue;
      const length = types.reduce((sum, type) => sum + serialLength(type), 0);
      const record = this.#sound(bytes, { types, bodyStart: at, length: at - start + length }, at + length);
      if (record !== undefined) return record;
    }
    return undefined;
  }

  /** The record when its texts are texts, and there are some. */
  #sound(bytes: Buffer, record: SqliteRecord, end: number): CarvedRecord | undefined {
    if (end > bytes.length) return undefined;
    let texts = 0;
    let at = record.bodyStart;
    for (const type of record.types) {
      const length = serialLength(type);
      if (isText(type) && length > 0) {
        if (UNPRINTABLE.test(decodeText(bytes.subarray(at, at + length), this.#encoding).text)) return undefined;
        texts += length;
      } else if (isBlob(type) && length > 64) {
        return undefined;
      }
      at += length;
    }
    return texts < 2 ? undefined : { ...record, end };
  }
}
