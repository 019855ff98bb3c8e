/** A baseline for people, each place with who answers for it and for how long. */
import type { Baseline, BaselineEntry } from '../../baseline/baseline.ts';
import { daysBetween } from '../../baseline/day.ts';
import type { Palette } from '../../report/palette.ts';
import { cutMiddle, padded, printable, wrapped } from '../../report/printable.ts';
import { counted } from '../../report/units.ts';

export interface BaselineTableOptions {
  /** Fingerprints of what occurs now; undefined: it is not known. */
  readonly occurring: ReadonlySet<string> | undefined;
  /** `2026-11-22` */
  readonly today: string;
  readonly width: number;
  readonly palette: Palette;
}

/** Days before the end that are marked. */
const SOON = 14;
const DETECTOR_COLUMNS = 16;
const SEVERITY_COLUMNS = 10;

/** Ends in a newline. */
export function renderBaselineTable(baseline: Baseline, options: BaselineTableOptions): string {
  const lines = baseline.flatMap((entry) => entryLines(entry, options));
  const expired = baseline.filter(({ expires }) => expires < options.today).length;
  const words = [counted(baseline.length, 'place') + ' accepted'];
  if (expired > 0) words.push(options.palette.warning(`${expired} expired: they count again`));
  if (options.occurring !== undefined) {
    const absent = baseline.filter((entry) => isAbsent(entry, options.occurring)).length;
    if (absent > 0) words.push(`${absent} not in this report: phiscan baseline update drops them`);
  }
  return `${[...lines, words.join('; ')].join('\n')}\n`;
}

function entryLines(
  entry: BaselineEntry,
  { occurring, today, width, palette }: BaselineTableOptions,
): readonly string[] {
  const { severity, detector, count, outcome, place, reason, owner, expires } = entry;
  const facts = [counted(count, 'value'), ...(outcome === 'synthetic' ? ['synthetic'] : [])].join(', ');
  const left = daysBetween(today, expires);
  const until = `until ${expires}, ${daysWords(left)}`;
  const lines = [
    palette.path(cutMiddle(printable(place), width)),
    `  ${padded(severity, SEVERITY_COLUMNS)}${padded(detector, DETECTOR_COLUMNS)}${facts}`,
    `  ${left <= SOON ? palette.warning(until) : until}`,
    ...wrapped(`${printable(owner)}: ${printable(reason)}`, width - 2).map((line) => `  ${line}`),
  ];
  if (isAbsent(entry, occurring)) lines.push(`  ${palette.warning('not in this report')}`);
  return [...lines, ''];
}

function isAbsent({ fingerprint }: BaselineEntry, occurring: ReadonlySet<string> | undefined): boolean {
  return occurring !== undefined && !occurring.has(fingerprint);
}

function daysWords(left: number): string {
  if (left < 0) return `EXPIRED ${counted(-left, 'day')} ago`;
  return left === 0 ? 'the last day' : `${counted(left, 'day')} left`;
}
