import { limits } from '../../limits.ts';
import type { OnOwned } from '../package-database.ts';

/** Tags of a header and types of their values (rpm, "RPM V4 package format", section Header; rpmtag.h). */
const DIRINDEXES = 1116;
const BASENAMES = 1117;
const DIRNAMES = 1118;
const FILEDIGESTS = 1035;
const INT32 = 4;
const STRING_ARRAY = 8;

/** Two numbers stand before the index: how many entries it has, and how many bytes the values behind it. */
const PREAMBLE = 8;
const INDEX_ENTRY = 16;

/** MD5, SHA-1, SHA-256 and SHA-512. The length tells which; RPMTAG_FILEDIGESTALGO says the same for the whole package. */
const DIGEST = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/i;

/** Where the values of a tag are. */
interface TagValues {
  readonly type: number;
  /** Of the header. */
  readonly start: number;
  readonly count: number;
}

/**
 * The files of the package with this header, as its database stores it: without magic, in big endian. Folders and links
 * have no digest. Where the header is broken or cut off, those before.
 */
export function readRpmHeader(header: Buffer, onOwned: OnOwned): void {
  const tags = tagsOf(header);
  const digests = strings(header, tags.get(FILEDIGESTS));
  const names = strings(header, tags.get(BASENAMES));
  const folders = [...strings(header, tags.get(DIRNAMES))];
  const folderOf = tags.get(DIRINDEXES);
  if (folderOf?.type !== INT32) return;
  for (let file = 0; file < folderOf.count; file++) {
    const at = folderOf.start + 4 * file;
    const digest = digests.next();
    const name = names.next();
    if (digest.done === true || name.done === true || at + 4 > header.length) return;
    const folder = folders[header.readUInt32BE(at)];
    if (folder === undefined || folder.length + name.value.length > limits.pathCharacters) continue;
    if (DIGEST.test(digest.value)) onOwned(folder + name.value, digest.value.toLowerCase());
  }
}

function tagsOf(header: Buffer): ReadonlyMap<number, TagValues> {
  const tags = new Map<number, TagValues>();
  if (header.length < PREAMBLE) return tags;
  const valuesStart = PREAMBLE + INDEX_ENTRY * header.readUInt32BE(0);
  if (valuesStart > header.length) return tags;
  for (let at = PREAMBLE; at < valuesStart; at += INDEX_ENTRY) {
    const tag = header.readUInt32BE(at);
    if (tag !== DIRINDEXES && tag !== BASENAMES && tag !== DIRNAMES && tag !== FILEDIGESTS) continue;
    const start = valuesStart + header.readUInt32BE(at + 8);
    // A tag comes once; one that comes again would make a header cost more than its length.
    if (!tags.has(tag))
      tags.set(tag, { type: header.readUInt32BE(at + 4), start, count: header.readUInt32BE(at + 12) });
  }
  return tags;
}

/** The strings of a tag, each with a NUL behind it. */
function* strings(header: Buffer, values: TagValues | undefined): Generator<string, undefined> {
  if (values?.type !== STRING_ARRAY) return;
  let at = values.start;
  for (let left = values.count; left > 0; left--) {
    const end = header.indexOf(0, at);
    if (at >= header.length || end < 0) return;
    yield header.toString('utf8', at, end);
    at = end + 1;
  }
}
