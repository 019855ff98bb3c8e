import { varint } from './record.ts';

/** Kinds of pages by their first byte (SQLite, Database File Format, section 1.6, B-tree Pages). */
export const INDEX_INTERIOR = 0x02;
const TABLE_INTERIOR = 0x05;
export const INDEX_LEAF = 0x0a;
export const TABLE_LEAF = 0x0d;

/** A page of a tree, as its header says. Indexes are of the page's bytes. */
export interface TreePage {
  readonly kind: number;
  readonly bytes: Buffer;
  /** Of each cell, in the order of their keys. */
  readonly cells: readonly number[];
  /** Bytes that no cell uses: between the pointers and the cells, and where cells were. */
  readonly free: readonly (readonly [start: number, end: number])[];
  /** The last child of an interior page. */
  readonly lastChild: number;
}

/** A row's or key's bytes in a cell. */
export interface Payload {
  /** Index of its first byte. */
  readonly start: number;
  /** Bytes of it in this page. */
  readonly local: number;
  readonly length: number;
  readonly rowid: number;
  /** Page number of the first overflow page; 0 when there is none. */
  readonly overflow: number;
}

/** The first page of a database begins with the file's header. */
const FILE_HEADER = 100;

/** The page as a page of a tree; undefined for pages that are something else. `usable`: without the reserved bytes. */
export function treePage(bytes: Buffer, isFirst: boolean, usable: number): TreePage | undefined {
  const header = isFirst ? FILE_HEADER : 0;
  const kind = bytes[header];
  if (kind !== TABLE_LEAF && kind !== TABLE_INTERIOR && kind !== INDEX_LEAF && kind !== INDEX_INTERIOR) {
    return undefined;
  }
  if (usable > bytes.length || header + 12 > usable) return undefined;
  const isInterior = kind === TABLE_INTERIOR || kind === INDEX_INTERIOR;
  const pointers = header + (isInterior ? 12 : 8);
  const count = bytes.readUInt16BE(header + 3);
  const pointersEnd = pointers + 2 * count;
  const stored = bytes.readUInt16BE(header + 5);
  const content = stored === 0 ? 65_536 : stored;
  if (pointersEnd > usable || content > usable || content < pointersEnd) return undefined;
  const cells: number[] = [];
  for (let index = 0; index < count; index++) {
    const cell = bytes.readUInt16BE(pointers + 2 * index);
    if (cell >= content && cell < usable) cells.push(cell);
  }
  return {
    kind,
    bytes,
    cells,
    free: [[pointersEnd, content], ...freeBlocks(bytes, bytes.readUInt16BE(header + 1), usable)],
    lastChild: isInterior ? bytes.readUInt32BE(header + 8) : 0,
  };
}

/** Blocks come in rising order; others are no list. */
function freeBlocks(bytes: Buffer, first: number, usable: number): readonly (readonly [number, number])[] {
  const blocks: [number, number][] = [];
  let least = 0;
  for (let at = first; at > least && at + 4 <= usable; at = bytes.readUInt16BE(at)) {
    const end = Math.min(usable, at + bytes.readUInt16BE(at + 2));
    if (end <= at) break;
    blocks.push([at, end]);
    least = end - 1;
  }
  return blocks;
}

/** The children of an interior page. */
export function* childrenOf({ kind, bytes, cells, lastChild }: TreePage): Iterable<number> {
  if (kind !== TABLE_INTERIOR && kind !== INDEX_INTERIOR) return;
  for (const cell of cells) if (cell + 4 <= bytes.length) yield bytes.readUInt32BE(cell);
  yield lastChild;
}

/** The payload of a cell (section 1.6, and 1.7 for how much of it is in the page); undefined where there is none. */
export function payloadAt({ kind, bytes }: TreePage, cell: number, usable: number): Payload | undefined {
  if (kind === TABLE_INTERIOR) return undefined;
  const length = varint(bytes, kind === INDEX_INTERIOR ? cell + 4 : cell);
  if (length === undefined) return undefined;
  const rowid = kind === TABLE_LEAF ? varint(bytes, length.end) : { value: 0, end: length.end };
  if (rowid === undefined) return undefined;
  const start = rowid.end;
  const most = kind === TABLE_LEAF ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  if (length.value <= most) {
    const local = Math.min(length.value, usable - start);
    return local <= 0 ? undefined : { start, local, length: length.value, rowid: rowid.value, overflow: 0 };
  }
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const kept = least + ((length.value - least) % (usable - 4));
  const local = kept <= most ? kept : least;
  if (start + local + 4 > usable) return undefined;
  const overflow = bytes.readUInt32BE(start + local);
  return { start, local, length: length.value, rowid: rowid.value, overflow };
}
