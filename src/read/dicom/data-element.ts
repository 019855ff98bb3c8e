/** How a data set is written, PS3.5 section 7 and annex A. */
export interface TransferSyntax {
  readonly explicit: boolean;
  readonly bigEndian: boolean;
  readonly deflated: boolean;
}

export const EXPLICIT: TransferSyntax = { explicit: true, bigEndian: false, deflated: false };
export const IMPLICIT: TransferSyntax = { ...EXPLICIT, explicit: false };

/** PS3.6 table A-1. All that are not named here, the compressed ones, have explicit representations in little endian. */
export function syntaxOf(uid: string): TransferSyntax {
  if (uid === '1.2.840.10008.1.2') return IMPLICIT;
  if (uid === '1.2.840.10008.1.2.2') return { ...EXPLICIT, bigEndian: true };
  return uid === '1.2.840.10008.1.2.1.99' ? { ...EXPLICIT, deflated: true } : EXPLICIT;
}

/** The beginning of a data element. */
export interface ElementHeader {
  /** Group and element as one number, unsigned. */
  readonly tag: number;
  /** Empty where it is implicit. */
  readonly representation: string;
  /** Of the value; `UNDEFINED_LENGTH` where a delimiter ends it. */
  readonly length: number;
  /** Bytes of the header itself. */
  readonly size: number;
}

const UNDEFINED_LENGTH = 0xffff_ffff;
/** Longest header. */
export const HEADER_BYTES = 12;

const REPRESENTATIONS: ReadonlySet<string> = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(' '),
);
/** PS3.5 table 7.1-1: those with two reserved bytes and a length of four. */
const LONG: ReadonlySet<string> = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

/**
 * The header at `at`, which has `HEADER_BYTES` or all that is left behind it; undefined where it ends before. Inside of an
 * explicit data set an element without representation is implicit, as in a sequence of unknown representation.
 */
export function headerAt(
  bytes: Buffer,
  at: number,
  { explicit, bigEndian }: TransferSyntax,
): ElementHeader | undefined {
  if (at + 8 > bytes.length) return undefined;
  const short = (index: number): number => (bigEndian ? bytes.readUInt16BE(index) : bytes.readUInt16LE(index));
  const long = (index: number): number => (bigEndian ? bytes.readUInt32BE(index) : bytes.readUInt32LE(index));
  const tag = ((short(at) << 16) | short(at + 2)) >>> 0;
  const representation = explicit ? bytes.toString('latin1', at + 4, at + 6) : '';
  // Items and their delimiters have none in any syntax.
  if (!REPRESENTATIONS.has(representation) || tag >>> 16 === 0xfffe) {
    return { tag, representation: '', length: long(at + 4), size: 8 };
  }
  if (!LONG.has(representation)) return { tag, representation, length: short(at + 6), size: 8 };
  if (at + HEADER_BYTES > bytes.length) return undefined;
  return { tag, representation, length: long(at + 8), size: HEADER_BYTES };
}

/** Whether what is behind a header are elements of their own: of a sequence or an item. */
export function isNested(bytes: Buffer, at: number, header: ElementHeader, { bigEndian }: TransferSyntax): boolean {
  if (header.tag >>> 16 === 0xfffe || header.representation === 'SQ' || header.length === UNDEFINED_LENGTH) return true;
  if (header.representation !== '' && header.representation !== 'UN') return false;
  const item = bigEndian ? '\xff\xfe\xe0\x00' : '\xfe\xff\x00\xe0';
  return header.length >= 8 && bytes.toString('latin1', at, at + 4) === item;
}
