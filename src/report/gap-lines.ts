import type { Gap, Location } from '../finding.ts';
import { gapsByReason } from './gaps-by-reason.ts';
import type { Palette } from './palette.ts';
import { columnsOf, cutMiddle, printable, wrapped } from './printable.ts';
import { byteSize, grouped } from './units.ts';
import { gapSentence, kindWords } from './words.ts';

/** Places listed for one reason; JSON has them all. */
const placesListed = 10;

/** What was not read, by reason, each with its sentence; `named` puts the reference before each place. */
export function gapLines(gaps: readonly Gap[], named: boolean, width: number, palette: Palette): readonly string[] {
  if (gaps.length === 0) return [];
  const lines = ['', palette.warning('not read')];
  for (const [reason, same] of gapsByReason(gaps)) {
    const title = `${reason}${same.length === 1 ? '' : ` (${grouped(same.length)})`}: `;
    for (const [index, line] of wrapped(title + gapSentence(reason), width - 4).entries()) {
      lines.push(index === 0 ? `  ${line}` : `    ${line}`);
    }
    for (const gap of same.slice(0, placesListed)) lines.push(...gapPlace(gap, named, width));
    const more = same.length - placesListed;
    if (more > 0) lines.push(`    and ${grouped(more)} more; --format json lists them`);
  }
  return lines;
}

/** What happened stands below its place where both are too long for a line. */
function gapPlace({ location, bytes, detail }: Gap, named: boolean, width: number): readonly string[] {
  const target = printable(location.target);
  const place = where(location);
  const shown = named && !place.endsWith(target) ? `${target}: ${place}` : place;
  const facts = bytes === undefined ? [] : [byteSize(bytes)];
  if (detail !== undefined && detail !== '') facts.push(printable(detail));
  const line = [shown, ...facts].join(', ');
  if (facts.length === 0 || columnsOf(line) <= width - 4) return [`    ${cutMiddle(line, width - 4)}`];
  return [`    ${cutMiddle(shown, width - 4)}`, `      ${cutMiddle(facts.join(', '), width - 6)}`];
}

function where(location: Location): string {
  const layer = location.layer === undefined ? '' : `layer ${location.layer.index}`;
  const path = printable(location.path);
  if (path !== '') return layer === '' ? path : `${path} (${layer})`;
  if (layer !== '') return `all of ${layer}`;
  if (location.kind === 'file') return printable(location.target);
  return `${kindWords(location.kind)} of ${printable(location.target)}`;
}
