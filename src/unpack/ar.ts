import { limits } from '../limits.ts';
import type { Chunks, OnProblem } from './chunks.ts';
import { StoredBytes } from './stored-bytes.ts';

/*
 * The common ar format (POSIX `ar`, deb(5)) with the long names of GNU and BSD. The reader is our own: the registry's `ar`
 * (0.0.1) and `ar-async` (0.1.4) take a buffer or a file, not a stream, and trust the sizes that they read.
 */

export const AR_MAGIC = '!<arch>\n';

const HEADER_BYTES = 60;
const NAME_END = 16;
/** Time, user, group and mode: numbers, and blanks behind them. */
const NUMBERS_END = 48;
const SIZE_END = 58;
const TERMINATOR = '`\n';

/** Bytes behind a header that cannot be followed. */
export const AR_STRAY_PATH = '(bytes without an ar header)';

export interface ArMember {
  /** As stored, without the `/` that GNU puts behind a name: `control.tar.xz`. `/` and `//` are GNU's own tables. */
  readonly path: string;
  /** As the header says; Infinity for stray bytes. */
  readonly size: number;
  /** Text where numbers should be. */
  readonly metadata: readonly (readonly [key: string, value: string])[];
  /** To be pulled before the next member is asked for, or never. */
  readonly chunks: Chunks;
}

interface Header {
  readonly name: string;
  readonly numbers: string;
  readonly size: number;
}

/** The members in stored order. Bad input never throws; errors of `stored` pass through. */
export async function* readAr(stored: Chunks, onProblem: OnProblem): AsyncGenerator<ArMember, void> {
  const input = new StoredBytes(stored, limits.chunkBytes);
  try {
    input.skip((await input.peek(AR_MAGIC.length)).subarray(0, AR_MAGIC.length).length);
    yield* readMembers(input, onProblem);
  } finally {
    await input.close();
  }
}

async function* readMembers(input: StoredBytes, onProblem: OnProblem): AsyncGenerator<ArMember, void> {
  let longNames = '';
  for (;;) {
    // bsdtar fills its last block.
    await input.skipNuls();
    const head = (await input.peek(HEADER_BYTES)).subarray(0, HEADER_BYTES);
    if (head.length === 0) return;
    const at = input.position;
    const header = readHeader(head);
    if (header === undefined) {
      const reason = head.length < HEADER_BYTES ? 'truncated' : 'corrupt';
      onProblem({ reason, detail: `no ar header at byte ${at}` });
      yield { path: AR_STRAY_PATH, size: Infinity, metadata: [], chunks: run(input, Infinity) };
      return;
    }
    input.skip(HEADER_BYTES);
    const end = input.position + header.size;
    if (header.name === '//') longNames = await peekText(input, header.size, onProblem);
    const inBody = await bsdName(input, header, onProblem);
    const path = inBody ?? plainName(header.name, longNames);
    const size = end - input.position;
    const metadata = /^[0-9 ]*$/.test(header.numbers) ? [] : [['ar header', header.numbers] as const];
    yield { path, size, metadata, chunks: run(input, size) };
    // What the consumer did not pull.
    const rest = run(input, end - input.position);
    while ((await rest.next()).done !== true);
    if (input.position < end) {
      const detail = `the ar archive ends at byte ${input.position}, in a member`;
      onProblem({ reason: 'truncated', detail, bytes: end - input.position });
      return;
    }
    // Bodies begin at even offsets.
    if (header.size % 2 === 1 && (await input.peek(1))[0] === 0x0a) input.skip(1);
  }
}

function readHeader(head: Buffer): Header | undefined {
  if (head.length < HEADER_BYTES || head.toString('latin1', SIZE_END) !== TERMINATOR) return undefined;
  const size = /^([0-9]+) *$/.exec(head.toString('latin1', NUMBERS_END, SIZE_END))?.[1];
  if (size === undefined) return undefined;
  return {
    name: head.toString('latin1', 0, NAME_END).trimEnd(),
    numbers: head.toString('latin1', NAME_END, NUMBERS_END),
    size: Number(size),
  };
}

/** GNU's `/123`: from this offset of the table to its `/\n`. */
function plainName(name: string, longNames: string): string {
  const offset = /^\/([0-9]+)$/.exec(name)?.[1];
  if (offset !== undefined) {
    const from = longNames.slice(Number(offset));
    const long = from.slice(0, from.indexOf('\n') >= 0 ? from.indexOf('\n') : from.length).replace(/\/$/, '');
    return long === '' ? name : long;
  }
  return /[^/]\/$/.test(name) && name !== '/SYM64/' ? name.slice(0, -1) : name;
}

/** BSD's `#1/20`: the name is the first 20 bytes of the body, padded with NULs; it is consumed. */
async function bsdName(input: StoredBytes, { name, size }: Header, onProblem: OnProblem): Promise<string | undefined> {
  const bytes = Number(/^#1\/([0-9]+)$/.exec(name)?.[1] ?? NaN);
  if (!(bytes <= size)) return undefined;
  const text = await peekText(input, bytes, onProblem);
  if (text === '') return undefined;
  input.skip(Math.min(bytes, input.unread.length));
  return text.replace(/\0+$/, '');
}

/** Bytes that name members, left in place; empty when there are more than the bound. */
async function peekText(input: StoredBytes, bytes: number, onProblem: OnProblem): Promise<string> {
  if (bytes > limits.tarRecordBytes) {
    onProblem({ reason: 'record-limit', detail: `names of ${bytes} bytes at byte ${input.position}` });
    return '';
  }
  return (await input.peek(bytes)).toString('utf8', 0, bytes);
}

/** The next bytes, or all that are left where there are fewer. */
async function* run(input: StoredBytes, bytes: number): AsyncGenerator<Buffer, void> {
  let left = bytes;
  while (left > 0 && (await input.refill())) {
    const chunk = input.unread.subarray(0, left);
    // Before the consumer has it: where it stops early, these bytes are done with.
    input.skip(chunk.length);
    left -= chunk.length;
    yield chunk;
  }
}
