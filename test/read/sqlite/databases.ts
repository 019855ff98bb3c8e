import { createRequire } from 'node:module';
import type { Database, SqlJsStatic } from 'sql.js';

const initialize = createRequire(import.meta.url)('sql.js') as () => Promise<SqlJsStatic>;
const engine = await initialize();

/** A database made by SQLite itself. */
export function database(...statements: readonly string[]): Buffer {
  const made: Database = new engine.Database();
  try {
    for (const statement of statements) made.run(statement);
    return Buffer.from(made.export());
  } finally {
    made.close();
  }
}

/** A write-ahead log that holds these pages of a database (Database File Format, section 4.1). */
export function walOf(bytes: Buffer, pageSize: number, pages: readonly number[]): Buffer {
  const header = Buffer.alloc(32);
  header.writeUInt32BE(0x377f0682, 0);
  header.writeUInt32BE(3_007_000, 4);
  header.writeUInt32BE(pageSize, 8);
  const frames = pages.map((page) => {
    const frame = Buffer.alloc(24);
    frame.writeUInt32BE(page, 0);
    return Buffer.concat([frame, pageOf(bytes, pageSize, page)]);
  });
  return Buffer.concat([header, ...frames]);
}

/** A rollback journal that holds these pages (section 3). */
export function journalOf(bytes: Buffer, pageSize: number, pages: readonly number[]): Buffer {
  const header = Buffer.alloc(512);
  Buffer.from('d9d505f920a163d7', 'hex').copy(header);
  header.writeUInt32BE(pages.length, 8);
  header.writeUInt32BE(512, 20);
  header.writeUInt32BE(pageSize, 24);
  const records = pages.map((page) => {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(page, 0);
    return Buffer.concat([number, pageOf(bytes, pageSize, page), Buffer.alloc(4)]);
  });
  return Buffer.concat([header, ...records]);
}

function pageOf(bytes: Buffer, pageSize: number, page: number): Buffer {
  return bytes.subarray((page - 1) * pageSize, page * pageSize);
}
