/** A sweep: repositories in numbers, and the images, those that are not clean first. */

import { SEVERITIES, type SweepSummary, type SweptOutcome, type SweptRow } from '../../finding.ts';
import { shortDigest } from '../short-digest.ts';
import { byteSize, counted, grouped } from '../units.ts';
import { type Markup, markup } from './markup.ts';
import { type ImageRow, ROWS_SHOWN } from './page-model.ts';
import { imageMarkup } from './row-markup.ts';
import { tableMarkup } from './table-markup.ts';

const WORST_FIRST: readonly SweptOutcome[] = ['findings', 'incomplete', 'clean'];

export function imageRows({ rows }: SweepSummary, targets: readonly string[]): readonly ImageRow[] {
  const numbers = new Map(targets.map((target, index) => [target, index]));
  return rows
    .map((row): ImageRow => {
      const target = numbers.get(keyOf(row));
      return {
        name: nameOf(row),
        ...(target !== undefined && { target }),
        outcome: row.outcome,
        complete: row.complete,
        counts: countWords(row),
        ...(row.pushedAt !== undefined && { pushed: row.pushedAt }),
        ...(row.remembered && { remembered: true }),
      };
    })
    .sort((left, right) => WORST_FIRST.indexOf(left.outcome) - WORST_FIRST.indexOf(right.outcome));
}

/** As findings name it. */
function keyOf({ registry, repository, digest }: SweptRow): string {
  const name = repository === '' ? registry : `${registry}/${repository}`;
  return digest === '' ? name : `${name}@${digest}`;
}

/** `123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:1.4 (+2)` */
function nameOf({ registry, repository, digest, tags }: SweptRow): string {
  const name = repository === '' ? registry : `${registry}/${repository}`;
  if (digest === '') return `${name} (texts)`;
  const [tag] = tags;
  return tag === undefined
    ? `${name}@${shortDigest(digest)}`
    : `${name}:${tag}${tags.length > 1 ? ` (+${tags.length - 1})` : ''}`;
}

function countWords({ findings, accepted, gaps }: SweptRow): string {
  const words = SEVERITIES.filter((severity) => findings[severity] > 0).map(
    (severity) => `${grouped(findings[severity])} ${severity}`,
  );
  if (accepted > 0) words.push(`${grouped(accepted)} accepted`);
  if (gaps > 0) words.push(counted(gaps, 'gap'));
  return words.join(', ');
}

export function sweptMarkup({ totals, rows }: SweepSummary, images: readonly ImageRow[]): Markup {
  const { layers, rememberedLayers, readLayers, readBytes } = totals;
  const more = images.length - ROWS_SHOWN;
  return markup`<section aria-labelledby="swept"><h2 id="swept">What was swept</h2>
<p>${counted(totals.images, 'image')} in ${counted(totals.repositories, 'repository', 'repositories')}, ${grouped(totals.rememberedImages)} of them remembered; ${counted(layers, 'layer')}: ${grouped(rememberedLayers)} remembered, ${grouped(readLayers)} read (${byteSize(readBytes)}).</p>
${tableMarkup('Repositories', ['Repository', 'Images', 'Clean', 'Findings', 'Incomplete'], repositoryRows(rows))}
<form id="image-filters" class="filters needs-script" aria-label="Filter the images">
<label>Name <input type="search" name="text" autocomplete="off" placeholder="repository, tag, digest"></label>
<label>Outcome <select name="outcome"><option value="">all</option>${WORST_FIRST.map((outcome) => markup`<option value="${outcome}">${outcome}</option>`)}</select></label>
</form>
<p id="image-status" class="status" role="status">${counted(images.length, 'image')}</p>
<div id="images">${tableMarkup('Images', ['Image', 'Outcome', 'Found', 'Pushed'], images.slice(0, ROWS_SHOWN).map(imageMarkup))}</div>
<button type="button" id="more-images" class="more needs-script"${more <= 0 && markup` hidden`}>Show more images</button>
</section>
`;
}

function repositoryRows(rows: readonly SweptRow[]): readonly Markup[] {
  const repositories = new Map<string, Record<SweptOutcome | 'images', number>>();
  for (const { registry, repository, digest, outcome } of rows) {
    if (digest === '') continue;
    const name = `${registry}/${repository}`;
    const counts = repositories.get(name) ?? { images: 0, clean: 0, findings: 0, incomplete: 0 };
    counts.images += 1;
    counts[outcome] += 1;
    repositories.set(name, counts);
  }
  return [...repositories].map(
    ([name, { images, clean, findings, incomplete }]) =>
      markup`<tr><th scope="row"><code>${name}</code></th><td>${grouped(images)}</td><td>${grouped(clean)}</td><td>${grouped(findings)}</td><td>${grouped(incomplete)}</td></tr>
`,
  );
}
