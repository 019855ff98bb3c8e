/** Tar archives put together byte by byte, and what TarReader says of them. */
import { createHash } from 'node:crypto';
import type { Problem } from '../../src/unpack/chunks.ts';
import { type SkippableChunks } from '../../src/unpack/tar-input.ts';
import { TarReader } from '../../src/unpack/tar.ts';
import type { TarEntry } from '../../src/unpack/tar-entry.ts';

export interface HeaderFields {
  readonly name?: string | Buffer;
  readonly flag?: string;
  /** A number of bytes, or the field itself. */
  readonly size?: number | Buffer;
  readonly linkName?: string;
  readonly magic?: string;
  readonly prefix?: string;
  /** Written over the header at byte 345, before the checksum. */
  readonly tail?: Buffer;
  readonly checksum?: 'unsigned' | 'signed';
}

export function tarHeader(fields: HeaderFields): Buffer {
  const block = Buffer.alloc(512);
  block.set(Buffer.from(fields.name ?? 'file.txt'), 0);
  block.write(['0000644', '0000000', '0000000', ''].join('\0'), 100, 'latin1');
  const size = fields.size ?? 0;
  if (typeof size === 'number') block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  else block.set(size, 124);
  block.write('00000000000\0', 136, 'latin1');
  block.write(' '.repeat(8), 148, 'latin1');
  block.write(fields.flag ?? '0', 156, 'latin1');
  block.write(fields.linkName ?? '', 157, 'latin1');
  block.write(fields.magic ?? 'ustar\x0000', 257, 'latin1');
  block.write(fields.prefix ?? '', 345, 'latin1');
  if (fields.tail) block.set(fields.tail, 345);
  let sum = 0;
  for (const byte of block) sum += fields.checksum === 'signed' && byte > 127 ? byte - 256 : byte;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** Padded with zeros to whole blocks. */
export function blocks(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

export function tarFile(name: string | Buffer, content: string | Buffer, fields: HeaderFields = {}): Buffer {
  return Buffer.concat([tarHeader({ name, size: Buffer.byteLength(content), ...fields }), blocks(content)]);
}

export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const restBytes = Buffer.byteLength(rest);
  let length = restBytes + 1;
  while (`${length}`.length + restBytes !== length) length++;
  return `${length}${rest}`;
}

export function paxHeader(records: Readonly<Record<string, string>>, flag: 'x' | 'g' = 'x'): Buffer {
  const text = Object.entries(records).map(([key, value]) => paxRecord(key, value));
  return tarFile('pax', text.join(''), { flag });
}

export const END_BLOCKS: Buffer = Buffer.alloc(1024);

/** `cuts`: lengths of the chunks, used in turn. Every chunk is overwritten when the next one is asked for. */
export async function* chunksOf(bytes: Buffer, cuts: readonly number[] = [bytes.length || 1]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const chunk = Buffer.from(bytes.subarray(at, at + (cuts[turn % cuts.length] ?? 1)));
    at += chunk.length;
    yield chunk;
    chunk.fill(0xff);
    await Promise.resolve();
  }
}

interface ReadEntry extends TarEntry {
  /** The content; jumped-over holes are zeros. At most 16 MiB. */
  readonly content: Buffer;
  readonly sha256: string;
}

export interface ReadArchive {
  readonly entries: readonly ReadEntry[];
  readonly problems: readonly Problem[];
}

export async function nextEntry(reader: TarReader): Promise<TarEntry | null> {
  for (;;) {
    const entry = reader.header();
    if (entry !== undefined) return entry;
    await reader.fill();
  }
}

export async function nextRun(reader: TarReader): Promise<Buffer | null> {
  for (;;) {
    const run = reader.body();
    if (run !== undefined) return run;
    await reader.fill();
  }
}

async function readBody(reader: TarReader, size: number): Promise<Buffer> {
  const runs: Buffer[] = [];
  let end = 0;
  for (let run = await nextRun(reader); run; run = await nextRun(reader)) {
    runs.push(Buffer.alloc(reader.bodyOffset - end), Buffer.from(run));
    end = reader.bodyOffset + run.length;
  }
  if (Number.isFinite(size) && end < size && size <= 1 << 24) runs.push(Buffer.alloc(size - end));
  return Buffer.concat(runs);
}

export async function readTar(bytes: Buffer, cuts?: readonly number[]): Promise<ReadArchive> {
  return readTarChunks(chunksOf(bytes, cuts));
}

export async function readTarChunks(chunks: SkippableChunks): Promise<ReadArchive> {
  const problems: Problem[] = [];
  const reader = new TarReader(chunks, (problem) => problems.push(problem));
  const entries: ReadEntry[] = [];
  for (let entry = await nextEntry(reader); entry; entry = await nextEntry(reader)) {
    const content = await readBody(reader, entry.size);
    entries.push({ ...entry, content, sha256: createHash('sha256').update(content).digest('hex') });
  }
  await reader.close();
  return { entries, problems };
}
