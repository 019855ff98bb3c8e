/** What a run of bytes is, told by its first bytes and never by its name. */

export type Compression = 'gzip' | 'zstd' | 'xz' | 'bzip2';

/** Containers that are recognized so that the report can name them as not read. Their raw bytes are scanned. */
export type UnreadContainer =
  '7z' | 'rar' | 'rpm' | 'cab' | 'cpio' | 'xar' | 'squashfs' | 'lzip' | 'lz4' | 'lzma' | 'compress';

const BZIP2_BLOCK = Buffer.from('314159265359', 'hex');
const BZIP2_END = Buffer.from('177245385090', 'hex');

/** First bytes that nothing else has. */
const UNREAD_CONTAINERS: readonly (readonly [UnreadContainer, Buffer])[] = [
  ['7z', Buffer.from('377abcaf271c', 'hex')],
  ['rar', Buffer.from('Rar!\x1a\x07', 'latin1')],
  ['rpm', Buffer.from('edabeedb', 'hex')],
  ['cab', Buffer.from('MSCF\0\0\0\0', 'latin1')],
  ['cpio', Buffer.from('070701', 'latin1')],
  ['cpio', Buffer.from('070702', 'latin1')],
  ['cpio', Buffer.from('070707', 'latin1')],
  ['xar', Buffer.from('xar!', 'latin1')],
  ['squashfs', Buffer.from('hsqs', 'latin1')],
  ['lzip', Buffer.from('LZIP\x01', 'latin1')],
  ['lz4', Buffer.from('04224d18', 'hex')],
];

const TAR_BLOCK_BYTES = 512;
const TAR_CHECKSUM_AT = 148;
const TAR_CHECKSUM_BYTES = 8;
const TAR_MAGIC_AT = 257;
const TAR_MAGIC = /^ustar(?:\0|  \0)/;

/** Undefined also where the head is too short to tell: 10 bytes are enough. */
export function compressionOf(head: Buffer): Compression | undefined {
  // gzip never had a method but 8.
  if (head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  if (head.length >= 4) {
    const magic = head.readUInt32LE(0);
    // A frame, or one of the sixteen skippable ones (RFC 8878, 3.1.2).
    if (magic === 0xfd2fb528 || magic >>> 4 === 0x184d2a5) return 'zstd';
  }
  if (startsWith(head, Buffer.from('fd377a585a00', 'hex'))) return 'xz';
  if (/^BZh[1-9]/.test(head.toString('latin1', 0, 4))) {
    const magic = head.subarray(4, 10);
    if (magic.equals(BZIP2_BLOCK) || magic.equals(BZIP2_END)) return 'bzip2';
  }
  return undefined;
}

/** `ustar` with its NUL (POSIX and GNU; a program that reads tars has the word at any place), or a v7 header whose checksum holds, or the NUL blocks of an empty archive. */
export function isTar(head: Buffer): boolean {
  if (head.length < TAR_BLOCK_BYTES) return false;
  if (TAR_MAGIC.test(head.toString('latin1', TAR_MAGIC_AT, TAR_MAGIC_AT + 8))) return true;
  if (head[0] === 0) return head.length >= 2 * TAR_BLOCK_BYTES && isNul(head.subarray(0, 2 * TAR_BLOCK_BYTES));

  const field = head.subarray(TAR_CHECKSUM_AT, TAR_CHECKSUM_AT + TAR_CHECKSUM_BYTES);
  const octal = /^[ \0]*([0-7]+)(?:[ \0]|$)/.exec(field.toString('latin1'))?.[1];
  if (octal === undefined) return false;
  // The checksum counts its own field as blanks. Some old tars added signed bytes.
  let unsigned = TAR_CHECKSUM_BYTES * 0x20;
  let signed = unsigned;
  for (let at = 0; at < TAR_BLOCK_BYTES; at++) {
    if (at >= TAR_CHECKSUM_AT && at < TAR_CHECKSUM_AT + TAR_CHECKSUM_BYTES) continue;
    unsigned += head.readUInt8(at);
    signed += head.readInt8(at);
  }
  const checksum = Number.parseInt(octal, 8);
  return checksum === unsigned || checksum === signed;
}

/** A local file header, or the end of an empty archive. A zip behind other bytes (a self-extracting one) is not seen. */
export function isZip(head: Buffer): boolean {
  if (head.length < 4) return false;
  const magic = head.readUInt32LE(0);
  return magic === 0x04034b50 || magic === 0x06054b50;
}

export function unreadContainerOf(head: Buffer): UnreadContainer | undefined {
  for (const [container, magic] of UNREAD_CONTAINERS) if (startsWith(head, magic)) return container;
  // compress(1): codes of 9 to 16 bits, two bits that are always 0.
  const [first, second, third = 0] = head;
  if (first === 0x1f && second === 0x9d && (third & 0x60) === 0 && (third & 0x1f) >= 9 && (third & 0x1f) <= 16) {
    return 'compress';
  }
  return isLzma(head) ? 'lzma' : undefined;
}

/** .lzma has no magic: only the properties, dictionary sizes and lengths that its writers make are taken. */
function isLzma(head: Buffer): boolean {
  if (head.length < 13 || head[0] !== 0x5d) return false;
  const dictionary = head.readUInt32LE(1);
  if (dictionary < 4096 || (dictionary & (dictionary - 1)) !== 0) return false;
  const size = head.readBigUInt64LE(5);
  return size === 0xffff_ffff_ffff_ffffn || size < 1n << 38n;
}

function startsWith(head: Buffer, magic: Buffer): boolean {
  return head.length >= magic.length && magic.compare(head, 0, magic.length) === 0;
}

function isNul(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
