import { crc32 } from 'node:zlib';
import { setImmediate as turn } from 'node:timers/promises';
import { limits } from '../limits.ts';
import { ASIDE_END, type OnAside, type OnProblem } from './chunks.ts';
import { Gather } from './gather.ts';
import { inflate, inflateWhole } from './inflate.ts';
import type { StreamEnd } from './engine.ts';
import type { StoredBytes } from './stored-bytes.ts';

/** RFC 1952, 2.3.1. */
const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const HEADER_CRC = 0x02;
const EXTRA = 0x04;
const NAME = 0x08;
const COMMENT = 0x10;
const RESERVED = 0xe0;

/** Magic, deflate, and no flags: no name, comment or extra field, which would be text to read. */
const PLAIN_HEADER = 0x1f8b0800;

/** Members up to this stored size are inflated in one call, 10 times cheaper than a stream for each. eStargz has a
 * member for each file. */
const SMALL_BYTES = 64 * 1024;

/** Members after which the event loop turns: a million empty ones have no output at which it would. */
const TURN_MEMBERS = 256;

/** The members of a gzip file, with NUL padding between and after them. Ends at the first fault it cannot step over. */
export async function* gunzip(input: StoredBytes, onProblem: OnProblem, onAside: OnAside): AsyncGenerator<Buffer> {
  const gather = new Gather();
  let members = 0;
  let mismatches = 0;
  let small = false;
  let end: StreamEnd = 'whole';
  for (;;) {
    if (members > 0) {
      await input.skipNuls();
      const head = await input.peek(2);
      if (head.length === 0) break;
      if (head[0] !== 0x1f || (head.length > 1 && head[1] !== 0x8b)) {
        yield* gather.take();
        const position = input.position;
        onProblem({
          reason: 'unread-rest',
          detail: `after the last gzip member, at byte ${position}`,
          bytes: await input.drain(),
        });
        return;
      }
    }
    const from = input.position;
    end = await readHeader(input, onAside);
    if (end !== 'whole') break;

    let crc = 0;
    let size = 0;
    await input.peek(SMALL_BYTES);
    const whole = small || input.atLast ? inflateWhole(input.unread) : undefined;
    if (whole !== undefined) {
      input.skip(whole.consumed);
      crc = crc32(whole.bytes);
      size = whole.bytes.length;
      gather.add(whole.bytes);
      if (gather.full) {
        await turn();
        yield* gather.take();
      }
    } else {
      yield* gather.take();
      const stream = inflate(input);
      try {
        let next = await stream.next();
        while (next.done !== true) {
          crc = crc32(next.value, crc);
          size = (size + next.value.length) >>> 0;
          yield next.value;
          next = await stream.next();
        }
        end = next.value;
      } finally {
        await stream.return('whole');
      }
      if (end !== 'whole') break;
    }
    const trailer = await input.peek(TRAILER_BYTES);
    if (trailer.length < TRAILER_BYTES) {
      input.skip(trailer.length);
      end = 'truncated';
      break;
    }
    if (trailer.readUInt32LE(0) !== crc || trailer.readUInt32LE(4) !== size) {
      // The next member may be sound. One problem for all: a million members must not make a million.
      if (mismatches === 0) onProblem({ reason: 'corrupt', detail: `checksum of the gzip member at byte ${from}` });
      mismatches++;
    }
    input.skip(TRAILER_BYTES);
    small = input.position - from <= SMALL_BYTES;
    members++;
    if (members % TURN_MEMBERS === 0) await turn();
  }
  yield* gather.take();
  if (end !== 'whole') {
    const detail = `gzip member ${members + 1}, at byte ${input.position}`;
    onProblem({ reason: end, detail, bytes: await input.drain() });
  }
}

/**
 * The content of a gzip file that is one small member with a plain header and nothing behind it, as a package's manual
 * pages are, without a promise. Undefined for any other, and for one that is not sound: `gunzip` reads those.
 */
export function gunzipWhole(stored: Buffer): Buffer | undefined {
  const trailer = stored.length - TRAILER_BYTES;
  if (trailer < HEADER_BYTES || stored.readUIntBE(0, 4) !== PLAIN_HEADER) return undefined;
  const size = stored.readUInt32LE(trailer + 4);
  if (size > limits.chunkBytes) return undefined;
  const whole = inflateWhole(stored.subarray(HEADER_BYTES, trailer), size);
  if (whole?.bytes.length !== size || whole.consumed !== trailer - HEADER_BYTES) return undefined;
  return crc32(whole.bytes) === stored.readUInt32LE(trailer) ? whole.bytes : undefined;
}

/** Consumes the header of a member; its extra field, name and comment are text. */
async function readHeader(input: StoredBytes, onAside: OnAside): Promise<StreamEnd> {
  const head = await input.peek(HEADER_BYTES);
  if (head.length < HEADER_BYTES) {
    const magic = Buffer.from([0x1f, 0x8b, 8]).subarray(0, head.length);
    return head.subarray(0, magic.length).equals(magic) ? 'truncated' : 'corrupt';
  }
  const flags = head[3] ?? 0;
  if (head.readUInt16BE(0) !== 0x1f8b) return 'corrupt';
  if (head[2] !== 8 || (flags & RESERVED) !== 0) return 'unsupported';
  let crc = crc32(head.subarray(0, HEADER_BYTES));
  input.skip(HEADER_BYTES);
  if ((flags & EXTRA) !== 0) {
    const size = await input.peek(2);
    if (size.length < 2) return 'truncated';
    const bytes = 2 + size.readUInt16LE(0);
    const extra = await input.peek(bytes);
    if (extra.length < bytes) return 'truncated';
    crc = crc32(extra.subarray(0, bytes), crc);
    onAside(extra.subarray(2, bytes));
    onAside(ASIDE_END);
    input.skip(bytes);
  }
  for (const flag of [NAME, COMMENT]) {
    if ((flags & flag) === 0) continue;
    for (let ended = false; !ended;) {
      if (!(await input.refill())) return 'truncated';
      const { unread } = input;
      const nul = unread.indexOf(0);
      ended = nul >= 0;
      const text = ended ? unread.subarray(0, nul + 1) : unread;
      crc = crc32(text, crc);
      onAside(ended ? text.subarray(0, nul) : text);
      input.skip(text.length);
    }
    onAside(ASIDE_END);
  }
  if ((flags & HEADER_CRC) !== 0) {
    const stored = await input.peek(2);
    if (stored.length < 2) return 'truncated';
    if (stored.readUInt16LE(0) !== (crc & 0xffff)) return 'corrupt';
    input.skip(2);
  }
  return 'whole';
}
