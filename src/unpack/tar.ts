/**
 * Reads tar streams of every dialect, in one pass and constant memory, and without losing a byte: what is not an entry
 * (padding that is not zero, bytes where a header should be, bytes after the end) is handed out as an entry of the type
 * `other` with a name in parentheses. tar-stream's extract waits for entries that nobody drains, holds extension headers
 * of any length, and knows no sparse files.
 */
import { limits } from '../limits.ts';
import type { GapReason } from '../finding.ts';
import type { Chunks, OnProblem } from './chunks.ts';
import { HeldBody, StoredBody, StrayBody, type TarBody } from './tar-body.ts';
import { STRAY_PATHS, TAR_ENTRY_TYPES, type TarEntry, type TarMetadata } from './tar-entry.ts';
import { isTarHeader, isZero, parseTarHeader, type TarHeader, TarOwner } from './tar-header.ts';
import { BLOCK_BYTES, type SkippableChunks, TarInput } from './tar-input.ts';
import { TarExtensions } from './tar-pax.ts';
import { RECORD_FLAGS, TarRecord } from './tar-record.ts';
import { GnuSparseMap, paxSparseFile } from './tar-sparse.ts';
import { SparseBody } from './tar-sparse-body.ts';

type Phase = 'header' | 'record' | 'sparse-map' | 'bodiless' | 'open' | 'body' | 'padding' | 'end';
type Step = TarEntry | null | undefined | 'again';

const BODILESS_FLAGS: ReadonlySet<string> = new Set(['1', '2', '3', '4', '5', '6']);
const EMPTY = Buffer.alloc(0);
const NO_METADATA: TarMetadata = [];
const NO_HEADER: TarHeader = { flag: '0', name: '', linkName: '', size: 0, dialect: 'v7' };

/**
 * Pull with header() and body(); each answers `undefined` when it needs more bytes: await fill() and ask again. Buffers
 * are valid until the next call.
 */
export class TarReader {
  readonly #input: TarInput;
  readonly #onProblem: OnProblem;
  readonly #extensions = new TarExtensions();
  readonly #owner = new TarOwner();
  #phase: Phase = 'header';
  #header: TarHeader = NO_HEADER;
  #storedSize = 0;
  #owners: TarMetadata = NO_METADATA;
  #body: TarBody = new HeldBody(Buffer.alloc(0));
  /** Bytes from the body's end to the next header. */
  #padding = 0;
  #record: TarRecord | undefined;
  #gnuMap: GnuSparseMap | undefined;
  #zeroBlocks = 0;
  #globalSizeReported = false;

  constructor(chunks: SkippableChunks, onProblem: OnProblem) {
    this.#input = new TarInput(chunks, onProblem);
    this.#onProblem = onProblem;
  }

  /** The next entry, after what is left of the body before it; null: the end of the stream. */
  header(): TarEntry | null | undefined {
    for (;;) {
      const step = this.#step();
      if (step !== 'again') return step;
    }
  }

  /** The next run of the entry's body, as long as is here; null: its end. */
  body(): Buffer | null | undefined {
    return this.#phase === 'body' ? this.#body.run(false) : null;
  }

  /** Where the run that body() returned last begins in the entry. Holes after their first 4 KiB are jumped over. */
  get bodyOffset(): number {
    return this.#body.offset;
  }

  fill(): Promise<void> {
    return this.#input.fill();
  }

  /** The rest of the body, holes written out in full, since formats inside count offsets. */
  async *bodyChunks(): Chunks {
    while (this.#phase === 'body') {
      const run = this.#body.run(true);
      if (run === null) return;
      if (run) yield run;
      else await this.fill();
    }
  }

  close(): Promise<void> {
    this.#phase = 'end';
    return this.#input.close();
  }

