import type { Markup } from '../markup.ts';
import { ROWS_SHOWN } from '../page-model.ts';

/** A list of which the first rows are shown, and more at each request. */
export class PagedList<Row> {
  readonly #list: Element;
  readonly #more: HTMLElement;
  readonly #markupOf: (row: Row) => Markup;
  #rows: readonly Row[];
  #shown: number;

  /** The page has the first ones of `rows` already. */
  constructor(list: Element, more: HTMLElement, rows: readonly Row[], markupOf: (row: Row) => Markup) {
    this.#list = list;
    this.#more = more;
    this.#rows = rows;
    this.#markupOf = markupOf;
    this.#shown = Math.min(rows.length, ROWS_SHOWN);
    more.addEventListener('click', () => {
      const first = this.#shown;
      this.#show(ROWS_SHOWN);
      // The button may be gone: reading goes on where the new rows begin.
      const row = this.#list.children[first];
      if (row instanceof HTMLElement) {
        row.tabIndex = -1;
        row.focus();
      }
    });
    this.#label();
  }

  set(rows: readonly Row[]): void {
    this.#rows = rows;
    this.#shown = 0;
    this.#list.replaceChildren();
    this.#show(ROWS_SHOWN);
  }

  showAll(): void {
    this.#show(Infinity);
  }

  #show(more: number): void {
    const next = this.#rows.slice(this.#shown, this.#shown + more);
    this.#list.insertAdjacentHTML('beforeend', next.map((row) => this.#markupOf(row).toString()).join(''));
    this.#shown += next.length;
    this.#label();
  }

  #label(): void {
    const left = this.#rows.length - this.#shown;
    this.#more.hidden = left === 0;
    this.#more.textContent = `Show ${Math.min(left, ROWS_SHOWN)} more of ${left}`;
  }
}
