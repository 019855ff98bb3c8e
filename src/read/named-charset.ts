import { decodeBytes } from './charset.ts';

/** Charsets that are told from the bytes themselves. */
const PLAIN = /^(?:us-ascii|ascii|utf-?8|iso-?8859-1|latin-?1|windows-1252|cp-?1252)$/i;

/** Bytes in a charset by its name (RFC 2046 section 4.1.2, IANA); undefined where nobody here knows it. */
export function decodeCharset(bytes: Buffer, charset: string): string | undefined {
  if (isPlainCharset(charset)) return decodeBytes(bytes).text;
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // No such charset: a RangeError.
    return undefined;
  }
}

/** True where no name is needed to read bytes as text. */
export function isPlainCharset(charset: string): boolean {
  return PLAIN.test(charset);
}
