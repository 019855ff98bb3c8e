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

  constructor(bytes: Buffer) {
    const { text, span } = decodeBytes(bytes);
    this.text = text;
    this.span = span;
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
    for (let newline = this.text.indexOf('\n', this.#index); newline >= 0 && newline < index;) {
      this.#line++;
      this.#lineStart = newline + 1;
      newline = this.text.indexOf('\n', this.#lineStart);
    }
  }

  #back(index: number): void {
    this.#offset -= this.#bytes(index, this.#index);
    if (index >= this.#lineStart) return;
    for (let newline = this.text.indexOf('\n', index); newline >= 0 && newline < this.#index;) {
      this.#line--;
      newline = this.text.indexOf('\n', newline + 1);
    }
    this.#lineStart = index === 0 ? 0 : this.text.lastIndexOf('\n', index - 1) + 1;
  }

  #bytes(start: number, end: number): number {
    return this.span === 'bytes' ? end - start : Buffer.byteLength(this.text.slice(start, end));
  }
}
