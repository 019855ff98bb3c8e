import type { Field } from '../detect/field.ts';
import { decodeBytes } from './charset.ts';

/** The text of a whole entry, with the way from its characters to its bytes, lines and columns. */
export class TextPlaces {
  readonly text: string;
  readonly span: Extract<Field['span'], 'bytes' | 'utf8'>;
  /** The place asked for last; mostly the next one is a little behind it. */
  #index = 0;
  #offset = 0;
  /** Line number, and where in the text the line begins. */
  #line = 1;
  #lineStart = 0;
  /** Where the next line end is: searched once for each line, however long. */
  #newline: number;

  constructor(bytes: Buffer) {
    const { text, span } = decodeBytes(bytes);
    this.text = text;
    this.span = span;
    this.#newline = this.#newlineFrom(0);
  }

  /** Of a character index, in any order. */
  at(index: number): Pick<Field, 'offset' | 'line' | 'column'> {
    if (index < this.#index) this.#back(index);
    else this.#forth(index);
    this.#index = index;
    return { offset: this.#offset, line: this.#line, column: index - this.#lineStart + 1 };
  }

  #forth(index: number): void {
    this.#offset += this.#bytes(this.#index, index);
    while (this.#newline < index) {
      this.#line++;
      this.#lineStart = this.#newline + 1;
      this.#newline = this.#newlineFrom(this.#lineStart);
    }
  }

  #back(index: number): void {
    this.#offset -= this.#bytes(index, this.#index);
    if (index >= this.#lineStart) return;
    for (let newline = this.#newlineFrom(index); newline < this.#lineStart;) {
      this.#line--;
      newline = this.#newlineFrom(newline + 1);
    }
    this.#lineStart = index === 0 ? 0 : this.text.lastIndexOf('\n', index - 1) + 1;
    this.#newline = this.#newlineFrom(index);
  }

  /** Behind the text where there is none. */
  #newlineFrom(index: number): number {
    const newline = this.text.indexOf('\n', index);
    return newline < 0 ? this.text.length : newline;
  }

  #bytes(start: number, end: number): number {
    return this.span === 'bytes' ? end - start : Buffer.byteLength(this.text.slice(start, end));
  }
}
