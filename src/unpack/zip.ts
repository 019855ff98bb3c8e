/**
 * Reads zip archives that are held in memory, without leaving a byte out: first the members of the central directory
 * (yauzl), then what the directory does not name: members with a local header only, and all other bytes as members with
 * a name in parentheses. An archive without a directory is read by its local headers.
 */
import { fromBufferPromise, type Entry } from 'yauzl';
import type { Chunks, OnProblem } from './chunks.ts';
import { decodeText } from './tar-header.ts';
import { cutFault, openZipContent, plainContent, type ZipContent, wholeZipContent } from './zip-content.ts';
import {
  type Descriptor,
  extraFields,
  findCompressedSize,
  findZipEnd,
  type LocalHeader,
  nextLocalHeader,
  readDescriptor,
  readLocalHeader,
  ReadRanges,
  type ZipEnd,
} from './zip-records.ts';

export interface ZipMember {
  /** As stored: UTF-8, else latin1; absolute, with `..`, or twice in one archive. A label, never a place to write to. */
  readonly path: string;
  /** Bytes of the content, as the headers say; NaN where none does. */
  readonly size: number;
  /** Bytes in the archive. */
  readonly compressedSize: number;
  readonly encrypted: boolean;
  /** Of the stored bytes, from the start of the archive. */
  readonly offset: number;
  /** Text that stands in the headers: comments, extra fields, a local name that differs. */
  readonly metadata: readonly (readonly [key: string, value: string])[];
  /** The content, at any time and again and again. Problems come while it is read: an encrypted member is a gap only
   * once it is opened. Members may share their stored bytes (bombs do), so the caller counts what comes out. */
  readonly open: () => Chunks;
  /** The content at once, without a promise: of a small member that is sound. Undefined for any other: `open` reads it. */
  readonly whole: () => Buffer | undefined;
}

/** Names of members that no archiver wrote. */
export const ZIP_STRAY_PATHS = {
  comment: '(archive comment)',
  prefix: '(data before the archive)',
  suffix: '(data after the end of the archive)',
  between: '(data between members)',
} as const;

const NOTHING = Buffer.alloc(0);
const ENCRYPTED = 1;
const SIZES_FOLLOW = 8;
/** Times, owners, sizes, alignment: numbers only. */
const NUMERIC_EXTRAS: ReadonlySet<number> = new Set([0x0001, 0x000a, 0x5455, 0x5855, 0x7855, 0x7875]);

/** Never throws; `bytes` must stay as they are while members are read. */
export async function* readZip(bytes: Buffer, onProblem: OnProblem): AsyncGenerator<ZipMember, void> {
  const read = new ReadRanges();
  const end = findZipEnd(bytes);
  if (end) {
    yield* readDirectory(bytes, end, read, onProblem);
    read.add(end.endRecords, end.end);
    if (end.end > end.comment) yield strayMember(bytes, ZIP_STRAY_PATHS.comment, end.comment, end.end);
  } else {
    onProblem({ reason: 'truncated', detail: 'a zip archive without its directory: it is read by its local headers' });
  }
  for (const [from, to] of read.gaps(bytes.length)) yield* readGap(bytes, from, to, end, onProblem);
}

async function* readDirectory(
  bytes: Buffer,
  end: ZipEnd,
  read: ReadRanges,
  onProblem: OnProblem,
): AsyncGenerator<ZipMember, void> {
  let directoryRead = end.directory;
  try {
    const zip = await fromBufferPromise(bytes.subarray(end.start, end.end), {
      lazyEntries: true,
      decodeStrings: false,
      validateEntrySizes: false,
    });
    for await (const entry of zip.eachEntry()) {
      directoryRead += 46 + entry.fileNameRaw.length + entry.extraFieldRaw.length + entry.fileCommentRaw.length;
      yield directoryMember(bytes, end.start, entry, read, onProblem);
    }
  } catch {
    // yauzl's message may quote the archive. What it did not read lies in the gaps, which are read next.
    onProblem({ reason: 'corrupt', detail: `the directory of a zip archive, at byte ${directoryRead}` });
  }
  read.add(end.directory, directoryRead);
}

function contentOf(content: ZipContent, onProblem: OnProblem): Pick<ZipMember, 'open' | 'whole'> {
  return { open: () => openZipContent(content, onProblem), whole: () => wholeZipContent(content) };
}

