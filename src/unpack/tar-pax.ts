import { decodeText } from './tar-header.ts';

type PaxRecords = (readonly [key: string, value: string])[];

/** What only times, owners and framing are made of; said again by the entry itself, or no text. */
const PLAIN_NUMBERS: ReadonlySet<string> = new Set(['size', 'mtime', 'atime', 'ctime', 'uid', 'gid']);

/** Records of a pax header, and what follows the last well-formed one. A record is `LENGTH KEY=VALUE\n` (POSIX pax). */
function parsePax(bytes: Buffer): { readonly records: PaxRecords; readonly rest: string } {
  const records: PaxRecords = [];
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const space = bytes.indexOf(0x20, at);
    // 8 digits are more than any record that is read.
    if (space <= at || space - at > 8) break;
    const digits = bytes.toString('latin1', at, space);
    const end = at + Number(digits);
    const equals = bytes.indexOf(0x3d, space);
    if (!/^\d+$/.test(digits) || end > bytes.length || equals < 0 || equals >= end || bytes[end - 1] !== 0x0a) break;
    records.push([decodeText(bytes, space + 1, equals), decodeText(bytes, equals + 1, end - 1)]);
    at = end;
  }
  return { records, rest: decodeText(bytes, at, bytes.length).replaceAll('\0', '') };
}

/** What extension headers (pax x and g, GNU L and K) say of the next entry. */
export class TarExtensions {
  readonly #global = new Map<string, string>();
  #local = new Map<string, string>();
  #sparse: PaxRecords = [];
  #longName: string | undefined;
  #longLink: string | undefined;
  #metadata: PaxRecords = [];
  #textLength = 0;

  /** True when no extension header waits for its entry, and no global one names anything. */
  get blank(): boolean {
    return this.#textLength === 0 && this.#global.size === 0;
  }

  /** True when extension headers wait for their entry. */
  get pending(): boolean {
    return this.#textLength > 0;
  }

  /** Characters that wait to be handed out: the caller bounds them. */
  get textLength(): number {
    return this.#textLength;
  }

  /** pax keeps its names apart from GNU's: where both are there, the pax one counts, as in GNU tar and Go. */
  get path(): string | undefined {
    return this.#named('GNU.sparse.name') ?? this.#named('path') ?? this.#longName;
  }

  get linkPath(): string | undefined {
    return this.#named('linkpath') ?? this.#longLink;
  }

  get size(): number | undefined {
    return numberOf(this.#named('size'));
  }

  /** True when a g header sets the size: POSIX and GNU tar obey it, Go and libarchive do not. */
  get sizeIsGlobal(): boolean {
    return this.#named('size') !== undefined && !this.#local.has('size');
  }

  /** GNU.sparse.* records in their order; format 0.0 repeats two of them. */
  get sparse(): PaxRecords {
    return this.#sparse;
  }

  /** Returns false when part of the header is malformed; its text is kept all the same. */
  addPax(bytes: Buffer, global: boolean): boolean {
    const { records, rest } = parsePax(bytes);
    for (const [key, value] of records) {
      this.#textLength += key.length + value.length + 1;
      if (PLAIN_NUMBERS.has(key) && /^-?[\d.]*$/.test(value)) this.#set(key, value, global);
      else if (key === 'path' || key === 'linkpath') this.#setName(key, value, global);
      else if (key.startsWith('GNU.sparse.') && !global) this.#addSparse(key, value);
      else this.#metadata.push([key, xattrText(key, value)]);
    }
    if (rest === '') return true;
    this.#metadata.push(['(malformed pax header)', rest]);
    this.#textLength += rest.length + 1;
    return false;
  }

  addLongName(bytes: Buffer): void {
    const [name, rest] = splitAtNul(bytes);
    if (this.#longName !== undefined) this.#metadata.push(['GNU.longname', this.#longName]);
    this.#longName = name;
    this.#addRest('GNU.longname', rest, bytes.length);
  }

  addLongLink(bytes: Buffer): void {
    const [name, rest] = splitAtNul(bytes);
    if (this.#longLink !== undefined) this.#metadata.push(['GNU.longlink', this.#longLink]);
    this.#longLink = name;
    this.#addRest('GNU.longlink', rest, bytes.length);
  }

  /** Names that a later one has replaced are text of the archive too. */
  keepReplaced(key: string, value: string): void {
    this.#metadata.push([key, value]);
  }

  /**
   * Ends the headers' reach and hands out their text, each record once: global ones with the entry that follows them.
   * `named`: an entry takes the names, so they are left out.
   */
  take(named: boolean): PaxRecords {
    const metadata = this.#metadata;
    const path = this.#local.get('path');
    const linkPath = this.#local.get('linkpath');
    const sparseName = this.#local.get('GNU.sparse.name');
    if (path !== undefined && (!named || sparseName !== undefined)) metadata.push(['path', path]);
    if (!named && sparseName !== undefined) metadata.push(['GNU.sparse.name', sparseName]);
    if (!named && linkPath !== undefined) metadata.push(['linkpath', linkPath]);
    if (this.#longName !== undefined && (!named || path !== undefined || sparseName !== undefined))
      metadata.push(['GNU.longname', this.#longName]);
    if (this.#longLink !== undefined && (!named || linkPath !== undefined))
      metadata.push(['GNU.longlink', this.#longLink]);
    this.#local = new Map();
    this.#sparse = [];
    this.#longName = this.#longLink = undefined;
    this.#metadata = [];
    this.#textLength = 0;
    return metadata;
  }

  /** An empty value in an x header takes a g header's back. */
  #named(key: string): string | undefined {
    const value = this.#local.get(key) ?? this.#global.get(key);
    return value === '' ? undefined : value;
  }

  #set(key: string, value: string, global: boolean): void {
    (global ? this.#global : this.#local).set(key, value);
  }

  #setName(key: string, value: string, global: boolean): void {
    const nul = value.indexOf('\0');
    const earlier = this.#local.get(key);
    // Readers stop at the NUL, so what follows it would be seen by nobody.
    if (nul >= 0) this.#metadata.push([key, value]);
    if (global) this.#metadata.push([key, value]);
    else if (earlier !== undefined) this.#metadata.push([key, earlier]);
    this.#set(key, nul < 0 ? value : value.slice(0, nul), global);
  }

  #addSparse(key: string, value: string): void {
    if (key === 'GNU.sparse.name') this.#setName(key, value, false);
    else if (/^[\d,]*$/.test(value)) this.#sparse.push([key, value]);
    else this.#metadata.push([key, value]);
  }

  #addRest(key: string, rest: string, length: number): void {
    this.#textLength += length + 1;
    if (rest !== '') this.#metadata.push([key, rest]);
  }
}

/** libarchive writes extended attributes in base64, with their names percent-encoded. */
function xattrText(key: string, value: string): string {
  if (!key.startsWith('LIBARCHIVE.xattr.')) return value;
  const bytes = Buffer.from(value, 'base64');
  const same = bytes.toString('base64').replaceAll('=', '') === value.replaceAll('=', '');
  return same ? decodeText(bytes, 0, bytes.length) : value;
}

function splitAtNul(bytes: Buffer): readonly [name: string, rest: string] {
  const nul = bytes.indexOf(0);
  if (nul < 0) return [decodeText(bytes, 0, bytes.length), ''];
  return [decodeText(bytes, 0, nul), decodeText(bytes, nul, bytes.length).replaceAll('\0', '')];
}

/** A decimal number of bytes; undefined where it is none. */
export function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}
