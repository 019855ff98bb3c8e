/** The form that narrows the findings down, and the table of what was found, whose numbers do the same. */

import { SEVERITIES, type Severity } from '../../finding.ts';
import { counted, grouped } from '../units.ts';
import { type Markup, markup } from './markup.ts';
import type { FindingRow } from './page-model.ts';
import type { Part, PartTree } from './parts.ts';
import { SEVERITY_SYMBOLS } from './row-markup.ts';
import { tableMarkup } from './table-markup.ts';

export function filterMarkup(findings: readonly FindingRow[], tree: PartTree | undefined): Markup {
  const count = (severity: Severity): number => findings.filter((row) => row.severity === severity).length;
  const boxes = SEVERITIES.map(
    (severity) =>
      markup`<label class="choice ${severity}"><input type="checkbox" name="severity" value="${severity}" checked> <span><span aria-hidden="true">${SEVERITY_SYMBOLS[severity]}</span> ${severity} <small>${grouped(count(severity))}</small></span></label>
`,
  );
  const identifiers = titles(findings).map(
    ([identifier, title, number]) => markup`<option value="${identifier}">${title} (${grouped(number)})</option>`,
  );
  return markup`<form id="filters" class="filters needs-script" aria-label="Filter the findings">
<fieldset><legend>Severity</legend>${boxes}</fieldset>
<label>Text <input type="search" name="text" autocomplete="off" placeholder="path, field, layer, detector"></label>
<label>Identifier <select name="identifier"><option value="">all</option>${identifiers}</select></label>
${tree !== undefined && markup`<label>Layer or place <select name="part"><option value="">all</option>${tree.targets.map(placeOptions)}</select></label>`}
<label>Values <select name="outcome"><option value="">real and synthetic</option><option value="real">real</option><option value="synthetic">synthetic</option></select></label>
<label>Accepted <select name="accepted"><option value="">shown, too</option><option value="no">only what counts</option><option value="yes">only accepted</option><option value="lapsed">only lapsed</option></select></label>
<button type="reset">Show all</button>
</form>
`;
}

function placeOptions(target: Part): Markup {
  const inside = target.children
    .filter(({ kind }) => kind === 'layer' || kind === 'place')
    .map((part) => markup`<option value="${part.number}">${part.label}</option>`);
  return markup`<optgroup label="${target.title}"><option value="${target.number}">all of ${target.title}</option>${inside}</optgroup>`;
}

/** Identifiers with their titles and numbers, the most frequent first. */
function titles(findings: readonly FindingRow[]): readonly (readonly [string, string, number])[] {
  const counts = new Map<string, [string, string, number]>();
  for (const { identifier, title } of findings) {
    const row = counts.get(identifier);
    if (row === undefined) counts.set(identifier, [identifier, title, 1]);
    else row[2] += 1;
  }
  return [...counts.values()].sort((left, right) => right[2] - left[2]);
}

/** Identifiers by severity. */
export function overviewMarkup(findings: readonly FindingRow[]): Markup {
  const rows = titles(findings).map(([identifier, title]) => {
    const own = findings.filter((row) => row.identifier === identifier && row.accepted === undefined);
    const letter = findings.find((row) => row.identifier === identifier)?.letter ?? '';
    const cells = SEVERITIES.map((severity) => {
      const number = own.filter((row) => row.severity === severity).length;
      if (number === 0) return markup`<td class="zero">0</td>`;
      const label = `${counted(number, 'finding')} of severity ${severity}: ${title}`;
      return markup`<td><button type="button" class="count ${severity}" data-identifier="${identifier}" data-severity="${severity}" aria-label="${label}">${SEVERITY_SYMBOLS[severity]} ${grouped(number)}</button></td>`;
    });
    const accepted = findings.filter((row) => row.identifier === identifier && row.accepted !== undefined).length;
    return markup`<tr><th scope="row">${title}</th><td>${letter}</td>${cells}<td>${grouped(accepted)}</td></tr>
`;
  });
  const safeHarbor = markup`<abbr title="Letter of 45 CFR 164.514(b)(2)(i), the HIPAA Safe Harbor">Safe Harbor</abbr>`;
  const columns = ['Identifier', safeHarbor, ...SEVERITIES, 'accepted'];
  return tableMarkup('Findings by identifier and severity', columns, rows);
}
