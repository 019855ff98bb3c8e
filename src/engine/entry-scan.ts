import type { EntryFinding } from '../finding.ts';
import { limits } from '../limits.ts';
import { documentKind, type DocumentKind } from '../read/document-kind.ts';
import type { EntryHead, OnUnread, Reader, Reading } from '../read/reader.ts';
import type { HintSearch, HintSpan } from '../detect/hint-search.ts';
import { FieldScan } from '../detect/field-scan.ts';
import { withEmbedded } from './embedded.ts';
import { HintedText, type Rest, type Succeed } from './hinted-text.ts';
import type { Judge } from '../detect/judge.ts';
import { isJsonObject } from './json-object.ts';
import type { Labels } from '../detect/labels.ts';
import { LineMarks } from '../detect/line-marks.ts';
import { countNewlines } from './newlines.ts';
import { ResumedReading } from './resumed-reading.ts';
import { Utf16Text, utf16Of } from './utf16.ts';

/** The parts of the engine that every entry uses. */
export interface EngineParts {
  readonly automaton: HintSearch;
  readonly labels: Labels;
  readonly judge: Judge;
  readonly readers: readonly Reader[];
  readonly maskText: (text: string) => string;
  readonly onUnread: OnUnread;
}

/** The scan of one entry. */
export interface EntryScan {
  /** The next bytes, in order; they are valid during the call only. */
  write(bytes: Buffer): void;
  /** No more bytes. */
  end(): readonly EntryFinding[];
}

const nothingToRead: Rest = {
  write: () => undefined,
  end: () => undefined,
};

/** Bytes in which a NUL shows a binary file, of which line numbers mean nothing. */
const BINARY_SAMPLE = 4096;
const NUL = 0;
/** Behind a hint, of a character that its last boundary looks at. */
const BOUNDARY_BYTES = 4;

interface EntryOptions {
  /** Of a text inside a document. */
  readonly pointer?: string;
  readonly document?: DocumentKind | undefined;
  /** No file of its own: its lines have no marks. */
  readonly isPart?: boolean;
}

/** Holds the head until it is complete, and then chooses a reader for the entry, or text around hints. */
export class HeadedScan implements EntryScan {
  readonly #parts: EngineParts;
  readonly #path: string;
  readonly #pointer: string | undefined;
  readonly #document: DocumentKind | undefined;
  readonly #isPart: boolean;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #fields: FieldScan | undefined;
  #rest: Rest | undefined;
  /** Of the entry's bytes as they are. */
  #first: HintSpan | undefined;

  /** `document`: what the entry is, where its maker is known. */
  constructor(parts: EngineParts, path: string, { pointer, document, isPart = false }: EntryOptions = {}) {
    this.#parts = parts;
    this.#path = path;
    this.#pointer = pointer;
    this.#document = document;
    this.#isPart = isPart || pointer !== undefined || document !== undefined;
  }

