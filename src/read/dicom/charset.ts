import { isAscii, isUtf8 } from 'node:buffer';

/** PS3.3 C.12.1.1.2, defined terms of Specific Character Set, by the names that the Encoding Standard has for them. */
const ENCODINGS: Readonly<Record<string, string>> = {
  'IR 100': 'latin1',
  'IR 101': 'iso-8859-2',
  'IR 109': 'iso-8859-3',
  'IR 110': 'iso-8859-4',
  'IR 144': 'iso-8859-5',
  'IR 127': 'iso-8859-6',
  'IR 126': 'iso-8859-7',
  'IR 138': 'iso-8859-8',
  'IR 148': 'iso-8859-9',
  'IR 203': 'iso-8859-15',
  'IR 13': 'shift_jis',
  'IR 166': 'windows-874',
  'IR 192': 'utf-8',
  'IR 87': 'iso-2022-jp',
  'IR 159': 'iso-2022-jp',
  'IR 149': 'euc-kr',
  'IR 58': 'gbk',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** Escapes of ISO 2022 to code extensions; the 8-bit encodings that hold the same characters need none. */
const ESCAPES = /\x1b[$()\-.,/]{1,2}[A-Za-z0-9]/g;

/** The text of a value, by the data set's Specific Character Set; a character for each byte where that is not known. */
export function decodeDicom(bytes: Buffer, characterSet: string): string {
  if (isAscii(bytes) && !bytes.includes(0x1b)) return bytes.toString('latin1');
  const terms = characterSet.split('\\').map((term) => term.trim().replace(/^ISO[ _](?:2022 )?/, ''));
  const encodings = terms.map((term) => ENCODINGS[term]).filter((encoding) => encoding !== undefined);
  const encoding = encodings.at(-1) ?? (isUtf8(bytes) ? 'utf-8' : 'latin1');
  if (encoding === 'latin1') return bytes.toString('latin1');
  const plain =
    encoding === 'iso-2022-jp' ? bytes : Buffer.from(bytes.toString('latin1').replace(ESCAPES, ''), 'latin1');
  try {
    return new TextDecoder(encoding).decode(plain);
  } catch {
    // A Node without full ICU has no such encoding: the bytes are still characters of some kind.
    return bytes.toString('latin1');
  }
}
