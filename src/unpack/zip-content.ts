import { crc32 } from 'node:zlib';
import { limits } from '../limits.ts';
import type { Chunks, OnProblem, Problem } from './chunks.ts';
import { decompress } from './decompress.ts';
import { inflate, inflateWhole } from './inflate.ts';
import type { Compression } from './magic.ts';
import { StoredBytes } from './stored-bytes.ts';

/** What the headers promise of a member's content. */
export interface ZipContent {
  readonly stored: Buffer;
  readonly method: number;
  readonly encrypted: boolean;
  /** Undefined where no header says it. */
  readonly size: number | undefined;
  readonly crc32: number | undefined;
  /** What is wrong before anything is read. */
  readonly fault: Problem | undefined;
}

const STORED = 0;
const DEFLATED = 8;
/** APPNOTE 4.4.5. */
const COMPRESSIONS: ReadonlyMap<number, Compression> = new Map([
  [12, 'bzip2'],
  [93, 'zstd'],
  [95, 'xz'],
]);

/** Most content that is inflated at once, on this thread. */
const WHOLE_BYTES = 256 * 1024;
const ONE_MORE = Buffer.alloc(1);

/** The content, checked against its size and CRC-32. Bad input never throws. */
export async function* openZipContent(content: ZipContent, onProblem: OnProblem): AsyncGenerator<Buffer, void> {
  const { stored, fault } = content;
  if (content.encrypted) {
    onProblem({ reason: 'encrypted', detail: 'an encrypted zip member', bytes: stored.length });
    return;
  }
  if (fault) onProblem(fault);
  let faults = fault ? 1 : 0;
  const onFault: OnProblem = (problem) => {
    faults++;
    onProblem(problem);
  };
  let size = 0;
  let sum = 0;
  for await (const chunk of decode(content, onFault)) {
    size += chunk.length;
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (faults > 0) return;
  if (content.size !== undefined && content.size !== size) {
    onProblem({ reason: 'size-mismatch', detail: `a zip member of ${content.size} bytes holds ${size}` });
  } else if (content.crc32 !== undefined && content.crc32 !== sum) {
    onProblem({ reason: 'corrupt', detail: 'the CRC-32 of a zip member is not that of its content' });
  }
}

/** The whole content where it is small and nothing is wrong with it; undefined leaves it to `openZipContent`. */
export function wholeZipContent({
  stored,
  method,
  encrypted,
  size,
  crc32: sum,
  fault,
}: ZipContent): Buffer | undefined {
  if (encrypted || fault !== undefined || size === undefined || size > WHOLE_BYTES || sum === undefined)
    return undefined;
  const whole = method === DEFLATED ? inflateWhole(stored, size) : { bytes: stored, consumed: stored.length };
  if (method !== DEFLATED && method !== STORED) return undefined;
  if (whole === undefined || whole.consumed !== stored.length || whole.bytes.length !== size) return undefined;
  return crc32(whole.bytes) === sum ? whole.bytes : undefined;
}

async function* decode(content: ZipContent, onFault: OnProblem): AsyncGenerator<Buffer, void> {
  const { stored, method } = content;
  if (method === STORED) return yield* pieces(stored);
  if (method === DEFLATED) return yield* inflateContent(content, onFault);
  const compression = COMPRESSIONS.get(method);
  if (compression) {
    return yield* decompress(compression, asChunks(stored), onFault, () => {
      onFault({ reason: 'unread-rest', detail: 'bytes beside the content of a zip member' });
    });
  }
  onFault({
    reason: 'unsupported',
    detail: `a zip member with compression method ${method}: its stored bytes are read`,
    bytes: stored.length,
  });
  yield* pieces(stored);
}

async function* inflateContent({ stored, size }: ZipContent, onFault: OnProblem): AsyncGenerator<Buffer, void> {
  const whole = size !== undefined && size <= WHOLE_BYTES ? inflateWhole(stored, size) : undefined;
  if (whole) {
    yield* pieces(whole.bytes);
    yield* rest(stored, whole.consumed);
    return;
  }
  // The end of a deflate stream shows in a byte that it does not take; a member has none of its own.
  const input = new StoredBytes(asChunks(stored, ONE_MORE));
  try {
    const end = yield* inflate(input);
    // It took the byte too: what came out is not whole.
    const reason = input.position > stored.length ? 'truncated' : end;
    if (reason !== 'whole') {
      onFault({
        reason,
        detail: 'a deflated zip member',
        bytes: Math.max(0, stored.length - input.position),
      });
    } else {
      yield* rest(stored, input.position);
    }
  } finally {
    await input.close();
  }
}

/** Stored bytes behind the end of a deflate stream, where extractors do not look; the size then differs. */
function* rest(stored: Buffer, consumed: number): Generator<Buffer, void> {
  if (consumed < stored.length) yield* pieces(stored.subarray(consumed));
}

function* pieces(bytes: Buffer): Generator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += limits.chunkBytes) yield bytes.subarray(at, at + limits.chunkBytes);
}

function asChunks(...buffers: readonly Buffer[]): Chunks {
  return {
    [Symbol.asyncIterator](): AsyncIterator<Buffer> {
      const rest = allPieces(buffers);
      return { next: () => Promise.resolve(rest.next()) };
    },
  };
}

function* allPieces(buffers: readonly Buffer[]): Generator<Buffer, void> {
  for (const bytes of buffers) yield* pieces(bytes);
}

/** Bytes that no header describes. */
export function plainContent(stored: Buffer): ZipContent {
  return { stored, method: STORED, encrypted: false, size: undefined, crc32: undefined, fault: undefined };
}

export function cutFault(missing: number): Problem | undefined {
  if (missing <= 0) return undefined;
  return { reason: 'truncated', detail: 'the archive ends in a zip member', bytes: missing };
}