  write(bytes: Buffer): void {
    if (this.#rest !== undefined) {
      this.#rest.write(bytes);
      return;
    }
    const missing = limits.headBytes - this.#headBytes;
    const taken = Buffer.from(bytes.subarray(0, missing));
    this.#head.push(taken);
    this.#headBytes += taken.length;
    if (bytes.length <= missing) return;
    const head = Buffer.concat(this.#head.splice(0));
    this.#rest = this.#choose(head, false);
    this.#rest.write(head);
    this.#rest.write(bytes.subarray(missing));
  }

  end(): readonly EntryFinding[] {
    if (this.#rest === undefined) return this.scan(Buffer.concat(this.#head.splice(0)));
    this.#rest.end();
    return this.#fields?.finish() ?? [];
  }

  /** The whole entry at once, instead of `write` and `end`; nothing is copied. `first`: its first hint, where that is known. */
  scan(bytes: Buffer, first?: HintSpan): readonly EntryFinding[] {
    const head = bytes.subarray(0, limits.headBytes);
    this.#first = first;
    const rest = this.#choose(head, head.length === bytes.length, bytes);
    rest.end();
    return this.#fields?.finish() ?? [];
  }

  /** With `whole`, the entry's bytes are taken from there and not written. */
  #choose(head: Buffer, isWhole: boolean, whole?: Buffer): Rest {
    const encoding = utf16Of(head);
    if (encoding === undefined) return this.#open(head, isWhole, (offset) => offset, whole);
    // It is decoded: no offset of its bytes means anything.
    this.#first = undefined;
    const text = new Utf16Text(encoding);
    const rest = new DecodedRest(text, (bytes, isAll) =>
      this.#open(bytes, isAll, (offset) => text.storedOffset(offset)),
    );
    if (whole !== undefined) rest.write(whole);
    return rest;
  }

  #open(head: Buffer, isWhole: boolean, storedOffset: (offset: number) => number, whole?: Buffer): Rest {
    const { automaton, labels, judge, readers, maskText, onUnread } = this.#parts;
    const lines = head.subarray(0, BINARY_SAMPLE).indexOf(NUL) < 0;
    const first = this.#first;
    const hinted =
      (first !== undefined && (isWhole || first.end + BOUNDARY_BYTES < head.length)) || automaton.test(head);
    const document = this.#document ?? (hinted ? documentKind(head) : undefined);
    const entryHead: EntryHead = {
      path: this.#pointer === undefined ? this.#path : '',
      bytes: head,
      whole: isWhole,
      ...(document === undefined ? {} : { document }),
    };
    const reader = hinted ? readers.find((reader) => reader.recognizes(entryHead)) : undefined;
    const name = {
      path: this.#path,
      lines,
      ...(this.#pointer === undefined ? {} : { pointer: this.#pointer }),
      ...(document === undefined || reader?.isNoDocument === true ? {} : { document }),
    };
    const isRead = hinted || !isWhole;
    const marks = isRead && lines && !this.#isPart && !isJsonObject(head) ? new LineMarks() : undefined;
    this.#fields = new FieldScan(judge, name, maskText, storedOffset, marks);
    if (!isRead) return nothingToRead;
    if (reader === undefined) {
      const searched = first?.start ?? (hinted ? 0 : Math.max(0, head.length - limits.hintBytes));
      const fields = this.#fields;
      const succeed = hinted || !lines ? {} : { succeed: this.#lateReader(entryHead, fields, marks) };
      const parts = { automaton, labels, readers, fields, marks, countsLines: lines, searched, ...succeed };
      return new HintedText(parts, whole);
    }
    const rest = new ReaderRest(reader.open(entryHead, labels, onUnread), this.#fields, this.#parts, marks);
    if (whole !== undefined) rest.write(whole);
    return rest;
  }

  /** What reads an entry whose head shows its format but no hint, from the first hint on. Until then it costs nothing. */
  #lateReader(head: EntryHead, fields: FieldScan, marks: LineMarks | undefined): Succeed {
    const { labels, readers, onUnread } = this.#parts;
    return (before, offset, lineAt) => {
      const reader = readers.find((reader) => reader.recognizes(head));
      const resumption = reader?.resume?.(head.bytes, before);
      if (reader === undefined || resumption === undefined) return undefined;
      const { cut } = resumption;
      // What the head and the bytes before the hint have in common is read once.
      const at = Math.max(resumption.at, cut - offset);
      const read = head.bytes.subarray(0, cut);
      const skipped = { from: cut, bytes: offset + at - cut, lines: lineAt(at) - 1 - countNewlines(read, 0, cut) };
      const reading = new ResumedReading(reader.open(head, labels, onUnread), skipped);
      const rest = new ReaderRest(reading, fields, this.#parts, marks);
      rest.write(read);
      marks?.skipTo(offset + at);
      return { rest, at };
    };
  }
}

class ReaderRest implements Rest {
  readonly #reading: Reading;
  readonly #fields: FieldScan;
  readonly #parts: EngineParts;
  readonly #marks: LineMarks | undefined;

  constructor(reading: Reading, fields: FieldScan, parts: EngineParts, marks: LineMarks | undefined) {
    this.#marks = marks;
    this.#reading = reading;
    this.#fields = fields;
    this.#parts = parts;
  }

  write(bytes: Buffer): void {
    this.#marks?.write(bytes);
    this.#fields.read(withEmbedded(this.#reading.write(bytes), this.#parts));
  }

  end(): void {
    this.#fields.read(withEmbedded(this.#reading.end(), this.#parts));
  }
}

/** UTF-16 is decoded first, and then has a head of its own. */
class DecodedRest implements Rest {
  readonly #text: Utf16Text;
  readonly #open: (head: Buffer, isWhole: boolean) => Rest;
  #head: Buffer = Buffer.alloc(0);
  #rest: Rest | undefined;

  constructor(text: Utf16Text, open: (head: Buffer, isWhole: boolean) => Rest) {
    this.#text = text;
    this.#open = open;
  }

  write(bytes: Buffer): void {
    for (let start = 0; start < bytes.length; start += limits.chunkBytes) {
      this.#take(this.#text.decode(bytes.subarray(start, start + limits.chunkBytes)));
    }
  }

  #take(decoded: Buffer): void {
    if (this.#rest !== undefined) {
      this.#rest.write(decoded);
      return;
    }
    this.#head = Buffer.concat([this.#head, decoded]);
    if (this.#head.length <= limits.headBytes) return;
    this.#start(this.#head.subarray(0, limits.headBytes), false).write(this.#head);
    this.#head = Buffer.alloc(0);
  }

  #start(head: Buffer, isWhole: boolean): Rest {
    return (this.#rest = this.#open(head, isWhole));
  }

  end(): void {
    this.#take(this.#text.decode(undefined));
    if (this.#rest === undefined) this.#start(this.#head, true).write(this.#head);
    this.#rest?.end();
  }
}
