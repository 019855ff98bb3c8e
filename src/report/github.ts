/**
 * Workflow commands of GitHub Actions, which become annotations on files (GitHub Docs, "Workflow commands for GitHub Actions";
 * escapes as in @actions/core). A step shows ten of each kind.
 */
import type { Finding, Gap, Report, Severity } from '../finding.ts';
import { gapsByReason } from './gaps-by-reason.ts';
import { exitCodes, reaches } from './gate.ts';
import { ordered } from './order.ts';
import { cutText, printable } from './printable.ts';
import { type RepositoryPlace, RepositoryPlaces } from './repository-place.ts';
import { findingSentence, gapWords, lapseSentences, placeSentences, remedyWords } from './sentences.ts';
import { counted } from './units.ts';
import type { ViewOptions } from './view.ts';
import { gapSentence } from './words.ts';

/** In all, whatever their kind: more bury what matters. */
const MOST = 10;
/** Characters of a message: longer ones are cut on the page. */
const LONGEST = 1000;

type Command = 'error' | 'warning' | 'notice';

interface Annotation {
  readonly command: Command;
  readonly place: RepositoryPlace | undefined;
  readonly title: string;
  readonly message: string;
}

/** At most ten lines, the worst first; the last one says how many more there are. Accepted findings have none. */
export function renderGithub(unordered: Report, options: ViewOptions): string {
  const report = ordered(unordered);
  const places = new RepositoryPlaces(report, options);
  const findings = report.findings.filter(({ accepted, severity }) => accepted === undefined && severity !== 'info');
  const annotations = [
    ...findings.map((finding) => ofFinding(finding, report, places, options)),
    ...[...gapsByReason(report.coverage.gaps).values()].map((gaps) => ofGaps(gaps, places, options)),
  ].sort((left, right) => COMMANDS.indexOf(left.command) - COMMANDS.indexOf(right.command));
  if (annotations.length <= MOST) return annotations.map(lineOf).join('');
  const shown = annotations.slice(0, MOST - 1);
  const left = annotations.slice(MOST - 1);
  const more: Annotation = {
    // As bad as the worst of those that it stands for, which are sorted.
    command: left[0]?.command ?? 'notice',
    place: undefined,
    title: `phiscan: ${left.length} more`,
    message: `${counted(left.length, 'further annotation')} left out here: the report of the run has all of them.`,
  };
  return [...shown, more].map(lineOf).join('');
}

const COMMANDS: readonly Command[] = ['error', 'warning', 'notice'];

/** What fails the run is an error. */
function commandOf(severity: Severity, { failOn }: ViewOptions): Command {
  if (reaches(severity, failOn)) return 'error';
  return reaches(severity, 'medium') ? 'warning' : 'notice';
}

function ofFinding(finding: Finding, report: Report, places: RepositoryPlaces, options: ViewOptions): Annotation {
  const { location, severity, identifier } = finding;
  const place = places.placeOf(location);
  const isExact = place !== undefined && place.line === location.line && place.endLine === undefined;
  const details = placeSentences(location, isExact ? 'line' : undefined);
  const message = [
    `${findingSentence(finding)}.`,
    ...details,
    ...lapseSentences(finding),
    `Scanned: ${printable(location.target)}.`,
  ];
  return {
    command: commandOf(severity, options),
    place,
    title: `phiscan: ${identifier} (${severity})`,
    message: [...message, remedyWords(finding, report.remedies)].join(' '),
  };
}

/** One for each reason: what is not read looks clean to whoever reads annotations only. */
function ofGaps(gaps: readonly [Gap, ...Gap[]], places: RepositoryPlaces, { exitCode }: ViewOptions): Annotation {
  const [first] = gaps;
  const more = gaps.length === 1 ? '' : ` and ${counted(gaps.length - 1, 'more place')}`;
  return {
    command: exitCode === exitCodes.incomplete ? 'error' : 'warning',
    place: places.placeOf(first.location),
    title: `phiscan: not read (${first.reason})`,
    message: `${gapSentence(first.reason)} In ${gapWords(first)}${more}, of ${printable(first.location.target)}.`,
  };
}

function lineOf({ command, place, title, message }: Annotation): string {
  const properties = [
    ...(place === undefined ? [] : [`file=${property(place.file)}`, `line=${place.line}`]),
    ...(place?.endLine === undefined ? [] : [`endLine=${place.endLine}`]),
    ...(place?.column === undefined ? [] : [`col=${place.column}`]),
    `title=${property(title)}`,
  ];
  return `::${command} ${properties.join(',')}::${text(cutText(message, LONGEST))}\n`;
}

function text(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(value: string): string {
  return text(printable(value)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
