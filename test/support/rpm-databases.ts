import { database } from '../read/sqlite/databases.ts';

export interface RpmFile {
  /** With a leading `/`, as rpm has it. */
  readonly path: string;
  /** In hexadecimal; empty for a folder. */
  readonly digest: string;
}

function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

const texts = (values: readonly string[]): Buffer => Buffer.from(values.map((value) => `${value}\0`).join(''));

/** The header of a package as its database stores it (rpm, "RPM V4 package format", section Header). */
export function rpmHeader(files: readonly RpmFile[]): Buffer {
  const folderOf = ({ path }: RpmFile): string => path.slice(0, path.lastIndexOf('/') + 1);
  const folders = [...new Set(files.map(folderOf))];
  const [int32, string, stringArray] = [4, 6, 8];
  const tags: readonly (readonly [tag: number, type: number, count: number, values: Buffer])[] = [
    [1000, string, 1, texts(['libx'])],
    [1035, stringArray, files.length, texts(files.map(({ digest }) => digest))],
    [1116, int32, files.length, u32(...files.map((file) => folders.indexOf(folderOf(file))))],
    [1117, stringArray, files.length, texts(files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)))],
    [1118, stringArray, folders.length, texts(folders)],
  ];
  const index: Buffer[] = [];
  const values: Buffer[] = [];
  let offset = 0;
  for (const [tag, type, count, bytes] of tags) {
    // Numbers stand at multiples of their length.
    const padding = type === int32 ? -offset & 3 : 0;
    index.push(u32(tag, type, offset + padding, count));
    values.push(Buffer.alloc(padding), bytes);
    offset += padding + bytes.length;
  }
  return Buffer.concat([u32(tags.length, offset), ...index, ...values]);
}

/** `rpmdb.sqlite` with the tables of rpm that matter here. */
export function rpmSqlite(headers: readonly Buffer[]): Buffer {
  return database(
    "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)",
    "CREATE TABLE 'Name' (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)",
    ...headers.map((header) => `INSERT INTO Packages (blob) VALUES (x'${header.toString('hex')}')`),
    "INSERT INTO Name VALUES ('libx', 1, 0)",
  );
}

/** `Packages.db`, SUSE's format (rpm, lib/backend/ndb/rpmpkg.c), with a deleted package before the others. */
export function rpmNdb(headers: readonly Buffer[]): Buffer {
  const slots = Buffer.alloc(4096);
  for (let at = 32; at < slots.length; at += 16) slots.write('Slot', at);
  slots.write('RpmP', 0);
  slots.writeUInt32LE(1, 12);
  const blobs: Buffer[] = [];
  let block = slots.length / 16;
  for (const [index, header] of headers.entries()) {
    const padding = -(16 + header.length + 12) & 15;
    const blob = Buffer.alloc(16 + header.length + padding + 12);
    blob.write('BlbS', 0);
    blob.writeUInt32LE(index + 1, 4);
    blob.writeUInt32LE(header.length, 12);
    header.copy(blob, 16);
    blob.writeUInt32LE(header.length, blob.length - 8);
    blob.write('BlbE', blob.length - 4);
    const slot = 32 + 16 * (index + 1);
    slots.writeUInt32LE(index + 1, slot + 4);
    slots.writeUInt32LE(block, slot + 8);
    slots.writeUInt32LE(blob.length / 16, slot + 12);
    blobs.push(blob);
    block += blob.length / 16;
  }
  return Buffer.concat([slots, ...blobs]);
}

/** `Packages`, a hash of Berkeley DB (dbinc/db_page.h) with one page of keys and long values elsewhere. */
export function rpmBdb(headers: readonly Buffer[], order: 'LE' | 'BE' = 'LE', pageSize = 4096): Buffer {
  const pages: Buffer[] = [];
  const newPage = (type: number): Buffer => {
    const page = Buffer.alloc(pageSize);
    put32(page, 8, pages.length);
    page[25] = type;
    pages.push(page);
    return page;
  };
  const put16 = (page: Buffer, at: number, value: number): number =>
    order === 'LE' ? page.writeUInt16LE(value, at) : page.writeUInt16BE(value, at);
  const put32 = (page: Buffer, at: number, value: number): number =>
    order === 'LE' ? page.writeUInt32LE(value, at) : page.writeUInt32BE(value, at);
  const meta = newPage(8);
  put32(meta, 12, 0x00061561);
  put32(meta, 16, 9);
  put32(meta, 20, pageSize);
  const hash = newPage(13);
  let end = pageSize;
  let entries = 0;
  const add = (item: Buffer): void => {
    end -= item.length;
    item.copy(hash, end);
    put16(hash, 26 + 2 * entries++, end);
    put16(hash, 20, entries);
  };
  for (const [index, header] of headers.entries()) {
    add(Buffer.from([1, index + 1, 0, 0, 0]));
    const isShort = header.length < 700;
    if (isShort) {
      add(Buffer.concat([Buffer.from([1]), header]));
      continue;
    }
    const item = Buffer.alloc(12);
    item[0] = 3;
    put32(item, 4, pages.length);
    put32(item, 8, header.length);
    add(item);
    for (let at = 0; at < header.length; at += pageSize - 26) {
      const part = header.subarray(at, at + pageSize - 26);
      const page = newPage(7);
      put16(page, 22, part.length);
      part.copy(page, 26);
      if (at + part.length < header.length) put32(page, 16, pages.length);
    }
  }
  put32(meta, 32, pages.length - 1);
  return Buffer.concat(pages);
}
