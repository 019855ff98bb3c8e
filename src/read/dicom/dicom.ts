import type { EntryHead, Reader } from '../reader.ts';
import { EXPLICIT, headerAt, IMPLICIT, type TransferSyntax } from './data-element.ts';
import { DicomReading, PREAMBLE_BYTES } from './dicom-reading.ts';

/** The mark with the first element of the file's own group; the patient's name where there is no mark. Bytes below 0x80. */
const MARKERS: readonly string[] = [
  'DICM\\x02\\x00[\\x00-\\x7f]\\x00[A-Z][A-Z]',
  '\\x10\\x00\\x10\\x00PN[\\x02-\\x7f]\\x00[A-Za-z]',
  '\\x10\\x00\\x10\\x00[\\x02-\\x7e]\\x00\\x00\\x00[A-Za-z]{2}',
  '\\x00\\x10\\x00\\x10PN\\x00[\\x02-\\x7f][A-Za-z]',
];

/** Elements of a data set without a preamble that must follow each other. */
const FEWEST_ELEMENTS = 3;

/** DICOM PS3.10 files, also those of old programs that are a data set only. Not JSON and XML: they are of those readers. */
export const dicom: Reader = {
  id: 'dicom',
  markers: MARKERS,
  recognizes: (head) => hasMark(head.bytes) || syntaxWithout(head) !== undefined,
  open: (head, vocabulary, onUnread) => {
    if (hasMark(head.bytes)) return new DicomReading(vocabulary, { preamble: true, onUnread });
    return new DicomReading(vocabulary, { preamble: false, syntax: syntaxWithout(head) ?? EXPLICIT, onUnread });
  },
};

function hasMark(bytes: Buffer): boolean {
  return bytes.length > PREAMBLE_BYTES && bytes.toString('latin1', PREAMBLE_BYTES - 4, PREAMBLE_BYTES) === 'DICM';
}

/** The syntax in which a data set without preamble begins: rising elements of the groups 0002 and 0008, of sane lengths. */
function syntaxWithout({ bytes }: EntryHead): TransferSyntax | undefined {
  const group = bytes.length < 8 ? 0 : bytes.readUInt16LE(0);
  if (group !== 0x0002 && group !== 0x0008) return undefined;
  return [EXPLICIT, IMPLICIT].find((syntax) => beginsWith(bytes, syntax));
}

function beginsWith(bytes: Buffer, syntax: TransferSyntax): boolean {
  let before = -1;
  let at = 0;
  for (let count = 0; count < FEWEST_ELEMENTS; count++) {
    const header = headerAt(bytes, at, syntax);
    if (header === undefined || header.tag <= before || header.tag >>> 16 > 0x0010) return false;
    if (header.length > 1024 || (syntax.explicit && header.representation === '')) return false;
    before = header.tag;
    at += header.size + header.length;
  }
  return true;
}
