export type TarEntryType =
  'file' | 'directory' | 'symlink' | 'hardlink' | 'character-device' | 'block-device' | 'fifo' | 'other';

export type TarMetadata = readonly (readonly [key: string, value: string])[];

export interface TarEntry {
  /** As stored, after pax and GNU names and the ustar prefix; UTF-8, else latin1. A label, never a place to write to. */
  readonly path: string;
  readonly type: TarEntryType;
  /** Of the content, holes included; Infinity for stray bytes, whose end only reading them shows. */
  readonly size: number;
  /** Of the body in the archive. */
  readonly storedSize: number;
  /** Of the body, from the start of the tar stream. */
  readonly offset: number;
  /** Whatever the header holds, for every type; empty when nothing. */
  readonly linkTarget: string;
  /**
   * Text that stands in the headers: uname, gname, pax records but names and numbers, extended attributes, replaced
   * names. Global pax records come once, with the entry that follows them. The same array as that of the entry before
   * when nothing differs.
   */
  readonly metadata: TarMetadata;
}

/** Names of entries that no archiver wrote. */
export const STRAY_PATHS = {
  afterEnd: '(data after the end of the archive)',
  noHeader: '(bytes without a tar header)',
  padding: '(padding after an entry)',
  oversized: '(oversized extension header)',
  orphaned: '(extension headers without an entry)',
} as const;

/** Of the type flags; all others are `other`, with a body as long as the header says. */
export const TAR_ENTRY_TYPES: ReadonlyMap<string, TarEntryType> = new Map([
  ['0', 'file'],
  ['\0', 'file'],
  ['7', 'file'],
  ['S', 'file'],
  // The rest of a file whose beginning is on another volume.
  ['M', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['3', 'character-device'],
  ['4', 'block-device'],
  ['5', 'directory'],
  ['6', 'fifo'],
  // GNU incremental: the body names the directory's files.
  ['D', 'directory'],
]);
