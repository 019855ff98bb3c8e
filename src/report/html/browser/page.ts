/** The script of the report's page. Without it all is there to read, but the findings behind the first ones. */

import { counted } from '../../units.ts';
import type { PageModel } from '../page-model.ts';
import { imageMarkup } from '../row-markup.ts';
import { byId, valueOf } from './elements.ts';
import { FindingFilters } from './finding-filters.ts';
import { PagedList } from './paged-list.ts';
import { movesByArrows } from './picture-keys.ts';
import { printsWhole } from './print.ts';

const root = document.documentElement;
root.classList.add('with-script');

const model = JSON.parse(byId('model', HTMLScriptElement).text) as PageModel;
const form = document.getElementById('filters');
const filters = form instanceof HTMLFormElement ? new FindingFilters(model, form) : undefined;
const images = model.images === undefined ? undefined : imageList(model.images);

for (const picture of document.querySelectorAll<HTMLElement>('.parts')) movesByArrows(picture);
printsWhole(() => {
  filters?.showAll();
  images?.showAll();
});

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null;
  if (button === null || filters === undefined) return;
  const { part, target: image, remedy, identifier, severity } = button.dataset;
  if (part !== undefined) filters.choose({ part: isPressed(button) ? undefined : Number(part) });
  else if (image !== undefined) filters.choose({ target: Number(image) });
  else if (remedy !== undefined) filters.choose({ remedy: Number(remedy) });
  else if (identifier !== undefined && severity !== undefined) filters.chooseCount(identifier, severity);
  else return;
  // A part of the picture stays where the reader is; what is far away from the findings leads to them.
  if (!button.classList.contains('part')) byId('findings', HTMLElement).focus();
});

document.addEventListener('change', ({ target }) => {
  if (target instanceof HTMLInputElement && target.name === 'theme') root.dataset['theme'] = target.value;
});

function isPressed(button: Element): boolean {
  return button.getAttribute('aria-pressed') === 'true';
}

function imageList(rows: NonNullable<PageModel['images']>): PagedList<(typeof rows)[number]> {
  const body = byId('images', HTMLElement).querySelector('tbody');
  if (body === null) throw new Error('the page has no rows of images');
  const list = new PagedList(body, byId('more-images', HTMLElement), rows, imageMarkup);
  const form = byId('image-filters', HTMLFormElement);
  form.addEventListener('input', () => {
    const text = valueOf(form, 'text').toLowerCase();
    const outcome = valueOf(form, 'outcome');
    const shown = rows.filter((row) => {
      return row.name.toLowerCase().includes(text) && (outcome === '' || row.outcome === outcome);
    });
    list.set(shown);
    byId('image-status', HTMLElement).textContent = counted(shown.length, 'image');
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
  });
  return list;
}
