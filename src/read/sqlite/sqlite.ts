import type { Reader } from '../reader.ts';
import { framingOf } from '../../unpack/sqlite/frames.ts';
import { SqliteReading } from './sqlite-reading.ts';

/** Up to byte 23 of a database: page size, versions, reserved bytes, and three numbers that are always the same. Page 1 is
 * also in most logs. SQLite's own library holds the first words, but not what follows them. */
const DATABASE = 'SQLite format 3\\x00(?:[\\x02\\x04\\x08\\x10 @]\\x00|\\x00\\x01)[\\x01\\x02]{2}[\\x00- ]@  ';

/**
 * SQLite databases, their write-ahead logs and rollback journals, with the rows that were deleted from them. The format
 * is documented for good ("SQLite, Database File Format"), so its pages are walked by our own code: sql.js would show
 * the tables alone.
 */
export const sqlite: Reader = {
  id: 'sqlite',
  markers: [DATABASE],
  recognizes: (head) => framingOf(head.bytes) !== undefined,
  open: (head, vocabulary) => {
    const framing = framingOf(head.bytes) ?? { pageSize: 4096, first: 0, lead: 0, tail: 0 };
    return new SqliteReading(framing, vocabulary);
  },
};
