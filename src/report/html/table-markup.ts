import { type Markup, markup } from './markup.ts';

/** A table that scrolls by itself, by the keyboard too; its first cells are the headings of their rows. */
export function tableMarkup(title: string, columns: readonly (string | Markup)[], rows: readonly Markup[]): Markup {
  const heads = columns.map((column) => markup`<th scope="col">${column}</th>`);
  return markup`<section class="scroll" tabindex="0" aria-label="${title}"><table><caption>${title}</caption>
<thead><tr>${heads}</tr></thead><tbody>
${rows}</tbody></table></section>
`;
}
