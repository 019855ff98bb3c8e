/** The layout of a Zstandard frame (RFC 8878, 3.1.1), without decoding its blocks. */

/** Frames up to this stored size are looked at whole: zstd:chunked has a frame for each file. */
export const SMALL_FRAME_BYTES: number = 64 * 1024;

export const ZSTD_MAGIC = 0xfd2fb528;
export const SKIPPABLE_MAGIC = 0x184d2a50;
export const SKIPPABLE_MASK = 0xfffffff0;

/** The longest frame header, its magic included. */
export const FRAME_HEADER_BYTES = 18;
export const BLOCK_HEADER_BYTES = 3;
export const CHECKSUM_BYTES = 4;

/** Block_Maximum_Size, 3.1.1.2.4. */
const BLOCK_BYTES = 128 * 1024;

export interface FrameHeader {
  /** Of the header, its magic included. */
  readonly bytes: number;
  /** What a decoder must hold of the output. */
  readonly windowBytes: number;
  /** Of the whole frame unpacked, where the header says. */
  readonly contentBytes: number | undefined;
  readonly checksum: boolean;
  readonly dictionary: boolean;
}

/** `head` begins with the magic; undefined: it is cut short. `corrupt`: the reserved bit is set. */
export function readFrameHeader(head: Buffer): FrameHeader | 'corrupt' | undefined {
  if (head.length < 5) return undefined;
  const descriptor = head[4] ?? 0;
  if ((descriptor & 0x08) !== 0) return 'corrupt';
  const single = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentField = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const windowField = single ? 0 : 1;
  const bytes = 5 + windowField + dictionaryBytes + contentField;
  if (head.length < bytes) return undefined;

  const contentAt = bytes - contentField;
  let contentBytes: number | undefined;
  if (contentField === 1) contentBytes = head[contentAt];
  else if (contentField === 2) contentBytes = head.readUInt16LE(contentAt) + 256;
  else if (contentField === 4) contentBytes = head.readUInt32LE(contentAt);
  else if (contentField === 8) contentBytes = Number(head.readBigUInt64LE(contentAt));

  let windowBytes = contentBytes ?? 0;
  if (!single) {
    const window = head[5] ?? 0;
    const base = 2 ** (10 + (window >> 3));
    windowBytes = base + (base / 8) * (window & 7);
  }
  let dictionary = false;
  for (let at = 5 + windowField; at < contentAt; at++) if (head[at] !== 0) dictionary = true;
  return { bytes, windowBytes, contentBytes, checksum: (descriptor & 0x04) !== 0, dictionary };
}

export interface BlockHeader {
  readonly last: boolean;
  /** Stored bytes after the header. */
  readonly bytes: number;
  /** The most that the block unpacks to. */
  readonly contentBytes: number;
}

/** Undefined: no block may say this. `at` is where the 3 bytes begin. */
export function readBlockHeader(stored: Buffer, at: number, frame: FrameHeader): BlockHeader | undefined {
  const header = stored.readUIntLE(at, BLOCK_HEADER_BYTES);
  const type = (header >> 1) & 3;
  const size = header >> 3;
  const largest = Math.min(BLOCK_BYTES, frame.windowBytes);
  if (type === 3 || size > largest) return undefined;
  // Type 0 is stored as it is, type 1 is one byte repeated, type 2 is compressed.
  return { last: (header & 1) === 1, bytes: type === 1 ? 1 : size, contentBytes: type === 2 ? largest : size };
}

/** Stored and greatest unpacked size of a frame that is whole in `stored`; undefined when it is not, or has a fault. */
export function measureFrame(
  stored: Buffer,
  frame: FrameHeader,
): { readonly bytes: number; readonly contentBytes: number } | undefined {
  let bytes = frame.bytes;
  let contentBytes = 0;
  for (let last = false; !last;) {
    const block = bytes + BLOCK_HEADER_BYTES > stored.length ? undefined : readBlockHeader(stored, bytes, frame);
    if (block === undefined) return undefined;
    bytes += BLOCK_HEADER_BYTES + block.bytes;
    contentBytes += block.contentBytes;
    last = block.last;
  }
  if (frame.checksum) bytes += CHECKSUM_BYTES;
  return bytes > stored.length ? undefined : { bytes, contentBytes };
}
