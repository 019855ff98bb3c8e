import type { GapReason } from '../finding.ts';
import type { Field } from '../detect/field.ts';
import type { DocumentKind } from './document-kind.ts';
import type { Vocabulary } from '../detect/vocabulary.ts';
import type { Resume } from './resume.ts';

/** What is known of an entry before its format is. */
export interface EntryHead {
  /** The entry's path, for its extension only. */
  readonly path: string;
  /** The first bytes, up to `limits.headBytes`; the whole entry when it is shorter. */
  readonly bytes: Buffer;
  /** True when `bytes` is the whole entry. */
  readonly whole: boolean;
  /** Of an entry that says how something is to run. */
  readonly document?: DocumentKind;
}

/** Told of bytes that a reader passes over: there is a gap for them. The detail holds no content. */
export type OnUnread = (reason: GapReason, detail: string) => void;

/** Where a run of bytes begins in its entry. */
export interface Position {
  /** Bytes, from 0. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** From 1; absent where a line begins, or where it is not known. */
  readonly column?: number;
}

/**
 * Turns one format into fields. Readers stream: memory is bounded by one row, line or token (`limits.lineBytes`), and
 * the fields do not depend on how the bytes are split. Malformed input is read as far as it goes, and the rest as text.
 */
export interface Reader {
  /** `csv`, `json`, `text`. */
  readonly id: string;
  /** Byte strings (RE2 source, without capturing groups) that only this format has where a person has a fixed place; each is
   * a hint. None of them turns up in ordinary software. */
  readonly markers?: readonly string[];
  /** True where an entry of this format is no document, whatever its text says of one: `.env` holds ARNs of ECS. */
  readonly isNoDocument?: boolean;
  /** True when the head shows this format. Readers are asked in the order of read/readers.ts; text takes the rest. */
  readonly recognizes: (head: EntryHead) => boolean;
  /** Where a reading of the head goes on when the first hint stands far behind it; without it such an entry is text. */
  readonly resume?: Resume;
  /** One reading of one entry. */
  readonly open: (head: EntryHead, vocabulary: Vocabulary, onUnread?: OnUnread) => Reading;
}

/** A buffer given to `write` is valid during the call only; fields are pulled before the next call. */
export interface Reading {
  /** The next bytes of the entry, in order, from its first (the head's bytes are written again). */
  readonly write: (bytes: Buffer) => Iterable<Field>;
  /** No more bytes. */
  readonly end: () => Iterable<Field>;
}