  #step(): Step {
    switch (this.#phase) {
      case 'header':
        return this.#readHeader();
      case 'record':
        return this.#readRecord();
      case 'sparse-map':
        return this.#readSparseMap();
      case 'bodiless':
        return this.#readBodiless();
      case 'open':
        return this.#open();
      case 'body':
        if (!this.#body.skip()) return undefined;
        if (this.#body instanceof StrayBody && this.#body.endedByZeros) this.#zeroBlocks = 2;
        this.#phase = 'padding';
        return 'again';
      case 'padding':
        return this.#readPadding();
      case 'end':
        return null;
    }
  }

  #readHeader(): Step {
    const block = this.#input.peek(BLOCK_BYTES);
    if (block === undefined) return undefined;
    if (block === null) return this.#readEnd();
    const zero = isZero(block);
    const valid = !zero && isTarHeader(block);
    if (!valid && this.#extensions.pending) return this.#openOrphaned();
    if (!valid && !zero) return this.#openStray();
    this.#zeroBlocks = zero ? this.#zeroBlocks + 1 : 0;
    if (!zero) this.#parse(block);
    this.#input.skip(BLOCK_BYTES);
    return 'again';
  }

  /** Leaves in #phase what follows the header. */
  #parse(block: Buffer): void {
    const header = parseTarHeader(block);
    this.#header = header;
    this.#owners = header.dialect === 'v7' ? NO_METADATA : this.#owner.read(block);
    this.#gnuMap = undefined;
    if (RECORD_FLAGS.has(header.flag)) {
      this.#setSize(header.size);
      this.#phase = 'record';
      return;
    }
    const { size = header.size, sizeIsGlobal } = this.#extensions;
    if (sizeIsGlobal && size !== header.size && !this.#globalSizeReported) {
      this.#globalSizeReported = true;
      this.#report('ambiguous', 'a global pax header sets the size of entries, which some readers ignore');
    }
    this.#setSize(size);
    if (header.flag === 'S' && header.dialect === 'gnu') {
      this.#gnuMap = new GnuSparseMap(block);
      this.#phase = 'sparse-map';
    } else {
      this.#phase = BODILESS_FLAGS.has(header.flag) && this.#storedSize > 0 ? 'bodiless' : 'open';
    }
  }

