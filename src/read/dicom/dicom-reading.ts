import { constants, inflateRawSync } from 'node:zlib';
import type { Field } from '../../detect/field.ts';
import { limits } from '../../limits.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { Blocks } from '../blocks.ts';
import { PlainTextReading } from '../plain-text.ts';
import type { OnUnread, Reading } from '../reader.ts';
import { RecordNumbers } from '../record-numbers.ts';
import {
  type ElementHeader,
  EXPLICIT,
  HEADER_BYTES,
  headerAt,
  isNested,
  syntaxOf,
  type TransferSyntax,
} from './data-element.ts';
import { DicomDataSet } from './data-set.ts';
import { PIXELS, TRANSFER_SYNTAX } from './tags.ts';

/** Length of the preamble with its mark. */
export const PREAMBLE_BYTES = 132;
/** Longer values are passed over but for their beginning. */
const VALUE_BYTES = limits.lineBytes;
const META_GROUP = 0x0002;
const PADDING_GROUP = 0xfffc;
/** Of a header. */
const FEWEST_BYTES = 8;

/** What the reading is in: elements, the pixels and all behind them, a deflated data set, or bytes that are no DICOM. */
type State = 'elements' | 'over' | 'deflated' | 'text';

/**
 * One reading of a DICOM file, PS3.10. Sequences are read flat: what counts is which element it is, not what it is in.
 * Pixels are passed over without being held.
 */
export class DicomReading implements Reading {
  readonly #vocabulary: Vocabulary;
  readonly #onUnread: OnUnread | undefined;
  readonly #numbers = new RecordNumbers();
  readonly #dataSet: DicomDataSet;
  readonly #blocks: Blocks;
  /** Of what follows the file's own group, which is explicit. */
  #syntax: TransferSyntax | undefined;
  #inMeta = true;
  #state: State = 'elements';
  /** Bytes to be passed over. */
  #skip: number;
  #text: PlainTextReading | undefined;
  #deflated: Buffer[] = [];
  #deflatedBytes = 0;
  #deflatedAt = 0;
  #isCut = false;

  /** `syntax`: of a file without a preamble, where nothing says it. */
  constructor(
    vocabulary: Vocabulary,
    {
      preamble,
      syntax,
      onUnread,
    }: { readonly preamble: boolean; readonly syntax?: TransferSyntax; readonly onUnread?: OnUnread | undefined },
  ) {
    this.#onUnread = onUnread;
    this.#vocabulary = vocabulary;
    this.#dataSet = new DicomDataSet(vocabulary, this.#numbers);
    this.#skip = preamble ? PREAMBLE_BYTES : 0;
    this.#syntax = syntax;
    this.#blocks = new Blocks((block, offset, final, fields) => this.#take(block, offset, final, fields));
  }

  write(bytes: Buffer): Iterable<Field> {
    return this.#blocks.write(bytes);
  }

