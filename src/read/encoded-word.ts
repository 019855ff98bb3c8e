import { decodeCharset } from './named-charset.ts';

/** RFC 2047 section 2, and RFC 2231's language behind the charset. White space between two of them is none of the text. */
const WORD = /=\?([\w.:-]{1,40})(?:\*[\w-]{1,20})?\?([BbQq])\?([^?\s]{1,2000})\?=(?:\s+(?==\?))?/g;

/** The text of header fields with its encoded words decoded; undefined where it has none. */
export function withDecodedWords(text: string): string | undefined {
  if (!text.includes('=?')) return undefined;
  const decoded = text.replace(WORD, (word, charset: string, encoding: string, content: string) => {
    const bytes = /b/i.test(encoding) ? Buffer.from(content, 'base64') : bytesOfQ(content);
    return decodeCharset(bytes, charset) ?? word;
  });
  return decoded === text ? undefined : decoded;
}

/** Section 4.2. */
function bytesOfQ(content: string): Buffer {
  const text = content
    .replaceAll('_', ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_escape, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return Buffer.from(text, 'latin1');
}
