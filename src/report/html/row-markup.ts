/** Rows as HTML: the page has the first ones, and its script makes the others in the same way. */

import type { Severity } from '../../finding.ts';
import { type Markup, markup, prose } from './markup.ts';
import type { FindingRow, ImageRow, PageModel } from './page-model.ts';

/** Told apart without colour, too. */
export const SEVERITY_SYMBOLS: Readonly<Record<Severity, string>> = {
  critical: '◆',
  high: '▲',
  medium: '■',
  low: '●',
  info: '○',
};
export const GAP_SYMBOL = '⊘';

function severityBadge(severity: Severity): Markup {
  return markup`<span class="badge ${severity}"><span aria-hidden="true">${SEVERITY_SYMBOLS[severity]}</span> ${severity}</span>`;
}

export function findingMarkup(row: FindingRow, { targets, layers, remedies }: PageModel): Markup {
  const [first = 0] = row.targets;
  const isNamed = targets.length > 1;
  const where = row.targets.length > 1 ? `${row.targets.length} images` : (targets[first] ?? '');
  const layer = row.layer === undefined ? undefined : layers[row.layer];
  return markup`<li class="finding ${row.severity}${row.accepted === undefined ? '' : ' accepted'}">
<div class="finding-head">${severityBadge(row.severity)}
<h3>${row.title}</h3>${row.letter !== undefined && tag(`Safe Harbor ${row.letter}`)}${row.synthetic && tag('synthetic')}${
    row.accepted !== undefined && tag('accepted')
  }${row.lapsed !== undefined && tag('acceptance lapsed')}
<span class="amount">${row.amount}</span></div>
<p class="where">${row.kind !== undefined && markup`<span class="kind">${row.kind}</span> `}${row.path !== '' && markup`<code>${row.path}</code>`}${
    row.place !== '' && markup` <span class="place">${row.place}</span>`
  }</p>
${[isNamed ? where : undefined, layer, row.instruction, row.hidden]
  .filter((text) => text !== undefined)
  .map((text) => markup`<p class="context">${text}</p>`)}
<details><summary>Remedy and evidence</summary><dl>
<dt>What to do</dt><dd>${prose(remedies[row.remedy] ?? '')}</dd>
${row.accepted !== undefined && markup`<dt>Accepted</dt><dd>${row.accepted}</dd>`}
${row.lapsed !== undefined && markup`<dt>Acceptance</dt><dd>${row.lapsed}</dd>`}
${row.targets.length > 1 && markup`<dt>Images</dt><dd>${row.targets.map((target) => targets[target] ?? '').join(', ')}</dd>`}
<dt>Evidence</dt><dd>${row.evidence}</dd>
<dt>Detector</dt><dd>${row.detector}</dd>
<dt>Fingerprint</dt><dd><code>${row.fingerprint}</code></dd>
</dl></details></li>
`;
}

function tag(text: string): Markup {
  return markup` <span class="tag">${text}</span>`;
}

export function imageMarkup(row: ImageRow): Markup {
  const words = { clean: '✓ clean', findings: '▲ findings', incomplete: `${GAP_SYMBOL} incomplete` }[row.outcome];
  const name =
    row.target === undefined
      ? markup`<code>${row.name}</code>`
      : markup`<button type="button" class="link" data-target="${row.target}"><code>${row.name}</code></button>`;
  return markup`<tr><th scope="row">${name}</th>
<td><span class="badge ${row.outcome === 'findings' ? 'high' : row.outcome}">${words}</span>${
    row.outcome === 'findings' &&
    !row.complete &&
    markup` <span class="badge incomplete">${GAP_SYMBOL} incomplete</span>`
  }</td>
<td class="text">${row.counts}</td><td>${row.pushed}${row.remembered && tag('remembered')}</td></tr>
`;
}
