/** What a reader must know first: what was scanned, what came of it, and whether all of it was read. */

import { SEVERITIES, type Report } from '../../finding.ts';
import { exitCodes } from '../gate.ts';
import { byteSize, counted, duration, grouped } from '../units.ts';
import type { ViewOptions } from '../view.ts';
import { type Markup, markup } from './markup.ts';
import { GAP_SYMBOL, SEVERITY_SYMBOLS } from './row-markup.ts';
import { tableMarkup } from './table-markup.ts';

export type VerdictOptions = Pick<ViewOptions, 'failOn' | 'exitCode'>;

export function verdictMarkup(report: Report, options: VerdictOptions): Markup {
  const { summary, coverage } = report;
  const worst = SEVERITIES.find((severity) => summary[severity] > 0);
  const count = SEVERITIES.reduce((sum, severity) => sum + summary[severity], 0);
  const tone = worst ?? (coverage.complete ? 'clean' : 'incomplete');
  return markup`<section class="verdict ${tone}" aria-labelledby="verdict">
<h2 id="verdict"><span aria-hidden="true">${
    worst === undefined ? (coverage.complete ? '✓' : GAP_SYMBOL) : SEVERITY_SYMBOLS[worst]
  }</span> ${worst === undefined ? (coverage.complete ? 'Clean' : 'INCOMPLETE') : `${counted(count, 'finding')}, the worst ${worst}`}${
    worst !== undefined && !coverage.complete && markup` <span class="badge incomplete">${GAP_SYMBOL} INCOMPLETE</span>`
  }</h2>
<p>${worst === undefined && 'Nothing was found in what was read. '}${readWords(report)}</p>
${summary.accepted > 0 && markup`<p>${counted(summary.accepted, 'accepted finding')} ${summary.accepted === 1 ? 'is' : 'are'} listed and ${summary.accepted === 1 ? 'does' : 'do'} not count.</p>`}
<p class="gate">${gateWords(options)}</p>
</section>
${tiles(report)}
`;
}

function readWords({ coverage, summary }: Report): string {
  const scanned = `${byteSize(coverage.bytes)} in ${counted(coverage.entries, 'entry', 'entries')} ${coverage.entries === 1 ? 'was' : 'were'} scanned in ${duration(summary.durationMs)}`;
  return coverage.complete
    ? `${scanned}; nothing was left unread.`
    : `${scanned}; ${counted(coverage.gaps.length, 'gap')} ${coverage.gaps.length === 1 ? 'was' : 'were'} not read, and may hold anything.`;
}

function gateWords({ failOn, exitCode }: VerdictOptions): string {
  const rule =
    failOn === 'none' ? 'findings never fail this run' : `findings of severity ${failOn} and above fail this run`;
  switch (exitCode) {
    case exitCodes.clean:
      return `Passed: ${rule}${failOn === 'none' ? '' : ', and there are none'}.`;
    case exitCodes.findings:
      return `Failed: ${rule}.`;
    case exitCodes.error:
      return 'Not decided: something could not be opened.';
    case exitCodes.incomplete:
      return `Not passed: ${rule}, and so does what was not read.`;
  }
}

function tiles({ summary }: Report): Markup {
  const severities = SEVERITIES.map(
    (severity) =>
      markup`<li class="${summary[severity] > 0 ? severity : 'none'}"><b>${grouped(summary[severity])}</b> <span><span aria-hidden="true">${SEVERITY_SYMBOLS[severity]}</span> ${severity}</span></li>`,
  );
  return markup`<ul class="tiles">${severities}
<li class="none"><b>${grouped(summary.accepted)}</b> <span>accepted</span></li>
<li class="${summary.gaps > 0 ? 'incomplete' : 'none'}"><b>${grouped(summary.gaps)}</b> <span><span aria-hidden="true">${GAP_SYMBOL}</span> ${summary.gaps === 1 ? 'gap' : 'gaps'}</span></li></ul>
`;
}

/** References, digests and how they were read. */
export function scannedMarkup({ targets, tool, sweep }: Report): Markup {
  if (sweep !== undefined) return toolMarkup(tool);
  const rows = targets.map(
    ({ reference, platform, digest, source, absentPlatforms = [] }) =>
      markup`<tr><th scope="row"><code>${reference}</code></th><td>${platform}</td><td><code class="digest">${digest}</code></td><td class="text">${source}${
        absentPlatforms.length > 0 && `; listed, but not in this source: ${absentPlatforms.join(', ')}`
      }</td></tr>
`,
  );
  const table = tableMarkup('What was scanned', ['Reference', 'Platform', 'Digest', 'Read as'], rows);
  return markup`${targets.length > 0 && table}${toolMarkup(tool)}`;
}

function toolMarkup({ name, version, ruleset }: Report['tool']): Markup {
  return markup`<p class="tool">${name} ${version}, rules <code>${ruleset}</code>. No detected value is in this file: places, counts and masks only.</p>
`;
}
