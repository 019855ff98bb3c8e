import type { Field } from '../../detect/field.ts';
import { limits } from '../../limits.ts';
import type { Vocabulary } from '../../detect/vocabulary.ts';
import { textFields } from '../line-fields.ts';
import type { RecordNumbers } from '../record-numbers.ts';
import { decodeDicom } from './charset.ts';
import {
  CHARACTER_SET,
  DIRECTORY_RECORD_TYPE,
  IDENTITY_REMOVED,
  meaningOfTag,
  PHOTOGRAPHS,
  SOP_CLASS,
  SOP_INSTANCE,
  tagName,
} from './tags.ts';

/** Fields that wait to be told whether the data set was made anonymous. */
const WAITING = 256;
const PRINTABLE = /^[^\x00-\x08\x0e-\x1a\x1c-\x1f]*$/;
/** Backslashes part the values of one element. */
const SEVERAL = '\\';

/** What one data set says, element by element. Places count bytes of the entry. */
export class DicomDataSet {
  readonly #vocabulary: Vocabulary;
  readonly #numbers: RecordNumbers;
  #record: number;
  #characterSet = '';
  #sopClass = '';
  #waiting: Field[] = [];
  /** (0012,0062): who the patient is has been taken out. */
  #anonymous = false;

  constructor(vocabulary: Vocabulary, numbers: RecordNumbers) {
    this.#vocabulary = vocabulary;
    this.#numbers = numbers;
    this.#record = numbers.next();
  }

  /** `fixed`: the bytes are not those at `offset`, but were inflated. */
  element(tag: number, bytes: Buffer, at: { readonly offset: number; readonly fixed: boolean }, fields: Field[]): void {
    if (tag >>> 16 > 0x0012) this.flush(fields);
    const value = withoutPadding(bytes);
    if (this.#tell(tag, value.toString('latin1'), at.offset)) return;
    const meaning = meaningOfTag(tag);
    if (meaning === undefined || value.length === 0) return;
    const text = decodeDicom(value, this.#characterSet);
    const isPlain = !at.fixed && text === value.toString('latin1');
    const base: Field = {
      value: text,
      labels: meaning.kind === 'text' ? [] : [meaning.label],
      tie: meaning.kind === 'text' ? 'bare' : 'position',
      record: this.#record,
      offset: at.offset,
      line: 1,
      column: at.offset + 1,
      position: tagName(tag),
      span: isPlain ? 'bytes' : 'fixed',
    };
    if (meaning.kind === 'text') {
      const { position: _tag, ...plain } = base;
      if (PRINTABLE.test(text)) this.#add(textFields(text, plain, this.#vocabulary));
    } else {
      this.#add(partsOf(base, meaning.kind === 'name'));
    }
    if (this.#waiting.length > WAITING) this.flush(fields);
  }

  /** What an element says of others; true when it is no value of a person. */
  #tell(tag: number, text: string, offset: number): boolean {
    if (tag === CHARACTER_SET) this.#characterSet = text;
    else if (tag === IDENTITY_REMOVED) this.#anonymous = text === 'YES';
    else if (tag === SOP_CLASS) this.#sopClass = text;
    else if (tag === DIRECTORY_RECORD_TYPE) {
      if (text === 'PATIENT') this.#record = this.#numbers.next();
    } else if (tag === SOP_INSTANCE && PHOTOGRAPHS.test(this.#sopClass)) this.#addPhoto(text, offset);
    else return false;
    return true;
  }

  /** A photograph is one by its class: its pixels are never looked at. */
  #addPhoto(instance: string, offset: number): void {
    this.#add([
      {
        value: `photograph-${instance.replace(/[^\w.]/g, '')}.jpg`,
        labels: ['patient photo'],
        tie: 'position',
        record: this.#record,
        offset,
        line: 1,
        column: offset + 1,
        position: tagName(SOP_CLASS),
        span: 'fixed',
      },
    ]);
  }

  #add(fields: Iterable<Field>): void {
    for (const field of fields) if (field.value.length <= limits.lineBytes) this.#waiting.push(field);
  }

  /** What waited is told. */
  flush(fields: Field[]): void {
    for (const field of this.#waiting) fields.push(this.#anonymous ? { ...field, synthetic: true } : field);
    this.#waiting = [];
  }
}

/** PS3.5 6.2: values are padded with a blank or NUL. */
function withoutPadding(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end--;
  return bytes.subarray(0, end);
}

/** The values of an element; of a name the groups of one person in different scripts, without empty parts at their end. */
function* partsOf(base: Field, isName: boolean): Iterable<Field> {
  let start = 0;
  for (const part of base.value.split(isName ? /[=\\]/ : SEVERAL)) {
    const plain = part.trim().replace(/\^+$/, '');
    const shift = base.span === 'fixed' ? 0 : start + part.indexOf(plain);
    if (plain !== '') yield { ...base, value: plain, offset: base.offset + shift, column: base.column + shift };
    start += part.length + 1;
  }
}
