import type { Chunks, OnProblem } from '../unpack/chunks.ts';
import type { TarMetadata } from '../unpack/tar-entry.ts';

/** Bytes of a local file. Plain data: a worker that gets it opens the file itself (source/range.ts). */
export interface FileRange {
  readonly kind: 'range';
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  /** The range was the whole file when it was listed: bytes that were added since are a problem, not silence. */
  readonly wholeFile?: true;
}

/** Bytes that are asked for when a thread is free for them: when the source has ended, and several at once. `open` is called
 * at most once; what it gives may throw ScanError before its first byte, and afterwards tells its problems. */
export interface ObjectRequest {
  readonly kind: 'request';
  readonly open: (onProblem: OnProblem) => Chunks;
}

/** Bytes of one stored object. A stream comes once, and is drained or left before the next object is asked for. */
export type ObjectBytes = FileRange | { readonly kind: 'stream'; readonly chunks: Chunks };

/** One named run of stored bytes: a member of an archive, a file of a layout. */
export interface SourceObject {
  /** Separated by `/`, without `./`, `..` or a leading `/`: `blobs/sha256/<hex>`, `<id>/layer.tar`. A label, never a path to write. */
  readonly name: string;
  /** Stored bytes; 0 for an alias. Infinity for stray bytes in an archive, whose end only reading them shows. */
  readonly size: number;
  /** What it is asked for by, where its medium names it so: `sha256:<hex>` of its bytes. Nobody has verified it yet. */
  readonly digest?: string;
  /** Where its medium names it otherwise, and yet says which layers it has: digests of their plain tars. Nobody has verified them. */
  readonly oneOf?: readonly string[];
  /** The `name` of another object that this one is a symbolic or hard link to, earlier or later in the source. Never
   * outside of it: such a link has no alias and no bytes. The bytes of an object with an alias are empty. */
  readonly alias?: string;
  readonly bytes: ObjectBytes | ObjectRequest;
  /** As stored, of every link; empty when there is none. */
  readonly linkTarget: string;
  /** Text in the header of the archive member (owners, pax records, extended attributes): scanned like any other. */
  readonly metadata: TarMetadata;
}

/** A medium that images come from, opened. */
export interface Source {
  /** As given. */
  readonly reference: string;
  /** One clause for the report, what was chosen and why: `docker-archive: it holds manifest.json`. */
  readonly chosen: string;
  /** Only the entries of index.json with this tag are meant (`oci:DIR:TAG`). */
  readonly tag?: string;
  /** Stored bytes of all objects; the Docker engine's is an estimate. */
  readonly totalBytes: number | undefined;
  /** Once, in the order of the medium: the manifest may come after what it names. Problems are those of the medium
   * itself (the outer compression, the outer archive); those of a range are found by whoever reads it. */
  readonly objects: (onProblem: OnProblem) => AsyncIterable<SourceObject>;
  /** Ends the connection or file; may be called at any time, and twice. */
  readonly close: () => Promise<void>;
}

/** An object without bytes: a link, a directory, an empty member. */
export const noBytes: ObjectBytes = { kind: 'stream', chunks: { [Symbol.asyncIterator]: () => emptyIterator() } };

async function* emptyIterator(): AsyncGenerator<Buffer, void, undefined> {}
