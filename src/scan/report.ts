import { remediesOf } from '../aws/surfaces/surfaces.ts';
import type { Finding, Report } from '../finding.ts';
import { SEVERITIES } from '../finding.ts';
import { countsOf } from '../finding-counts.ts';
import { VERSION } from '../version.ts';
import type { Attributed } from './attribute.ts';

/** The report of one run. Findings below `minConfidence` are left out; everything is in one order, whatever thread was first. */
export function makeReport(
  parts: readonly Attributed[],
  options: { readonly ruleset: string; readonly minConfidence: number; readonly durationMs: number },
): Report {
  const findings = parts
    .flatMap((part) => toldOnce(part.findings))
    .filter(({ confidence }) => confidence >= options.minConfidence)
    .sort(byPlace);
  const gaps = parts.flatMap((part) => part.gaps).sort((a, b) => compare(placeKey(a), placeKey(b)));
  const remedies = remediesOf(findings);
  return {
    schemaVersion: 1,
    tool: { name: 'phiscan', version: VERSION, ruleset: options.ruleset },
    targets: parts.flatMap((part) => part.targets),
    findings,
    ...(Object.keys(remedies).length > 0 && { remedies }),
    coverage: {
      complete: gaps.length === 0,
      bytes: parts.reduce((bytes, part) => bytes + part.bytes, 0),
      entries: parts.reduce((entries, part) => entries + part.entries, 0),
      gaps,
      ...(parts.some(({ excluded = [] }) => excluded.length > 0) && {
        excluded: parts.flatMap(({ excluded = [] }) => excluded),
      }),
    },
    summary: {
      ...countsOf(findings),
      gaps: gaps.length,
      durationMs: Math.round(options.durationMs),
    },
  };
}

/** A value in a folder's name stands in the names of everything below it: the folder's finding tells it. */
function toldOnce(findings: readonly Finding[]): readonly Finding[] {
  const inNames = findings.filter(({ location }) => location.pointer === 'name');
  const counts = new Map(inNames.map((finding) => [nameKey(finding, finding.location.path), finding.count]));
  return findings.filter((finding) => {
    const { pointer, path } = finding.location;
    if (pointer !== 'name') return true;
    const folder = path.slice(0, Math.max(0, path.replace(/\/+$/, '').lastIndexOf('/')));
    return folder === '' || counts.get(nameKey(finding, folder)) !== finding.count;
  });
}

/** Folders of a tar end with a slash, and their names are those of folders without. */
function nameKey({ detector, location: { target, layer } }: Finding, path: string): string {
  return [target, layer?.index ?? '', detector, path.replace(/\/+$/, '')].join('\0');
}

function byPlace(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    compare(placeKey(a), placeKey(b)) ||
    (a.location.offset ?? 0) - (b.location.offset ?? 0) ||
    compare(a.detector, b.detector)
  );
}

function placeKey({ location }: Pick<Finding, 'location'>): string {
  const { target, layer, kind, path, pointer } = location;
  // `Env[2]` before `Env[10]`.
  const place = (pointer ?? '').replace(/\d+/g, (digits) => digits.padStart(6, '0'));
  return [target, String(layer?.index ?? -1).padStart(6, '0'), kind, path, place].join('\0');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
