/** Little-endian numbers that spell `RpmP`, `Slot` and `BlbS` (rpm, lib/backend/ndb/rpmpkg.c). */
const DATABASE = 0x506d7052;
const SLOT = 0x746f6c53;
const BLOB = 0x53626c42;

const SLOT_BYTES = 16;
const BLOCK_BYTES = 16;
const PAGE_BYTES = 4096;
/** The file's header takes the place of the first slots. */
const FIRST_SLOT = 32;
/** Magic, package number, generation, length. */
const BLOB_HEADER = 16;

export function isNdb(bytes: Buffer): boolean {
  return bytes.length >= FIRST_SLOT && bytes.readUInt32LE(0) === DATABASE;
}

/** The headers in `Packages.db`: its first pages are slots, each with the place of a header in blocks of 16 bytes. */
export function* ndbPackages(database: Buffer): Iterable<Buffer> {
  const slotsEnd = Math.min(database.length, PAGE_BYTES * database.readUInt32LE(12));
  // Headers do not overlap; those of a database that was made to hurt may.
  let room = database.length;
  for (let at = FIRST_SLOT; at + SLOT_BYTES <= slotsEnd; at += SLOT_BYTES) {
    if (database.readUInt32LE(at) !== SLOT) return;
    const blob = BLOCK_BYTES * database.readUInt32LE(at + 8);
    if (blob === 0 || blob + BLOB_HEADER > database.length || database.readUInt32LE(blob) !== BLOB) continue;
    const start = blob + BLOB_HEADER;
    const header = database.subarray(start, start + database.readUInt32LE(blob + 12));
    room -= header.length;
    if (room < 0) return;
    yield header;
  }
}
