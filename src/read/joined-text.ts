import type { Field } from '../detect/field.ts';

/** Adds what stands in a value to the fields. */
export type Emit = (leaf: Field, fields: Field[]) => void;

/** Parts that are kept of one text; a longer one is an attack, and its further parts are read by themselves. */
const PARTS = 10_000;
/** Characters of the whole, for the same reason: a long delimiter between many parts is longer than the file. */
const LENGTH = 1024 * 1024;
/** What stands for a part that is known only when the template is filled. */
const REFERENCE = '${reference}';

/**
 * A text that a template puts together: CloudFormation's Fn::Join, a delimiter and a list of parts. Its literal parts are
 * read in order, as the text they become; a line of it stands where the part stands that it begins in.
 */
export class JoinedText {
  /** What its fields are given to, once it is whole. */
  emit: Emit | undefined;
  readonly #whole: Field;
  #delimiter: string | undefined;
  #length = 0;
  readonly #parts: { readonly text: string; readonly place: Field | undefined }[] = [];

  /** `whole`: the place and labels of the text; its value is empty. */
  constructor(whole: Field) {
    this.#whole = whole;
  }

  /** False when there is no more room: the part is read by itself. The first one is the delimiter. */
  add(part: Field): boolean {
    if (this.#delimiter === undefined) {
      this.#delimiter = part.value;
      return true;
    }
    return this.#push(part.value, part);
  }

  /** An empty delimiter: the usual one, which is no value to be added. */
  addEmpty(): void {
    this.#delimiter ??= '';
  }

  /** The reference added last is a literal text after all. */
  fill(part: Field): boolean {
    if (this.#parts.at(-1)?.place !== undefined) return false;
    this.#length -= this.#parts.pop()?.text.length ?? 0;
    return this.#push(part.value, part);
  }

  addReference(): void {
    this.#push(REFERENCE, undefined);
  }

  #push(text: string, place: Field | undefined): boolean {
    const length = this.#length + text.length + (this.#delimiter?.length ?? 0);
    if (this.#parts.length >= PARTS || length > LENGTH) return false;
    this.#length = length;
    this.#parts.push({ text, place });
    return true;
  }

  /** A document as a whole; any other text line by line. */
  *fields(): Iterable<Field> {
    const delimiter = this.#delimiter ?? '';
    const text = this.#parts.map((part) => part.text).join(delimiter);
    if (/^\s*[[{]/.test(text)) {
      yield this.#at(text, 0);
      return;
    }
    let part = 0;
    let partEnd = this.#parts[0]?.text.length ?? 0;
    let start = 0;
    for (const line of text.split('\n')) {
      while (partEnd <= start && part < this.#parts.length - 1) {
        part++;
        partEnd += delimiter.length + (this.#parts[part]?.text.length ?? 0);
      }
      if (line.trim() !== '') yield this.#at(line, part);
      start += line.length + 1;
    }
  }

  /** The text at the place of this part, or of the next one that has a place. */
  #at(value: string, part: number): Field {
    const place = this.#parts.slice(part).find((one) => one.place !== undefined)?.place ?? this.#whole;
    const { offset, line, column } = place;
    return { ...this.#whole, value, offset, line, column, span: 'fixed' };
  }
}
