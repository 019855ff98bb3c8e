/**
 * A record of SQLite: a header of serial types, then the values (SQLite, Database File Format, section 2.1, Record
 * Format).
 */
export interface SqliteRecord {
  readonly types: readonly number[];
  /** Where the first value begins, in the payload. */
  readonly bodyStart: number;
  /** Bytes of the whole record. */
  readonly length: number;
}

/** A number of one to nine bytes, and where it ends; undefined where the bytes end first. */
export interface Varint {
  readonly value: number;
  readonly end: number;
}

export function varint(bytes: Buffer, at: number): Varint | undefined {
  let value = 0;
  for (let index = 0; index < 9; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    if (index === 8) return { value: value * 256 + byte, end: at + 9 };
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  return undefined;
}

/** More than a table can have: 2000 is SQLite's own bound, 32767 what it can be compiled for. */
const MAX_COLUMNS = 32_767;

/** The record that begins at `start`; undefined where the bytes there are none. */
export function recordAt(bytes: Buffer, start: number): SqliteRecord | undefined {
  const header = varint(bytes, start);
  if (header === undefined || header.value < 2 || header.value > bytes.length - start) return undefined;
  const bodyStart = start + header.value;
  const types = serialTypes(bytes, header.end, bodyStart);
  if (types === undefined) return undefined;
  return { types, bodyStart, length: header.value + bodyLength(types) };
}

/** The serial types between two indexes; undefined when they do not end there. */
function serialTypes(bytes: Buffer, from: number, to: number): readonly number[] | undefined {
  const types: number[] = [];
  for (let at = from; at < to;) {
    const type = varint(bytes, at);
    if (type === undefined || type.end > to || !isSerialType(type.value) || types.length >= MAX_COLUMNS) {
      return undefined;
    }
    types.push(type.value);
    at = type.end;
  }
  return types;
}

export function isSerialType(type: number): boolean {
  return type !== 10 && type !== 11 && Number.isSafeInteger(type);
}

const LENGTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0];

/** Bytes of a value of this type. */
export function serialLength(type: number): number {
  return LENGTHS[type] ?? Math.floor((type - 12) / 2);
}

function bodyLength(types: readonly number[]): number {
  let length = 0;
  for (const type of types) length += serialLength(type);
  return length;
}

export function isText(type: number): boolean {
  return type >= 13 && type % 2 === 1;
}

export function isBlob(type: number): boolean {
  return type >= 12 && type % 2 === 0;
}

/** A number as text; undefined for NULL, for others, and for the constants 0 and 1, which no identifier is. */
export function numberText(type: number, bytes: Buffer, at: number): string | undefined {
  const length = serialLength(type);
  if (type < 1 || type > 7 || at + length > bytes.length) return undefined;
  if (type === 7) return String(bytes.readDoubleBE(at));
  return type === 6 ? String(bytes.readBigInt64BE(at)) : String(bytes.readIntBE(at, length));
}
