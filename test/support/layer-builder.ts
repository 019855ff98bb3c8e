import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { Header } from 'tar-stream';
import { pack } from 'tar-stream';

/** One member of a tar: of a layer, or of an image archive. Without content, link or mark it is an empty file. */
export interface TarEntry {
  readonly path: string;
  readonly content?: string | Buffer;
  readonly symlink?: string;
  /** Path of an earlier member. */
  readonly hardlink?: string;
  readonly directory?: true;
  /** `path` is what lower layers lose: the member is named `.wh.<name>`. Content makes it one with a body. */
  readonly whiteout?: true;
  /** `path` is the folder whose lower content is hidden: the member is `<path>/.wh..wh..opq`. */
  readonly opaque?: true;
  /** Pax records: `SCHILY.xattr.user.note`. */
  readonly pax?: Readonly<Record<string, string>>;
}

/** `estargz` has a gzip member for each file, a TOC and a footer; `zstd:chunked` has frames and skippable frames. */
export type LayerCompression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'estargz' | 'zstd:chunked';

const epoch = new Date(0);
const endBlocks = Buffer.alloc(1024);

export function sha256(bytes: Buffer | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function hexOf(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** Where the member stands in the tar. */
export function memberName({ path, whiteout, opaque }: TarEntry): string {
  if (opaque) return path === '' ? '.wh..wh..opq' : `${path}/.wh..wh..opq`;
  const slash = path.lastIndexOf('/') + 1;
  return whiteout ? `${path.slice(0, slash)}.wh.${path.slice(slash)}` : path;
}

/** The same bytes for the same entries, on any day. */
export async function buildTar(entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const entry of entries) {
    const header: Partial<Header> & Pick<Header, 'name'> = {
      name: memberName(entry),
      mtime: epoch,
      uid: 0,
      gid: 0,
      type: 'file',
      mode: 0o644,
    };
    if (entry.pax !== undefined) header.pax = { ...entry.pax };
    if (entry.directory) Object.assign(header, { type: 'directory', mode: 0o755 });
    if (entry.symlink !== undefined) Object.assign(header, { type: 'symlink', linkname: entry.symlink });
    if (entry.hardlink !== undefined) Object.assign(header, { type: 'link', linkname: entry.hardlink });
    if (header.type === 'file') tar.entry(header, entry.content ?? '');
    else tar.entry(header);
  }
  tar.finalize();
  return await buffer(tar);
}

export async function compressTar(
  entries: readonly TarEntry[],
  compression: LayerCompression,
): Promise<{ readonly tar: Buffer; readonly stored: Buffer }> {
  if (compression === 'estargz') return await estargz(entries);
  if (compression === 'zstd:chunked') return await zstdChunked(entries);
  const tar = await buildTar(entries);
  return { tar, stored: compress(tar, compression) };
}

export function compress(bytes: Buffer, compression: 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2'): Buffer {
  switch (compression) {
    case 'none':
      return bytes;
    case 'gzip':
      return gzipSync(bytes);
    case 'zstd':
    case 'xz':
    case 'bzip2':
      return runProgram(compression, ['-c'], bytes);
  }
}

function runProgram(program: string, args: readonly string[], input: Buffer): Buffer {
  const { status, stdout, error } = spawnSync(program, args, { input, maxBuffer: 1 << 30 });
  if (error !== undefined || status !== 0) throw new Error(`${program} failed`, { cause: error });
  return stdout;
}

/** The tar in pieces, one for each member; the last piece is the end blocks. */
async function tarPieces(entries: readonly TarEntry[]): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for (const entry of entries) pieces.push((await buildTar([entry])).subarray(0, -endBlocks.length));
  return [...pieces, endBlocks];
}

function tableOfContents(entries: readonly TarEntry[]): string {
  return JSON.stringify({ version: 1, entries: entries.map((entry) => ({ name: memberName(entry), type: 'reg' })) });
}

async function estargz(entries: readonly TarEntry[]): Promise<{ tar: Buffer; stored: Buffer }> {
  const landmark: TarEntry = { path: '.no.prefetch.landmark', content: Buffer.from([0xf]) };
  const table: TarEntry = { path: 'stargz.index.json', content: tableOfContents(entries) };
  const pieces = await tarPieces([landmark, ...entries, table]);
  const members = pieces.map((piece) => gzipSync(piece));
  const tableOffset = members.slice(0, -2).reduce((sum, member) => sum + member.length, 0);
  return { tar: Buffer.concat(pieces), stored: Buffer.concat([...members, estargzFooter(tableOffset)]) };
}

/** An empty gzip member whose extra field says where the TOC is: 51 bytes. */
function estargzFooter(tableOffset: number): Buffer {
  const place = `${tableOffset.toString(16).padStart(16, '0')}STARGZ`;
  const header = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, place.length + 4, 0, 0x53, 0x47, place.length, 0]);
  return Buffer.concat([header, Buffer.from(place), Buffer.from([1, 0, 0, 0xff, 0xff]), Buffer.alloc(8)]);
}

async function zstdChunked(entries: readonly TarEntry[]): Promise<{ tar: Buffer; stored: Buffer }> {
  const pieces = await tarPieces(entries);
  const frames = pieces.map((piece) => compress(piece, 'zstd'));
  const table = skippableFrame(compress(Buffer.from(tableOfContents(entries)), 'zstd'));
  const footer = skippableFrame(Buffer.concat([Buffer.alloc(56), Buffer.from('GNUlInUx')]));
  return { tar: Buffer.concat(pieces), stored: Buffer.concat([...frames, table, footer]) };
}

/** RFC 8878, section 3.1.2. */
function skippableFrame(content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a50, 0);
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content]);
}
