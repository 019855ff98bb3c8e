/** Writes small DICOM files, PS3.5 and PS3.10. */

export type Syntax = 'implicit' | 'explicit' | 'big' | 'deflated';

/** Group and element, representation, value; a list is a sequence of items. */
export type Element = readonly [
  tag: string,
  representation: string,
  value: string | Buffer | readonly (readonly Element[])[],
];

const UIDS: Readonly<Record<Syntax, string>> = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  big: '1.2.840.10008.1.2.2',
  deflated: '1.2.840.10008.1.2.1.99',
};
const LONG = new Set(['OB', 'OW', 'SQ', 'UT', 'UN']);

export function dataSet(elements: readonly Element[], syntax: Syntax): Buffer {
  return Buffer.concat(elements.map((element) => encoded(element, syntax)));
}

/** With preamble, mark and the file's own group. */
export function dicomFile(elements: readonly Element[], syntax: Syntax, deflate?: (bytes: Buffer) => Buffer): Buffer {
  const meta = dataSet(
    [
      ['00020000', 'UL', Buffer.from([4, 0, 0, 0])],
      ['00020010', 'UI', UIDS[syntax]],
    ],
    'explicit',
  );
  const body = dataSet(elements, syntax);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta, deflate === undefined ? body : deflate(body)]);
}

function encoded([tag, representation, value]: Element, syntax: Syntax): Buffer {
  const isBig = syntax === 'big';
  const group = short(Number.parseInt(tag.slice(0, 4), 16), isBig);
  const element = short(Number.parseInt(tag.slice(4), 16), isBig);
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) {
    const items = value.map((item) => {
      const content = dataSet(item, syntax);
      return Buffer.concat([short(0xfffe, isBig), short(0xe000, isBig), long(content.length, isBig), content]);
    });
    const end = Buffer.concat([short(0xfffe, isBig), short(0xe0dd, isBig), long(0, isBig)]);
    const type = syntax === 'implicit' ? [] : [Buffer.from('SQ\0\0')];
    return Buffer.concat([group, element, ...type, long(0xffff_ffff, isBig), ...items, end]);
  }
  const raw = Buffer.isBuffer(value) ? value : Buffer.from(value, 'utf8');
  const padded = raw.length % 2 === 0 ? raw : Buffer.concat([raw, Buffer.from(representation === 'UI' ? '\0' : ' ')]);
  if (syntax === 'implicit') return Buffer.concat([group, element, long(padded.length, isBig), padded]);
  const size = LONG.has(representation)
    ? Buffer.concat([Buffer.alloc(2), long(padded.length, isBig)])
    : short(padded.length, isBig);
  return Buffer.concat([group, element, Buffer.from(representation), size, padded]);
}

function short(value: number, isBig: boolean): Buffer {
  const bytes = Buffer.alloc(2);
  if (isBig) bytes.writeUInt16BE(value);
  else bytes.writeUInt16LE(value);
  return bytes;
}

function long(value: number, isBig: boolean): Buffer {
  const bytes = Buffer.alloc(4);
  if (isBig) bytes.writeUInt32BE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
}
