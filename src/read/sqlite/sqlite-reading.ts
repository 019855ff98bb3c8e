import type { Field } from '../../detect/field.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { limits } from '../../limits.ts';
import type { Reading } from '../reader.ts';
import { Carver } from './carve.ts';
import { frameSize, type Framing } from '../../unpack/sqlite/frames.ts';
import { payloadAt, TABLE_LEAF, treePage, type TreePage } from '../../unpack/sqlite/page.ts';
import { isRowPage, SqlitePages, type PageOwner } from './pages.ts';
import { recordAt } from '../../unpack/sqlite/record.ts';
import { SqliteRows } from './rows.ts';
import type { SqliteTable } from './schema.ts';

const NOTHING = Buffer.alloc(0);

/**
 * Reads the pages of a database or of its logs one after the other: rows of live pages, rows of freed pages, deleted
 * rows in live pages, and everything else as text. Pages up to `limits.heldBytes` are held to see which table each page
 * is of. Beyond them each page is read as it comes: a row whose table no page before has told is of the table with as
 * many columns, or has no names; what overflows is text.
 */
export class SqliteReading implements Reading {
  readonly #framing: Framing;
  readonly #vocabulary: Vocabulary;
  #held: Buffer = NOTHING;
  /** Of `#held`; later of `#frame`. */
  #length = 0;
  /** Of the first byte that was not read. */
  #offset = 0;
  #pages: SqlitePages | undefined;
  #rows: SqliteRows | undefined;
  #carver: Carver | undefined;
  /** The frame that is being gathered, behind those that are held. */
  #frame: Buffer = NOTHING;

  constructor(framing: Framing, vocabulary: Vocabulary) {
    this.#framing = framing;
    this.#vocabulary = vocabulary;
  }

  *write(bytes: Buffer): Iterable<Field> {
    let rest = bytes;
    if (this.#pages === undefined) {
      const taken = rest.subarray(0, Math.max(0, limits.heldBytes - this.#length));
      this.#hold(taken);
      rest = rest.subarray(taken.length);
      if (rest.length === 0) return;
      yield* this.#readHeld();
    }
    while (rest.length > 0) {
      const copied = rest.copy(this.#frame, this.#length);
      this.#length += copied;
      rest = rest.subarray(copied);
      if (this.#length < this.#frame.length) return;
      yield* this.#readFrame(this.#frame);
      this.#length = 0;
    }
  }

  *end(): Iterable<Field> {
    if (this.#pages === undefined) yield* this.#readHeld();
    const fields: Field[] = [];
    this.#rows?.addText(fields, this.#frame.subarray(0, this.#length), this.#offset);
    yield* fields;
  }

  #hold(bytes: Buffer): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#held.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(needed, 2 * this.#held.length), limits.heldBytes));
      this.#held.copy(grown, 0, 0, this.#length);
      this.#held = grown;
    }
    bytes.copy(this.#held, this.#length);
    this.#length = needed;
  }

  *#readHeld(): Iterable<Field> {
    const held = this.#held.subarray(0, this.#length);
    const pages = new SqlitePages(held, this.#framing);
    this.#pages = pages;
    this.#rows = new SqliteRows(this.#vocabulary, pages.encoding);
    this.#carver = new Carver(
      pages.tables.all.map(({ labels, rowidColumn }) => ({ columns: labels.length, rowidColumn })),
      pages.encoding,
    );
    const size = frameSize(this.#framing);
    this.#offset = Math.min(this.#framing.first, held.length);
    while (this.#offset + size <= held.length) yield* this.#readFrame(held.subarray(this.#offset, this.#offset + size));
    const rest = held.subarray(this.#offset);
    this.#frame = Buffer.alloc(size);
    this.#length = rest.copy(this.#frame);
    this.#held = NOTHING;
  }

  #readFrame(frame: Buffer): readonly Field[] {
    const { first, lead, pageSize } = this.#framing;
    const number = lead > 0 ? frame.readUInt32BE(0) : (this.#offset - first) / pageSize + 1;
    const fields: Field[] = [];
    this.#readPage(fields, number, frame.subarray(lead, lead + pageSize), this.#offset + lead);
    this.#offset += frame.length;
    return fields;
  }

  #readPage(fields: Field[], number: number, bytes: Buffer, offset: number): void {
    const [pages, rows] = [this.#pages, this.#rows];
    if (pages === undefined || rows === undefined) return;
    const tree = treePage(bytes, number === 1, pages.held.usable);
    if (tree === undefined) {
      // In a database; in a log the same number may come again with other bytes.
      if (this.#framing.lead > 0 || !pages.held.isFollowed(number)) rows.addText(fields, bytes, offset);
      return;
    }
    const owner = pages.owner(number);
    if (owner !== undefined) pages.adopt(owner, tree);
    if (owner !== 'index' && isRowPage(tree.kind)) this.#readCells(fields, tree, owner, offset, pages, rows);
    for (const [start, end] of tree.free) this.#readFree(fields, tree, owner, [start, end], offset, rows);
    rows.addText(fields, bytes.subarray(pages.held.usable), offset + pages.held.usable);
  }

  #readCells(
    fields: Field[],
    tree: TreePage,
    owner: PageOwner,
    offset: number,
    pages: SqlitePages,
    rows: SqliteRows,
  ): void {
    // Cells do not overlap; those of a page that was made to hurt may.
    let room = tree.bytes.length;
    for (const cell of tree.cells) {
      const payload = payloadAt(tree, cell, pages.held.usable);
      if (payload === undefined) continue;
      room -= payload.local;
      if (room < 0) return;
      const bytes = pages.held.payload(tree, payload);
      const record = recordAt(bytes, 0);
      const place = { offset: offset + payload.start, local: payload.local };
      if (record === undefined) rows.addText(fields, bytes.subarray(0, payload.local), place.offset);
      else rows.addRow(fields, bytes, record, this.#tableOf(owner, tree, record.types.length), payload.rowid, place);
    }
  }

  #tableOf(owner: PageOwner, tree: TreePage, columns: number): SqliteTable | undefined {
    if (owner === 'schema' || owner === 'index') return undefined;
    return owner ?? this.#pages?.tables.guess(columns, tree.kind !== TABLE_LEAF);
  }

  /** Deleted rows, and what is between them as text. */
  #readFree(
    fields: Field[],
    tree: TreePage,
    owner: PageOwner,
    [start, end]: readonly [number, number],
    offset: number,
    rows: SqliteRows,
  ): void {
    const area = tree.bytes.subarray(0, end);
    let text = start;
    for (let at = start; at < end;) {
      const isBlock = at === start && tree.free[0]?.[0] !== start;
      const record = this.#carver?.recordAt(area, at, isBlock);
      if (record === undefined) {
        at++;
        continue;
      }
      rows.addText(fields, area.subarray(text, at), offset + text);
      const isOwned = typeof owner === 'object' && owner.labels.length === record.types.length;
      const table = isOwned
        ? owner
        : this.#tableOf(typeof owner === 'object' ? undefined : owner, tree, record.types.length);
      rows.addRow(fields, area, record, table, undefined, { offset, local: end });
      text = at = record.end;
    }
    rows.addText(fields, area.subarray(text, end), offset + text);
  }
}
