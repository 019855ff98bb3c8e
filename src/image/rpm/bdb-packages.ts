/** Of a hash, in the order of bytes of the machine that wrote it (Berkeley DB 5.3, dbinc/db_page.h). */
const HASH_MAGIC = 0x00061561;
const PAGE_HEADER = 26;
/** Types of pages, in byte 25. */
const UNSORTED_HASH_PAGE = 2;
const OVERFLOW_PAGE = 7;
const HASH_PAGE = 13;
/** Types of what a hash page holds, in its first byte: the bytes themselves, or where they are. */
const KEYDATA = 1;
const OFFPAGE = 3;

/** The numbers of a database, in its own order of bytes. */
interface Numbers {
  readonly u16: (at: number) => number;
  readonly u32: (at: number) => number;
}

function numbersOf(database: Buffer): Numbers | undefined {
  if (database.length < 512) return undefined;
  if (database.readUInt32LE(12) === HASH_MAGIC) {
    return { u16: (at) => database.readUInt16LE(at), u32: (at) => database.readUInt32LE(at) };
  }
  if (database.readUInt32BE(12) !== HASH_MAGIC) return undefined;
  return { u16: (at) => database.readUInt16BE(at), u32: (at) => database.readUInt32BE(at) };
}

export function isBdbHash(bytes: Buffer): boolean {
  return numbersOf(bytes) !== undefined;
}

/** The headers in `Packages` of rpm before 4.16: the values of a hash whose keys are the packages' numbers. */
export function* bdbPackages(database: Buffer): Iterable<Buffer> {
  const numbers = numbersOf(database);
  const pageSize = numbers?.u32(20) ?? 0;
  if (numbers === undefined || pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return;
  const values = new Values(database, numbers, pageSize);
  for (let page = pageSize; page + pageSize <= database.length; page += pageSize) {
    const type = database[page + 25];
    if (type !== HASH_PAGE && type !== UNSORTED_HASH_PAGE) continue;
    const entries = Math.min(numbers.u16(page + 20), (pageSize - PAGE_HEADER) >> 1);
    let end = pageSize;
    // Keys and values take turns, from the end of the page down.
    for (let entry = 0; entry < entries; entry++) {
      const start = numbers.u16(page + PAGE_HEADER + 2 * entry);
      if (start < PAGE_HEADER || start >= end) break;
      if (entry % 2 === 1) yield values.at(page + start, page + end);
      end = start;
    }
  }
}

/** Values of hash pages, with what is on overflow pages: each of these belongs to one value. */
class Values {
  readonly #database: Buffer;
  readonly #numbers: Numbers;
  readonly #pageSize: number;
  readonly #followed = new Set<number>();

  constructor(database: Buffer, numbers: Numbers, pageSize: number) {
    this.#database = database;
    this.#numbers = numbers;
    this.#pageSize = pageSize;
  }

  /** Empty where there is none. */
  at(start: number, end: number): Buffer {
    const type = this.#database[start];
    if (type === KEYDATA) return this.#database.subarray(start + 1, end);
    if (type !== OFFPAGE || start + 12 > end) return Buffer.alloc(0);
    const parts: Buffer[] = [];
    let missing = this.#numbers.u32(start + 8);
    for (let next = this.#numbers.u32(start + 4); next !== 0 && missing > 0 && !this.#followed.has(next);) {
      this.#followed.add(next);
      const page = next * this.#pageSize;
      if (page + this.#pageSize > this.#database.length || this.#database[page + 25] !== OVERFLOW_PAGE) break;
      const length = Math.min(this.#numbers.u16(page + 22), missing, this.#pageSize - PAGE_HEADER);
      parts.push(this.#database.subarray(page + PAGE_HEADER, page + PAGE_HEADER + length));
      missing -= length;
      next = this.#numbers.u32(page + 16);
    }
    return Buffer.concat(parts);
  }
}
