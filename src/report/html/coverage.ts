/** The coverage ledger: what was read, layer by layer, and what was not, with its reason. */

import type { Gap, GapReason, Report } from '../../finding.ts';
import type { Target } from '../../target.ts';
import { gapsByReason } from '../gaps-by-reason.ts';
import { byteSize, counted, grouped } from '../units.ts';
import { gapRemedy, gapSentence, kindWords } from '../words.ts';
import { type Markup, markup, prose } from './markup.ts';
import { layerTitle } from './parts.ts';
import { GAP_SYMBOL } from './row-markup.ts';
import { tableMarkup } from './table-markup.ts';

/** Places of one reason that are shown at once; the others are in the page, too. */
const PLACES_SHOWN = 20;

export function coverageMarkup({ coverage, targets, sweep }: Report): Markup {
  const { complete, gaps, bytes, entries } = coverage;
  const scanned = `${byteSize(bytes)} in ${counted(entries, 'entry', 'entries')} scanned.`;
  const verdict = complete
    ? markup`<p class="complete"><span aria-hidden="true">✓</span> Complete: nothing was left unread. ${scanned}</p>`
    : markup`<p class="incomplete"><span aria-hidden="true">${GAP_SYMBOL}</span> INCOMPLETE: ${counted(gaps.length, 'gap')}. ${scanned} What was not read may hold anything.</p>`;
  return markup`<section aria-labelledby="coverage"><h2 id="coverage">Coverage</h2>
${verdict}
${[...gapsByReason(gaps)].map(([reason, same]) => reasonMarkup(reason, same, targets.length > 1))}
${sweep === undefined && targets.filter(({ layers }) => layers.length > 0).map((target) => layersMarkup(target, gaps))}
</section>
`;
}

function reasonMarkup(reason: GapReason, gaps: readonly Gap[], isNamed: boolean): Markup {
  const places = gaps.map((gap) => placeMarkup(gap, isNamed));
  const more = places.length - PLACES_SHOWN;
  return markup`<section class="gap"><h3><span class="badge incomplete">${GAP_SYMBOL} ${reason}</span> ${counted(gaps.length, 'place')}</h3>
<p>${gapSentence(reason)} <span class="remedy">${prose(gapRemedy(reason))}</span></p>
<ul>${places.slice(0, PLACES_SHOWN)}</ul>
${more > 0 && markup`<details><summary>${counted(more, 'further place')}</summary><ul>${places.slice(PLACES_SHOWN)}</ul></details>`}
</section>
`;
}

function placeMarkup({ location, detail = '', bytes }: Gap, isNamed: boolean): Markup {
  const { kind, path, layer, target } = location;
  const facts = [
    isNamed && path !== target && target !== '' ? target : '',
    kind === 'file' ? '' : kindWords(kind),
    layer === undefined || path === '' ? '' : `layer ${layer.index}`,
    bytes === undefined ? '' : byteSize(bytes),
    detail,
  ].filter((fact) => fact !== '');
  return markup`<li><code>${path || (layer === undefined ? target : `all of layer ${layer.index}`)}</code> <span>${facts.join(', ')}</span></li>
`;
}

function layersMarkup({ reference, platform, layers }: Target, gaps: readonly Gap[]): Markup {
  const own = gaps.filter(({ location }) => location.target === reference);
  const rows = layers.map((layer) => {
    const whole = layer.folders?.find(({ path }) => path === '');
    const count = own.filter(
      ({ location }) => location.layer?.index === layer.index && location.layer.digest === layer.digest,
    );
    return markup`<tr><th scope="row">${layerTitle(layer)}</th><td>${byteSize(layer.bytes)}</td><td>${
      whole === undefined ? '' : byteSize(whole.bytes)
    }</td><td>${grouped(layer.entries)}</td><td>${
      count.length === 0
        ? 'read'
        : markup`<span class="badge incomplete">${GAP_SYMBOL} ${counted(count.length, 'gap')}</span>`
    }</td><td><code class="digest">${layer.digest}</code></td></tr>
`;
  });
  const title = `Layers of ${reference}${platform === '' ? '' : ` (${platform})`}`;
  return tableMarkup(title, ['Layer', 'Stored', 'Unpacked files', 'Entries', 'Coverage', 'Digest'], rows);
}
