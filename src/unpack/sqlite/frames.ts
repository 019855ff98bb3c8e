/** Where the pages of a file are: of a database one behind the other, of its logs each with a header. */
export interface Framing {
  readonly pageSize: number;
  /** Offset of the first frame. */
  readonly first: number;
  /** Bytes before the page in its frame, of which the first four are its number; 0 in a database. */
  readonly lead: number;
  /** Bytes behind the page in its frame. */
  readonly tail: number;
}

const MAGIC = 'SQLite format 3\0';
const JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex');
const WAL_HEADER = 32;
const WAL_FRAME_HEADER = 24;
const WAL_VERSION = 3_007_000;

/**
 * What the first bytes say of a database, of its write-ahead log or of its rollback journal; undefined for other files
 * (SQLite, Database File Format, sections 1.3, 3 and 4).
 */
export function framingOf(head: Buffer): Framing | undefined {
  if (head.length < 100) return undefined;
  if (head.toString('latin1', 0, 16) === MAGIC) {
    const stored = head.readUInt16BE(16);
    const pageSize = stored === 1 ? 65_536 : stored;
    return isPageSize(pageSize) ? { pageSize, first: 0, lead: 0, tail: 0 } : undefined;
  }
  if (head.readUInt32BE(0) >>> 1 === 0x377f0682 >>> 1 && head.readUInt32BE(4) === WAL_VERSION) {
    const pageSize = head.readUInt32BE(8);
    return isPageSize(pageSize) ? { pageSize, first: WAL_HEADER, lead: WAL_FRAME_HEADER, tail: 0 } : undefined;
  }
  if (!head.subarray(0, 8).equals(JOURNAL_MAGIC)) return undefined;
  const sector = head.readUInt32BE(20);
  const pageSize = head.readUInt32BE(24);
  return isPageSize(pageSize) && isPageSize(sector) ? { pageSize, first: sector, lead: 4, tail: 4 } : undefined;
}

function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0;
}

/** Bytes of one frame. */
export function frameSize({ pageSize, lead, tail }: Framing): number {
  return lead + pageSize + tail;
}