  #setSize(size: number): void {
    const valid = size >= 0;
    if (!valid)
      this.#report('corrupt', `the size in the tar header at byte ${this.#input.position} is no number of bytes`);
    this.#storedSize = valid ? size : 0;
  }

  #readRecord(): Step {
    const size = this.#storedSize;
    if (size > limits.tarRecordBytes) {
      this.#onProblem({
        reason: 'record-limit',
        detail: `an extension header of ${size} bytes at byte ${this.#input.position}: its text is read, its meaning is not`,
      });
      return this.#openPseudo(STRAY_PATHS.oversized, size, new StoredBody(this.#input, size));
    }
    this.#record ??= new TarRecord(this.#header.flag, size);
    if (!this.#record.read(this.#input)) return undefined;
    if (!this.#record.addTo(this.#extensions)) {
      this.#report('corrupt', `a malformed pax header before byte ${this.#input.position}: its text is read`);
    }
    this.#record = undefined;
    this.#padding = paddingOf(size);
    this.#phase = 'padding';
    if (this.#extensions.textLength <= 2 * limits.tarRecordBytes) return 'again';
    this.#report('record-limit', 'too many extension headers for one entry: their text is read, their meaning is not');
    return this.#openOrphaned();
  }

  #readSparseMap(): Step {
    if (this.#gnuMap && !this.#gnuMap.readBlocks(this.#input)) return undefined;
    if (this.#gnuMap?.valid === false) {
      this.#gnuMap = undefined;
      this.#report('corrupt', 'the map of a sparse file is wrong: its stored bytes are read as they are');
    }
    this.#phase = 'open';
    return 'again';
  }

  /**
   * A link, device or directory whose header has a size. Most readers take no body (Go never does; GNU tar takes one of
   * devices when it lists; libarchive obeys the size of hard links in pax archives), and POSIX lets pax hard links have
   * one. Where a header or the end follows, there is none; otherwise these bytes can only be a body.
   */
  #readBodiless(): Step {
    const next = this.#input.peek(BLOCK_BYTES);
    if (next === undefined) return undefined;
    if (next === null || isZero(next) || isTarHeader(next)) this.#storedSize = 0;
    this.#phase = 'open';
    return 'again';
  }

  #open(): TarEntry {
    const header = this.#header;
    const extensions = this.#extensions;
    const storedSize = this.#storedSize;
    const file = this.#gnuMap ?? (extensions.pending ? paxSparseFile(extensions.sparse) : undefined);
    this.#body = file
      ? new SparseBody(this.#input, storedSize, file, this.#onProblem)
      : new StoredBody(this.#input, storedSize);
    this.#padding = paddingOf(storedSize);
    this.#phase = 'body';
    let path = header.name;
    let linkTarget = header.linkName;
    let metadata = this.#owners;
    if (!extensions.blank) {
      path = extensions.path ?? path;
      linkTarget = extensions.linkPath ?? linkTarget;
      // Cut-off names of the header need not be kept, others are text that no reader shows.
      if (!path.startsWith(header.name)) extensions.keepReplaced('name', header.name);
      if (!linkTarget.startsWith(header.linkName)) extensions.keepReplaced('linkname', header.linkName);
      const texts = extensions.take(true);
      if (texts.length > 0) metadata = [...metadata, ...texts];
    }
    const type = TAR_ENTRY_TYPES.get(header.flag) ?? 'other';
    return {
      path,
      // v7 has no directories: a slash at the end tells them.
      type: type === 'file' && path.endsWith('/') ? 'directory' : type,
      size: file?.size ?? storedSize,
      storedSize,
      offset: this.#input.position,
      linkTarget,
      metadata,
    };
  }

  /** A tar stream may end without end blocks, as for GNU tar; a block that is cut off is a problem. */
  #readEnd(): Step {
    if (this.#extensions.pending) return this.#openOrphaned();
    if (!isZero(this.#input.view())) return this.#openStray();
    this.#phase = 'end';
    return null;
  }

  #readPadding(): Step {
    const padding = this.#padding > 0 ? this.#input.take(this.#padding) : EMPTY;
    if (padding === undefined) return undefined;
    this.#padding = 0;
    this.#phase = 'header';
    if (padding === null) this.#input.reportCut(undefined);
    if (padding === null || isZero(padding)) return 'again';
    const entry = this.#openPseudo(STRAY_PATHS.padding, padding.length, new HeldBody(Buffer.from(padding)));
    this.#padding = 0;
    return { ...entry, offset: entry.offset - padding.length };
  }

  /** Two blocks of zeros end an archive: what follows them may be another one, or bytes that only we read. */
  #openStray(): TarEntry {
    const afterEnd = this.#zeroBlocks >= 2;
    const body = new StrayBody(this.#input, afterEnd ? undefined : this.#onProblem);
    const entry = this.#openPseudo(afterEnd ? STRAY_PATHS.afterEnd : STRAY_PATHS.noHeader, Infinity, body);
    this.#padding = 0;
    return entry;
  }

  #openOrphaned(): TarEntry {
    const padding = this.#padding;
    const entry = this.#openPseudo(STRAY_PATHS.orphaned, 0, new HeldBody(EMPTY), this.#extensions.take(false));
    this.#padding = padding;
    return entry;
  }

  #openPseudo(path: string, size: number, body: TarBody, metadata: TarMetadata = NO_METADATA): TarEntry {
    this.#body = body;
    this.#padding = paddingOf(size);
    this.#phase = 'body';
    return { path, type: 'other', size, storedSize: size, offset: this.#input.position, linkTarget: '', metadata };
  }

  #report(reason: GapReason, detail: string): void {
    this.#onProblem({ reason, detail });
  }
}

function paddingOf(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}
