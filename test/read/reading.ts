import type { Field } from '../../src/detect/field.ts';
import { plainText } from '../../src/read/plain-text.ts';
import type { Reader } from '../../src/read/reader.ts';
import { readers } from '../../src/read/readers.ts';
import { limits } from '../../src/limits.ts';
import { vocabulary } from './vocabulary.ts';

export function headOf(path: string, bytes: Buffer): { path: string; bytes: Buffer; whole: boolean } {
  return { path, bytes: bytes.subarray(0, limits.headBytes), whole: bytes.length <= limits.headBytes };
}

/** The reader that takes an entry. */
export function readerOf(path: string, bytes: Buffer): Reader {
  return readers.find((reader) => reader.recognizes(headOf(path, bytes))) ?? plainText;
}

/** All fields, with the bytes written in pieces of the given sizes, again and again. */
export function fieldsOf(reader: Reader, bytes: Buffer, path = '', sizes?: readonly number[]): readonly Field[] {
  const fields: Field[] = [];
  eachField(reader, bytes, { path, sizes }, (field) => fields.push(field));
  return fields;
}

/** Reads without keeping a field: for the time of the reading alone, and not of collecting thousands. */
export function drain(reader: Reader, bytes: Buffer, path = ''): void {
  eachField(reader, bytes, { path, sizes: undefined }, () => undefined);
}

function eachField(
  reader: Reader,
  bytes: Buffer,
  { path, sizes = [65_536] }: { readonly path: string; readonly sizes: readonly number[] | undefined },
  onField: (field: Field) => void,
): void {
  const reading = reader.open(headOf(path, bytes), vocabulary);
  let at = 0;
  for (let piece = 0; at < bytes.length; piece++) {
    const size = sizes[piece % sizes.length] ?? 1;
    // A copy that is overwritten afterwards, as the next stage may.
    const part = Buffer.from(bytes.subarray(at, at + size));
    for (const field of reading.write(part)) onField(field);
    part.fill(0);
    at += size;
  }
  for (const field of reading.end()) onField(field);
}

/** `labels < above: value`, of all fields with a label. */
export function labelled(fields: readonly Field[]): readonly string[] {
  return fields
    .filter((field) => field.labels.length > 0)
    .map((field) => `${field.labels.join(' < ')}: ${field.value}`);
}

/** What the entry holds where the field says that its value is. */
export function bytesAt(bytes: Buffer, field: Field): string {
  const { offset, value, span } = field;
  if (span === 'bytes') return bytes.toString('latin1', offset, offset + value.length);
  return bytes.toString('utf8', offset, offset + Buffer.byteLength(value));
}
