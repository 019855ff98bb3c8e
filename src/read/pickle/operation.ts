import { limits } from '../../limits.ts';

/** An opcode with its argument (Lib/pickletools.py; PEP 307, 3154 and 574). Indexes are of the bytes that it was read from. */
export interface Operation {
  readonly code: number;
  /** Of the argument, without its length and its line end. */
  readonly start: number;
  /** May be behind the bytes, where the argument is longer than `limits.lineBytes`. */
  readonly end: number;
  readonly next: number;
}

/** How an argument is stored: so many bytes, one line or two, or behind a length of so many bytes. */
type Form = number | 'line' | 'lines' | 'length 1' | 'length 4' | 'length 8';

const FORMS: readonly (Form | undefined)[] = formsOf([
  [0, '(.012NRQ])}abdelostu\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x97\x98'],
  [1, 'Khq\x80\x82'],
  [2, 'M\x83'],
  [4, 'Jjr\x84'],
  [8, 'G\x95'],
  ['line', 'ILFSVPgp'],
  ['lines', 'ci'],
  ['length 1', 'UC\x8a\x8c'],
  ['length 4', 'TBX\x8b'],
  ['length 8', '\x8d\x8e\x96'],
]);

function formsOf(groups: readonly (readonly [Form, string])[]): readonly (Form | undefined)[] {
  const forms = Array<Form | undefined>(256).fill(undefined);
  for (const [form, codes] of groups) for (const code of codes) forms[code.charCodeAt(0)] = form;
  return forms;
}

const LF = 10;

/** The operation that begins at `at`; `more` when it does not end in the bytes, `broken` when there is none. */
export function operationAt(bytes: Buffer, at: number): Operation | 'more' | 'broken' {
  const code = bytes[at];
  if (code === undefined) return 'more';
  const form = FORMS[code];
  const start = at + 1;
  switch (form) {
    case undefined:
      return 'broken';
    case 'line':
      return lineAt(bytes, code, start, start);
    case 'lines': {
      const first = lineAt(bytes, code, start, start);
      return typeof first === 'string' ? first : lineAt(bytes, code, start, first.next);
    }
    case 'length 1':
      return start < bytes.length ? sized(bytes, code, start + 1, bytes.readUInt8(start)) : 'more';
    case 'length 4':
      return start + 4 <= bytes.length ? sized(bytes, code, start + 4, bytes.readUInt32LE(start)) : 'more';
    case 'length 8': {
      if (start + 8 > bytes.length) return 'more';
      const length = Number(bytes.readBigUInt64LE(start));
      return Number.isSafeInteger(length) ? sized(bytes, code, start + 8, length) : 'broken';
    }
    default:
      return sized(bytes, code, start, form);
  }
}

function sized(bytes: Buffer, code: number, start: number, length: number): Operation | 'more' {
  const end = start + length;
  return end > bytes.length && length <= limits.lineBytes ? 'more' : { code, start, end, next: end };
}

/** `from`: where the last line of the argument begins. */
function lineAt(bytes: Buffer, code: number, start: number, from: number): Operation | 'more' | 'broken' {
  const end = bytes.subarray(from, from + limits.lineBytes).indexOf(LF);
  if (end >= 0) return { code, start, end: from + end, next: from + end + 1 };
  return bytes.length - from >= limits.lineBytes ? 'broken' : 'more';
}
