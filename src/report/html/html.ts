/** The report as one HTML file that needs nothing else, and asks nobody for anything. */

import { createHash } from 'node:crypto';
import type { Report } from '../../finding.ts';
import { ordered } from '../order.ts';
import { printableJson } from '../printable.ts';
import { counted, grouped } from '../units.ts';
import { PAGE_SCRIPT, PAGE_STYLE } from './assets.ts';
import { coverageMarkup } from './coverage.ts';
import { filterMarkup, overviewMarkup } from './filters.ts';
import { findingRows } from './finding-rows.ts';
import { type Markup, markup, prose } from './markup.ts';
import { type PageModel, ROWS_SHOWN } from './page-model.ts';
import { partTree } from './parts.ts';
import { pictureOf } from './picture.ts';
import { findingMarkup } from './row-markup.ts';
import { imageRows, sweptMarkup } from './swept-images.ts';
import { scannedMarkup, type VerdictOptions, verdictMarkup } from './verdict.ts';

/** Images that have a picture of their own; of a sweep there is none. */
const PICTURES = 40;

export function renderHtml(unordered: Report, options: VerdictOptions): string {
  const report = ordered(unordered);
  const tree = report.sweep === undefined ? partTree(report) : undefined;
  const rows = findingRows(report, tree);
  const images = report.sweep && imageRows(report.sweep, rows.targets);
  const model: PageModel = {
    ...rows,
    parts: tree?.parts.map(({ title, end, gaps }) => ({ title, end, gaps })) ?? [],
    ...(images && { images }),
  };
  const pictures = (tree?.targets ?? []).slice(0, PICTURES).map((target, index) => pictureOf(target, index === 0));
  const title = titleOf(report);
  const body = markup`<a class="skip" href="#findings">Skip to the findings</a>
<header class="page"><p class="brand">phiscan <span>report on protected health information</span></p>
<h1>${title}</h1>
<fieldset class="theme needs-script"><legend>Colours</legend>${['auto', 'light', 'dark'].map(
    (theme) =>
      markup`<label><input type="radio" name="theme" value="${theme}"${theme === 'auto' && markup` checked`}> <span>${theme}</span></label>`,
  )}</fieldset></header>
<main>
${verdictMarkup(report, options)}
<div class="scanned">${scannedMarkup(report)}</div>
${report.sweep && images && sweptMarkup(report.sweep, images)}
${
  pictures.length > 0 &&
  markup`<section aria-labelledby="picture"><h2 id="picture">Where it is</h2>
<p class="hint needs-script">${
    report.targets.some(({ layers }) => layers.length > 0)
      ? 'A layer’s area is its share of the image, a folder’s its share of the layer.'
      : 'A folder’s area is its share of what was scanned.'
  } Choose a part to see its findings; the arrow keys move between parts.</p>
${pictures.map((picture) => picture.markup)}</section>`
}
${findingsMarkup(model, tree)}
${remediesMarkup(model)}
${coverageMarkup(report)}
</main>
`;
  return page(title, PAGE_STYLE + pictures.map(({ rules }) => rules).join(''), model, body);
}

function titleOf({ targets, sweep }: Report): string {
  if (sweep !== undefined) return `Sweep of ${counted(sweep.totals.repositories, 'repository', 'repositories')}`;
  const references = [...new Set(targets.map(({ reference }) => reference))];
  const [first = 'Nothing'] = references;
  return references.length > 1 ? `${first} and ${counted(references.length - 1, 'other')}` : first;
}

function findingsMarkup(model: PageModel, tree: ReturnType<typeof partTree> | undefined): Markup {
  const { findings } = model;
  if (findings.length === 0)
    return markup`<section aria-labelledby="findings"><h2 id="findings">Findings</h2><p>None.</p></section>`;
  const more = findings.length - ROWS_SHOWN;
  return markup`<section aria-labelledby="findings"><h2 id="findings" tabindex="-1">Findings</h2>
${model.images && markup`<p class="hint">A finding in a layer that images share is listed once.</p>`}
${overviewMarkup(findings)}
${filterMarkup(findings, tree)}
<div class="toolbar"><p id="finding-status" class="status" role="status">${counted(findings.length, 'finding')}</p><div id="narrowed" class="narrowed"></div></div>
${more > 0 && markup`<noscript><p>Without JavaScript the first ${grouped(ROWS_SHOWN)} are shown; the others are in this file as JSON.</p></noscript>`}
<ol id="finding-list" class="findings">
${findings.slice(0, ROWS_SHOWN).map((row) => findingMarkup(row, model))}</ol>
<button type="button" id="more-findings" class="more needs-script"${more <= 0 && markup` hidden`}>Show more findings</button>
</section>
`;
}

/** What to do, for the worst first, and how many findings each sentence answers. */
function remediesMarkup({ findings, remedies }: PageModel): Markup | undefined {
  const counts = remedies.map(() => 0);
  for (const { remedy, accepted } of findings) if (accepted === undefined) counts[remedy] = (counts[remedy] ?? 0) + 1;
  const sentences = remedies.flatMap((sentence, index) => {
    const count = counts[index] ?? 0;
    if (count === 0) return [];
    const button = markup`<button type="button" class="link needs-script" data-remedy="${index}">show ${count === 1 ? 'it' : 'them'}</button>`;
    return [
      markup`<li><p>${prose(sentence)}</p><p class="context">${counted(count, 'finding')} ${button}</p></li>
`,
    ];
  });
  if (sentences.length === 0) return undefined;
  return markup`<section aria-labelledby="remedies"><h2 id="remedies">What to do</h2><ol class="remedies">
${sentences}</ol></section>
`;
}

function page(title: string, style: string, model: PageModel, body: Markup): string {
  const policy = `default-src 'none'; script-src '${hashOf(PAGE_SCRIPT)}'; style-src '${hashOf(style)}'; base-uri 'none'; form-action 'none'`;
  // A path may hold `</script>`, and a text of the style none of what came from outside.
  const json = printableJson(JSON.stringify(model)).replace(/[<>&]/g, (character) => {
    return `\\u00${character.charCodeAt(0).toString(16)}`;
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
${markup`<title>phiscan: ${title}</title>`.toString()}
<style>${style}</style>
</head>
<body>
${body.toString()}<script type="application/json" id="model">${json}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