function directoryMember(
  bytes: Buffer,
  start: number,
  entry: Entry,
  read: ReadRanges,
  onProblem: OnProblem,
): ZipMember {
  const at = start + entry.relativeOffsetOfLocalHeader;
  const local = readLocalHeader(bytes, at);
  const path = decodeText(entry.fileNameRaw, 0, entry.fileNameRaw.length);
  const metadata = [
    ...extraTexts(entry.extraFieldRaw),
    ...(entry.fileCommentRaw.length > 0
      ? [['comment', decodeText(entry.fileCommentRaw, 0, entry.fileCommentRaw.length)] as const]
      : []),
    ...(local ? extraTexts(local.extra).filter(([, text]) => !entry.extraFieldRaw.includes(text)) : []),
    ...(local && !local.name.equals(entry.fileNameRaw)
      ? [['local name', decodeText(local.name, 0, local.name.length)] as const]
      : []),
  ];
  const encrypted = (entry.generalPurposeBitFlag & ENCRYPTED) !== 0;
  const { compressionMethod: method, crc32, compressedSize, uncompressedSize: size } = entry;
  const member = { path, size, compressedSize, encrypted, metadata };
  if (!local) {
    const fault = { reason: 'corrupt', detail: `a zip member without a local header at byte ${at}` } as const;
    return { ...member, offset: at, ...contentOf({ ...plainContent(NOTHING), fault }, onProblem) };
  }
  const contentEnd = local.contentStart + compressedSize;
  const descriptor =
    (entry.generalPurposeBitFlag & SIZES_FOLLOW) !== 0 ? readDescriptor(bytes, contentEnd, compressedSize) : undefined;
  read.add(at, contentEnd + (descriptor?.bytes ?? 0));
  const stored = bytes.subarray(local.contentStart, contentEnd);
  const content: ZipContent = {
    stored,
    method,
    encrypted,
    size,
    crc32,
    fault: cutFault(compressedSize - stored.length),
  };
  return { ...member, offset: local.contentStart, ...contentOf(content, onProblem) };
}

/** Bytes that the directory does not name. */
function* readGap(
  bytes: Buffer,
  from: number,
  to: number,
  end: ZipEnd | undefined,
  onProblem: OnProblem,
): Generator<ZipMember, void> {
  let stray = from;
  let at = nextLocalHeader(bytes, from);
  while (at >= 0 && at < to) {
    const local = readLocalHeader(bytes, at);
    if (!local || local.contentStart > to) {
      at = nextLocalHeader(bytes, at + 4);
      continue;
    }
    yield* strayBytes(bytes, stray, at, end);
    const found = localMember(bytes, local, to, onProblem);
    yield found.member;
    stray = found.end;
    at = nextLocalHeader(bytes, stray);
  }
  yield* strayBytes(bytes, stray, to, end);
}

function localMember(
  bytes: Buffer,
  local: LocalHeader,
  to: number,
  onProblem: OnProblem,
): { readonly member: ZipMember; readonly end: number } {
  const { method, contentStart: offset } = local;
  const sizesFollow = (local.flags & SIZES_FOLLOW) !== 0 && local.compressedSize === 0;
  const found = sizesFollow ? findCompressedSize(bytes, offset, to) : local.compressedSize;
  const compressedSize = found ?? to - offset;
  const contentEnd = Math.min(offset + compressedSize, to);
  const descriptor: Descriptor | undefined =
    (local.flags & SIZES_FOLLOW) !== 0 ? readDescriptor(bytes, contentEnd, compressedSize) : undefined;
  const known = sizesFollow ? descriptor : local;
  const encrypted = (local.flags & ENCRYPTED) !== 0;
  const stored = bytes.subarray(offset, contentEnd);
  const content: ZipContent = {
    stored,
    method,
    encrypted,
    size: known?.size,
    crc32: known?.crc32,
    fault: cutFault(offset + compressedSize - contentEnd),
  };
  const member = {
    path: decodeText(local.name, 0, local.name.length),
    size: known?.size ?? NaN,
    compressedSize: stored.length,
    encrypted,
    offset,
    metadata: extraTexts(local.extra),
    ...contentOf(content, onProblem),
  };
  return { member, end: contentEnd + (descriptor?.bytes ?? 0) };
}

function* strayBytes(bytes: Buffer, from: number, to: number, end: ZipEnd | undefined): Generator<ZipMember, void> {
  if (isZeroRun(bytes.subarray(from, to))) return;
  const { prefix, suffix, between } = ZIP_STRAY_PATHS;
  yield strayMember(bytes, from === 0 ? prefix : end && from >= end.end ? suffix : between, from, to);
}

/** Zeros align members, and hold nothing. */
function isZeroRun(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes[0] === 0 && bytes.subarray(1).equals(bytes.subarray(0, -1)));
}

function strayMember(bytes: Buffer, path: string, from: number, to: number): ZipMember {
  const size = to - from;
  const stray = { path, size, compressedSize: size, encrypted: false, offset: from, metadata: [] };
  return { ...stray, ...contentOf(plainContent(bytes.subarray(from, to)), () => undefined) };
}

function extraTexts(extra: Buffer): (readonly [key: string, value: string])[] {
  return extraFields(extra)
    .filter(({ id, content }) => !NUMERIC_EXTRAS.has(id) && content.length > 0)
    .map(({ id, content }) => [
      id < 0 ? 'extra field' : `extra field 0x${id.toString(16).padStart(4, '0')}`,
      decodeText(content, 0, content.length),
    ]);
}