  *end(): Iterable<Field> {
    yield* this.#blocks.end();
    const fields: Field[] = [];
    if (this.#state === 'deflated') this.#inflate(fields);
    this.#dataSet.flush(fields);
    yield* fields;
    if (this.#text !== undefined) yield* this.#text.end();
  }

  #take(block: Buffer, offset: number, final: boolean, fields: Field[]): number {
    let at = 0;
    while (at < block.length) {
      const next = this.#step(block, at, offset, final, fields);
      if (next === at) return final ? block.length : at;
      at = next;
    }
    return at;
  }

  /** Returns where to go on, or `at` itself where more bytes are needed. */
  #step(block: Buffer, at: number, offset: number, final: boolean, fields: Field[]): number {
    if (this.#skip > 0) {
      const skipped = Math.min(this.#skip, block.length - at);
      this.#skip -= skipped;
      return at + skipped;
    }
    switch (this.#state) {
      case 'over':
        return block.length;
      case 'deflated':
        this.#hold(block.subarray(at));
        return block.length;
      case 'text':
        for (const field of this.#text?.write(block.subarray(at)) ?? []) fields.push(field);
        return block.length;
      case 'elements':
        return this.#element(block, at, offset, final, fields);
    }
  }

  #element(block: Buffer, at: number, offset: number, final: boolean, fields: Field[]): number {
    if (block.length - at < (final ? FEWEST_BYTES : HEADER_BYTES)) return final ? block.length : at;
    const syntax = this.#syntaxAt(block, at);
    if (syntax.deflated) {
      this.#state = 'deflated';
      this.#deflatedAt = offset + at;
      return this.#step(block, at, offset, final, fields);
    }
    const header = headerAt(block, at, syntax);
    if (header === undefined) return final ? block.length : at;
    const start = at + header.size;
    if (header.tag === PIXELS) {
      this.#state = 'over';
      this.#dataSet.flush(fields);
      return block.length;
    }
    const wanted = Math.min(header.length, VALUE_BYTES);
    if (start + 4 > block.length && header.length >= 4 && !final) return at;
    if (isNested(block, start, header, syntax)) return start;
    if (start + wanted > block.length && !final) return at;
    if (!isPlausible(header, syntax)) {
      this.#state = 'text';
      this.#text = new PlainTextReading(
        this.#vocabulary,
        { offset: offset + at, line: 1, column: offset + at + 1 },
        this.#numbers,
      );
      this.#dataSet.flush(fields);
      return this.#step(block, at, offset, final, fields);
    }
    const value = block.subarray(start, start + wanted);
    if (header.tag === TRANSFER_SYNTAX) this.#syntax = syntaxOf(value.toString('latin1').replace(/[\0 ]+$/, ''));
    this.#dataSet.element(header.tag, value, { offset: offset + start, fixed: false }, fields);
    this.#skip = header.length - value.length;
    return start + value.length;
  }

  /** The file's own group is explicit and in little endian, whatever the data set is. */
  #syntaxAt(block: Buffer, at: number): TransferSyntax {
    this.#inMeta &&= block.readUInt16LE(at) === META_GROUP;
    return this.#inMeta ? EXPLICIT : (this.#syntax ?? EXPLICIT);
  }

  #hold(bytes: Buffer): void {
    const taken = Buffer.from(bytes.subarray(0, Math.max(0, limits.attachedBytes - this.#deflatedBytes)));
    this.#deflated.push(taken);
    this.#deflatedBytes += taken.length;
    this.#isCut ||= taken.length < bytes.length;
  }

  /** A deflated data set is read as far as it was held; all its places are the one where it begins. */
  #inflate(fields: Field[]): void {
    const dataSet = inflated(Buffer.concat(this.#deflated));
    if (this.#isCut) this.#onUnread?.('byte-limit', `a deflated data set of more than ${limits.attachedBytes} bytes`);
    else if (dataSet === undefined) this.#onUnread?.('corrupt', 'a deflated data set that does not inflate');
    const inner = new DicomReading(this.#vocabulary, { preamble: false, syntax: EXPLICIT });
    for (const reading of [inner.write(dataSet ?? NO_BYTES), inner.end()]) {
      for (const field of reading) {
        const place = { offset: this.#deflatedAt, column: this.#deflatedAt + 1, line: 1, span: 'fixed' } as const;
        fields.push({ ...field, ...place });
      }
    }
  }
}

/** Whether it may be an element: no group is above that of the pixels but that of padding, and few lack representation. */
function isPlausible({ tag, representation, length }: ElementHeader, { explicit }: TransferSyntax): boolean {
  const group = tag >>> 16;
  if (group === 0 || (group > PIXELS >>> 16 && group !== PADDING_GROUP)) return false;
  return !explicit || representation !== '' || length <= VALUE_BYTES;
}

const NO_BYTES = Buffer.alloc(0);

/** As far as it goes: a bomb, or what is no deflate stream, gives nothing. */
function inflated(bytes: Buffer): Buffer | undefined {
  try {
    return inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 8 * limits.attachedBytes });
  } catch {
    return undefined;
  }
}
