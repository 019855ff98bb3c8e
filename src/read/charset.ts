import { isAscii, isUtf8 } from 'node:buffer';
import type { Field } from '../detect/field.ts';

/** Text of bytes, and how its characters count in them. */
export interface Decoded {
  readonly text: string;
  readonly span: Extract<Field['span'], 'bytes' | 'utf8'>;
}

/** UTF-8, or latin1 where the bytes are not valid UTF-8, so that no byte is lost. */
export function decodeBytes(bytes: Buffer): Decoded {
  if (isAscii(bytes) || !isUtf8(bytes)) return { text: bytes.toString('latin1'), span: 'bytes' };
  return { text: bytes.toString('utf8'), span: 'utf8' };
}

const BEYOND_ASCII = /[\x80-\xff]/;

/** The same for bytes that are held as a latin1 string, one character for each. */
export function decodeLatin1(raw: string): Decoded {
  if (!BEYOND_ASCII.test(raw)) return { text: raw, span: 'bytes' };
  return decodeBytes(Buffer.from(raw, 'latin1'));
}

/** Where the text of an entry begins in its bytes, held so: behind a byte order mark of UTF-8. */
export function behindMark(latin1: string): number {
  return latin1.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
}

const BYTE_ORDER_MARK = '\xef\xbb\xbf';
