/** The records of a zip archive that lie outside its central directory (PKWARE APPNOTE 4.3). */

const LOCAL_HEADER = Buffer.from('PK\x03\x04');
const CENTRAL_HEADER = Buffer.from('PK\x01\x02');
const END_RECORD = Buffer.from('PK\x05\x06');
const ZIP64_LOCATOR = Buffer.from('PK\x06\x07');
const DESCRIPTOR = Buffer.from('PK\x07\x08');
const LOCAL_HEADER_BYTES = 30;
const END_RECORD_BYTES = 22;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_BYTES = 56;
const SIZE_IN_EXTRA = 0xffffffff;
const ZIP64_EXTRA = 1;

function startsWith(bytes: Buffer, signature: Buffer, at: number): boolean {
  return at >= 0 && at + 4 <= bytes.length && bytes.compare(signature, 0, 4, at, at + 4) === 0;
}

/** Where the directory and its end record lie. */
export interface ZipEnd {
  /** Bytes before the archive: offsets count from here (self-extracting archives, `cat head a.zip`). */
  readonly start: number;
  readonly directory: number;
  /** Of the first end record: zip64's where there is one. */
  readonly endRecords: number;
  readonly comment: number;
  readonly end: number;
}

/** The last end record whose comment lies within the bytes. It need not reach their end. */
export function findZipEnd(bytes: Buffer): ZipEnd | undefined {
  for (let at = bytes.lastIndexOf(END_RECORD); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(END_RECORD, at - 1)) {
    if (at + END_RECORD_BYTES > bytes.length) continue;
    const end = at + END_RECORD_BYTES + bytes.readUInt16LE(at + 20);
    if (end > bytes.length) continue;
    const comment = at + END_RECORD_BYTES;
    const zip64 = startsWith(bytes, ZIP64_LOCATOR, at - ZIP64_LOCATOR_BYTES);
    // With a longer zip64 record the directory is found all the same, since offsets then count from 0.
    const endRecords = zip64 ? at - ZIP64_LOCATOR_BYTES - ZIP64_END_BYTES : at;
    if (endRecords < 0) continue;
    const size = zip64 ? Number(bytes.readBigUInt64LE(endRecords + 40)) : bytes.readUInt32LE(at + 12);
    const offset = zip64 ? Number(bytes.readBigUInt64LE(endRecords + 48)) : bytes.readUInt32LE(at + 16);
    const directory = endRecords - size;
    const start = directory - offset;
    const placed = start > 0 && (size === 0 || startsWith(bytes, CENTRAL_HEADER, directory));
    return placed
      ? { start, directory, endRecords, comment, end }
      : { start: 0, directory: Math.min(offset, endRecords), endRecords, comment, end };
  }
  return undefined;
}

export interface LocalHeader {
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly name: Buffer;
  readonly extra: Buffer;
  /** Offset of the stored bytes. */
  readonly contentStart: number;
}

/** The local header at `at`; undefined where there is none. */
export function readLocalHeader(bytes: Buffer, at: number): LocalHeader | undefined {
  if (!startsWith(bytes, LOCAL_HEADER, at) || at + LOCAL_HEADER_BYTES > bytes.length) return undefined;
  const nameEnd = at + LOCAL_HEADER_BYTES + bytes.readUInt16LE(at + 26);
  const contentStart = nameEnd + bytes.readUInt16LE(at + 28);
  if (contentStart > bytes.length) return undefined;
  const extra = bytes.subarray(nameEnd, contentStart);
  const size = bytes.readUInt32LE(at + 22);
  const compressedSize = bytes.readUInt32LE(at + 18);
  const zip64 = extraFields(extra).find(({ id }) => id === ZIP64_EXTRA)?.content;
  return {
    flags: bytes.readUInt16LE(at + 6),
    method: bytes.readUInt16LE(at + 8),
    crc32: bytes.readUInt32LE(at + 14),
    size: size === SIZE_IN_EXTRA && zip64 && zip64.length >= 8 ? Number(zip64.readBigUInt64LE(0)) : size,
    compressedSize:
      compressedSize === SIZE_IN_EXTRA && zip64 && zip64.length >= 16
        ? Number(zip64.readBigUInt64LE(8))
        : compressedSize,
    name: bytes.subarray(at + LOCAL_HEADER_BYTES, nameEnd),
    extra,
    contentStart,
  };
}

/** Offset of the next local header, or -1. */
export function nextLocalHeader(bytes: Buffer, from: number): number {
  return bytes.indexOf(LOCAL_HEADER, from);
}

/** Sizes that a writer who could not seek put behind the content; undefined where `at` has none. */
export interface Descriptor {
  readonly crc32: number;
  readonly size: number;
  readonly bytes: number;
}

export function readDescriptor(bytes: Buffer, at: number, compressedSize: number): Descriptor | undefined {
  const signed = startsWith(bytes, DESCRIPTOR, at) ? 4 : 0;
  const start = at + signed;
  if (start + 12 > bytes.length) return undefined;
  const crc32 = bytes.readUInt32LE(start);
  if (start + 20 <= bytes.length && Number(bytes.readBigUInt64LE(start + 4)) === compressedSize) {
    return { crc32, size: Number(bytes.readBigUInt64LE(start + 12)), bytes: signed + 20 };
  }
  if (bytes.readUInt32LE(start + 4) !== compressedSize) return undefined;
  return { crc32, size: bytes.readUInt32LE(start + 8), bytes: signed + 12 };
}

/** Length of content whose header does not say it: a descriptor follows that does. Undefined where none does. */
export function findCompressedSize(bytes: Buffer, contentStart: number, end: number): number | undefined {
  for (let at = bytes.indexOf(DESCRIPTOR, contentStart); at >= 0 && at < end; at = bytes.indexOf(DESCRIPTOR, at + 4)) {
    if (readDescriptor(bytes, at, at - contentStart)) return at - contentStart;
  }
  return undefined;
}

interface ExtraField {
  readonly id: number;
  readonly content: Buffer;
}

/** As far as they are well-formed; the rest has the id -1. */
export function extraFields(extra: Buffer): ExtraField[] {
  const fields: ExtraField[] = [];
  let at = 0;
  while (at + 4 <= extra.length) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) break;
    fields.push({ id: extra.readUInt16LE(at), content: extra.subarray(at + 4, end) });
    at = end;
  }
  if (at < extra.length) fields.push({ id: -1, content: extra.subarray(at) });
  return fields;
}

/** Which bytes of the archive have been handed out, in any order and overlapping. */
export class ReadRanges {
  readonly #ranges: (readonly [start: number, end: number])[] = [];

  add(start: number, end: number): void {
    if (end > start) this.#ranges.push([start, end]);
  }

  /** What is left of 0 to `length`. */
  gaps(length: number): (readonly [start: number, end: number])[] {
    const gaps: (readonly [start: number, end: number])[] = [];
    let at = 0;
    for (const [start, end] of this.#ranges.toSorted((one, other) => one[0] - other[0])) {
      if (start > at) gaps.push([at, Math.min(start, length)]);
      at = Math.max(at, end);
    }
    if (at < length) gaps.push([at, length]);
    return gaps;
  }
}
