import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipFile {
  readonly path: string;
  readonly content: string | Buffer;
  readonly stored?: true;
  readonly comment?: string;
}

/** A zip as Info-ZIP writes it: local headers with sizes, the directory, its end (APPNOTE 4.3.6). */
export function zipOf(files: readonly ZipFile[], comment: string = ''): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const content = Buffer.from(file.content);
    const bytes = file.stored ? content : deflateRawSync(content);
    const fields = { crc: crc32(content), stored: bytes.length, size: content.length, method: file.stored ? 0 : 8 };
    const local = localHeader(file.path, fields);
    directory.push(directoryHeader(file.path, fields, offset, file.comment));
    locals.push(local, bytes);
    offset += local.length + bytes.length;
  }
  return Buffer.concat([...locals, ...directory, directoryEnd(files.length, offset, directory, comment)]);
}

/** Many directory entries for the same bytes: what comes out is `count` times the content. */
export function overlappingZip(count: number, content: Buffer): Buffer {
  const bytes = deflateRawSync(content);
  const fields = { crc: crc32(content), stored: bytes.length, size: content.length, method: 8 };
  const local = localHeader('a', fields);
  const directory = Array.from({ length: count }, () => directoryHeader('a', fields, 0));
  return Buffer.concat([local, bytes, ...directory, directoryEnd(count, local.length + bytes.length, directory, '')]);
}

interface Fields {
  readonly crc: number;
  readonly stored: number;
  readonly size: number;
  readonly method: number;
}

function localHeader(path: string, { crc, stored, size, method }: Fields): Buffer {
  const name = Buffer.from(path);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(0x800, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(stored, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function directoryHeader(path: string, fields: Fields, offset: number, comment: string = ''): Buffer {
  const name = Buffer.from(path);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 4);
  localHeader('', fields).copy(header, 6, 4, 30);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(Buffer.byteLength(comment), 32);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name, Buffer.from(comment)]);
}

function directoryEnd(count: number, offset: number, directory: readonly Buffer[], comment: string): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count & 0xffff, 8);
  end.writeUInt16LE(count & 0xffff, 10);
  end.writeUInt32LE(
    directory.reduce((bytes, entry) => bytes + entry.length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([end, Buffer.from(comment)]);
}
