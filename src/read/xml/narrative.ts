import { limits } from '../../limits.ts';

/** XHTML's and CDA's elements that are lines of their own, and cells of a line. */
const LINES =
  /^(?:p|div|br|tr|li|ul|ol|dl|dd|table|thead|tbody|h[1-6]|hr|pre|blockquote|paragraph|list|item|caption|title)$/;
const CELLS = /^(?:td|th|dt)$/;

/** The words of a marked-up text as lines: one for each block or row of a table, whose cells are parted by tabs. */
export class Narrative {
  #text = '';

  add(text: string): void {
    this.#text += this.#text === '' || /\s$/.test(this.#text) ? text : ` ${text}`;
  }

  /** An element of it begins or ends. */
  tag(name: string, ends: boolean): void {
    if (LINES.test(name)) this.#part('\n');
    else if (ends && CELLS.test(name)) this.#part('\t');
  }

  #part(mark: string): void {
    if (this.#text !== '' && !this.#text.endsWith('\n')) this.#text += mark;
  }

  /** True when it is time to take it: a text without end must not fill the memory. */
  get isFull(): boolean {
    return this.#text.length > limits.lineBytes / 2;
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}
