import { frameSize, type Framing } from '../../unpack/sqlite/frames.ts';
import { HeldPages } from '../../unpack/sqlite/held-pages.ts';
import { payloadAt, TABLE_LEAF, treePage } from '../../unpack/sqlite/page.ts';
import { isBlob, recordAt, serialLength } from '../../unpack/sqlite/record.ts';

/**
 * The headers in rpm's SQLite database or in its log: rows `(hnum INTEGER PRIMARY KEY, blob BLOB)`. No other table of it
 * has two columns with a blob, so each page of rows is looked at, whichever table it is of: a log has no schema.
 */
export function* sqlitePackages(database: Buffer, framing: Framing): Iterable<Buffer> {
  const pages = new HeldPages(database, framing);
  const { first, lead, pageSize } = framing;
  for (let at = first; at + lead + pageSize <= database.length; at += frameSize(framing)) {
    const bytes = database.subarray(at + lead, at + lead + pageSize);
    const number = lead > 0 ? database.readUInt32BE(at) : (at - first) / pageSize + 1;
    const tree = treePage(bytes, number === 1, pages.usable);
    if (tree?.kind !== TABLE_LEAF || pages.isFollowed(number)) continue;
    // Cells do not overlap; those of a page that was made to hurt may.
    let room = bytes.length;
    for (const cell of tree.cells) {
      const found = payloadAt(tree, cell, pages.usable);
      if (found === undefined) continue;
      room -= found.local;
      if (room < 0) break;
      const payload = pages.payload(tree, found);
      const record = recordAt(payload, 0);
      const [, blob = 0] = record?.types ?? [];
      if (record?.types.length !== 2 || !isBlob(blob)) continue;
      yield payload.subarray(record.bodyStart, record.bodyStart + serialLength(blob));
    }
  }
}
