import { decodeBytes } from '../charset.ts';
import { NOTHING, type PickleNode, type PickleText, type PickleValue } from './pickle-value.ts';

/** Longest number, in bytes: 2^127 is no identifier. */
const NUMBER_BYTES = 16;

/** A string in UTF-8, or one of Python 2. `offset`: of `bytes` in the entry. */
function stringOf(bytes: Buffer, offset: number): PickleText {
  const { text, span } = decodeBytes(bytes);
  return { kind: 'string', text, offset, span };
}

function bytesOf(bytes: Buffer, offset: number): PickleText {
  return { kind: 'bytes', text: bytes.toString('latin1'), offset, span: 'bytes' };
}

function numberOf(text: string, offset: number): PickleText {
  return { kind: 'number', text, offset, span: 'fixed' };
}

/** Protocol 0: INT, LONG and FLOAT. */
function writtenNumberOf(bytes: Buffer, offset: number): PickleText {
  return numberOf(bytes.toString('latin1').replace(/L?\r?$/, ''), offset);
}

/** LONG1 and LONG4: two's complement, little-endian. */
function longOf(bytes: Buffer, offset: number): PickleValue {
  if (bytes.length > NUMBER_BYTES) return NOTHING;
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes.readUInt8(index));
  return numberOf(String(BigInt.asIntN(8 * bytes.length, value)), offset);
}

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\\'"nrt]))/g;
const MARKS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Protocol 0: STRING has a literal with its quotes, UNICODE escapes alone. */
function writtenOf(bytes: Buffer, offset: number): PickleText {
  const first = bytes[0];
  const isQuoted = (first === 0x27 || first === 0x22) && bytes.length > 1 && bytes.at(-1) === first;
  const inner = isQuoted ? bytes.subarray(1, -1) : bytes;
  const at = isQuoted ? offset + 1 : offset;
  // What is not escaped is latin1: it is not told from UTF-8 that a later Python wrote.
  const { text, span } = decodeBytes(inner);
  if (!text.includes('\\')) return { kind: 'string', text, offset: at, span };
  const unescaped = text.replace(ESCAPE, (_whole: string, x?: string, u?: string, long?: string, mark: string = '') => {
    const code = Number.parseInt(x ?? u ?? long ?? '', 16);
    if (Number.isNaN(code)) return MARKS[mark] ?? mark;
    return code > 0x10ffff ? '' : String.fromCodePoint(code);
  });
  return { kind: 'string', text: unescaped, offset: at, span: 'fixed' };
}

/** The day of a `datetime.date` or `datetime.datetime`, which is stored as bytes: the year's two, month, day. */
export function dayOf(node: PickleNode): PickleText | undefined {
  if (node.name !== 'datetime.date' && node.name !== 'datetime.datetime') return undefined;
  const [stored] = node.elements;
  if (stored === undefined || stored.kind === 'node' || stored.kind === 'nothing') return undefined;
  const [high = 0, low = 0, month = 0, day = 0] = Array.from(stored.text.slice(0, 4), (byte) => byte.charCodeAt(0));
  // The highest bit of the month tells which of two equal hours is meant.
  const parts = [String(256 * high + low).padStart(4, '0'), pad(month & 0x7f), pad(day)];
  return { kind: 'string', text: parts.join('-'), offset: stored.offset, span: 'fixed' };
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

/** The value of an opcode that pushes one; undefined for the others. */
export function literalOf(code: string, argument: Buffer, offset: number): PickleValue | undefined {
  switch (code) {
    case 'X':
    case '\x8c':
    case '\x8d':
    case 'U':
    case 'T':
      return stringOf(argument, offset);
    case 'C':
    case 'B':
    case '\x8e':
    case '\x96':
      return bytesOf(argument, offset);
    case 'S':
    case 'V':
      return writtenOf(argument, offset);
    case 'I':
      // Protocol 0 has no other booleans.
      return /^0[01]\r?$/.test(argument.toString('latin1')) ? NOTHING : writtenNumberOf(argument, offset);
    case 'L':
    case 'F':
      return writtenNumberOf(argument, offset);
    case 'K':
      return numberOf(String(argument.readUInt8(0)), offset);
    case 'M':
      return numberOf(String(argument.readUInt16LE(0)), offset);
    case 'J':
      return numberOf(String(argument.readInt32LE(0)), offset);
    case 'G':
      return numberOf(String(argument.readDoubleBE(0)), offset);
    case '\x8a':
    case '\x8b':
      return longOf(argument, offset);
    case 'N':
    case '\x88':
    case '\x89':
    case 'P':
    case '\x82':
    case '\x83':
    case '\x84':
    case '\x97':
      return NOTHING;
    default:
      return undefined;
  }
}
