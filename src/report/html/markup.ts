import { printable } from '../printable.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML that is safe to put into a page. Only `markup` makes it. */
export class Markup {
  readonly #html: string;

  constructor(parts: readonly string[], values: readonly MarkupValue[]) {
    let html = parts[0] ?? '';
    for (const [index, value] of values.entries()) html += htmlOf(value) + (parts[index + 1] ?? '');
    this.#html = html;
  }

  toString(): string {
    return this.#html;
  }
}

/** `false` and undefined are nothing; a list is one after the other. */
export type MarkupValue = string | number | Markup | false | undefined | readonly Markup[];

/** A template of which every text is escaped, in elements as in quoted attributes. */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return new Markup(parts, values);
}

/** A sentence of ours, in which commands stand between backticks. */
export function prose(sentence: string): readonly Markup[] {
  return sentence.split('`').map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : markup`${part}`));
}

function htmlOf(value: MarkupValue): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.toString();
  if (typeof value === 'object') return value.map(htmlOf).join('');
  // Marks that turn the direction of a text around would show a path other than the real one.
  return printable(String(value)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
