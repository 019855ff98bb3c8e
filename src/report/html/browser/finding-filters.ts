import { counted, grouped } from '../../units.ts';
import type { PageModel } from '../page-model.ts';
import { findingMarkup } from '../row-markup.ts';
import { type Criteria, FindingSearch } from './criteria.ts';
import { byId, checkedValues, valueOf } from './elements.ts';
import { PagedList } from './paged-list.ts';

type Chosen = Pick<Criteria, 'part' | 'target' | 'remedy'>;
const NOTHING: Chosen = { part: undefined, target: undefined, remedy: undefined };

/** The findings of the page, and everything that narrows them down. */
export class FindingFilters {
  readonly #model: PageModel;
  readonly #form: HTMLFormElement;
  readonly #search: FindingSearch;
  readonly #list: PagedList<PageModel['findings'][number]>;
  #chosen: Chosen = NOTHING;

  constructor(model: PageModel, form: HTMLFormElement) {
    this.#model = model;
    this.#form = form;
    this.#search = new FindingSearch(model);
    const list = byId('finding-list', HTMLElement);
    this.#list = new PagedList(list, byId('more-findings', HTMLElement), model.findings, (row) =>
      findingMarkup(row, model),
    );
    form.addEventListener('input', (event) => {
      if (event.target instanceof HTMLSelectElement && event.target.name === 'part') {
        const { value } = event.target;
        this.#chosen = { ...this.#chosen, part: value === '' ? undefined : Number(value) };
      }
      this.#apply();
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
    });
    form.addEventListener('reset', () => {
      this.#chosen = NOTHING;
      // The form is as it was after this event.
      setTimeout(() => {
        this.#apply();
      });
    });
  }

  /** Narrows down to what was chosen in a picture or table, in place of what was chosen before. */
  choose(chosen: Partial<Chosen>): void {
    this.#chosen = { ...NOTHING, ...chosen };
    this.#apply();
  }

  /** One number of the overview. */
  chooseCount(identifier: string, severity: string): void {
    this.#form.reset();
    const select = this.#form.elements.namedItem('identifier');
    if (select instanceof HTMLSelectElement) select.value = identifier;
    for (const box of this.#form.querySelectorAll<HTMLInputElement>('input[name=severity]')) {
      box.checked = box.value === severity;
    }
    const accepted = this.#form.elements.namedItem('accepted');
    if (accepted instanceof HTMLSelectElement) accepted.value = 'no';
    this.#apply();
  }

  showAll(): void {
    this.#list.showAll();
  }

  #apply(): void {
    const criteria: Criteria = {
      ...this.#chosen,
      severities: checkedValues(this.#form, 'severity'),
      identifier: valueOf(this.#form, 'identifier'),
      outcome: valueOf(this.#form, 'outcome'),
      accepted: valueOf(this.#form, 'accepted'),
      text: valueOf(this.#form, 'text'),
    };
    const rows = this.#search.matching(criteria);
    this.#list.set(rows);
    const all = this.#model.findings.length;
    const part = this.#model.parts[criteria.part ?? -1];
    const gaps = part !== undefined && part.gaps > 0 ? `; ${counted(part.gaps, 'gap')} there, see Coverage` : '';
    const words =
      rows.length === all ? counted(all, 'finding') : `${grouped(rows.length)} of ${counted(all, 'finding')}`;
    byId('finding-status', HTMLElement).textContent = words + gaps;
    this.#tellChosen();
  }

  /** Names what was chosen, each with a button that takes it back. */
  #tellChosen(): void {
    const { part, target, remedy } = this.#chosen;
    const { parts, targets, remedies } = this.#model;
    const titles: readonly (readonly [keyof Chosen, string | undefined])[] = [
      ['part', part === undefined ? undefined : parts[part]?.title],
      ['target', target === undefined ? undefined : targets[target]],
      ['remedy', remedy === undefined ? undefined : remedies[remedy]],
    ];
    const buttons = titles.flatMap(([key, title]) => {
      if (title === undefined) return [];
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = `${title} ✕`;
      button.setAttribute('aria-label', `Not only ${title}`);
      button.addEventListener('click', () => {
        this.#chosen = { ...this.#chosen, [key]: undefined };
        this.#apply();
        byId('findings', HTMLElement).focus();
      });
      return [button];
    });
    byId('narrowed', HTMLElement).replaceChildren(...buttons);
    for (const box of document.querySelectorAll<HTMLElement>('button.part')) {
      box.setAttribute('aria-pressed', String(box.dataset['part'] === String(part)));
    }
    const select = this.#form.elements.namedItem('part');
    if (!(select instanceof HTMLSelectElement)) return;
    const value = part === undefined ? '' : String(part);
    select.value = value;
    // A folder: it is named beside the number of findings.
    if (select.selectedIndex < 0) select.selectedIndex = 0;
  }
}
