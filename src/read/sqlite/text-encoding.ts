import type { Field } from '../../detect/field.ts';
import { decodeBytes } from '../charset.ts';

export type TextEncoding = 'utf8' | 'utf16le' | 'utf16be';

/** A text as a database stores it. Where the encoding is not known, a NUL beside each letter shows it. */
export function decodeText(
  bytes: Buffer,
  encoding: TextEncoding | undefined,
): { readonly text: string; readonly span: Field['span'] } {
  const told = encoding ?? shownEncoding(bytes);
  if (told === 'utf8') return decodeBytes(bytes);
  const even = bytes.subarray(0, bytes.length & ~1);
  const text = (told === 'utf16le' ? even : Buffer.from(even).swap16()).toString('utf16le');
  return { text, span: 'fixed' };
}

function shownEncoding(bytes: Buffer): TextEncoding {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return 'utf8';
  if (bytes[0] === 0) return 'utf16be';
  return bytes[1] === 0 ? 'utf16le' : 'utf8';
}
