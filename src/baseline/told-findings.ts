/** What a baseline is made of: the findings of a report that phiscan has written as JSON or JSON Lines. */
import type { Acceptance, Location, Outcome, Severity } from '../finding.ts';
import type { LayerReference } from '../target.ts';
import { isDetector, isFingerprint, outcomeOf, severityOf } from './baseline-file.ts';

/** What a baseline needs to know of a finding. */
export interface ToldFinding {
  readonly fingerprint: string;
  readonly detector: string;
  readonly severity: Severity;
  readonly outcome: Outcome;
  readonly count: number;
  readonly accepted?: Pick<Acceptance, 'by'>;
  readonly location: Omit<Location, 'layer'> & { readonly layer?: Pick<LayerReference, 'index' | 'digest'> };
}

export interface ToldReport {
  readonly findings: readonly ToldFinding[];
  /** Everything was read. */
  readonly complete: boolean;
}

/**
 * Undefined where the text is no report of schema version 1, nor lines of one, of a sweep or of a watch: whoever made it, nothing
 * else of it is taken.
 */
export function toldReportOf(text: string): ToldReport | undefined {
  const whole = documentOf(text);
  return whole !== undefined && isObject(whole['coverage']) ? wholeReportOf(whole) : lineReportOf(text);
}

function wholeReportOf({ findings, coverage }: Readonly<Record<string, unknown>>): ToldReport | undefined {
  const told = toldFindingsOf(findings);
  return told && { findings: told, complete: isObject(coverage) && coverage['complete'] === true };
}

const LINE_KEYS = ['finding', 'findings', 'gap', 'target', 'summary'];

/** A watch has no end, and so no line that says that all was read; neither has a report that was cut short. */
function lineReportOf(text: string): ToldReport | undefined {
  const lines = text.split('\n').filter((line) => line !== '');
  const findings: ToldFinding[] = [];
  let last: unknown;
  for (const each of lines) {
    const line = documentOf(each);
    if (line === undefined || !LINE_KEYS.some((key) => key in line)) return undefined;
    const told = toldFindingsOf('finding' in line ? [line['finding']] : (line['findings'] ?? []));
    if (told === undefined) return undefined;
    findings.push(...told);
    last = line['summary'];
  }
  return lines.length === 0 ? undefined : { findings, complete: isObject(last) && last['gaps'] === 0 };
}

function documentOf(text: string): Readonly<Record<string, unknown>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isObject(parsed) && parsed['schemaVersion'] === 1 ? parsed : undefined;
}

function toldFindingsOf(findings: unknown): readonly ToldFinding[] | undefined {
  if (!Array.isArray(findings)) return undefined;
  const told = findings.map(toldFindingOf);
  return told.includes(undefined) ? undefined : told.filter((finding) => finding !== undefined);
}

function toldFindingOf(finding: unknown): ToldFinding | undefined {
  if (!isObject(finding) || !isObject(finding['location'])) return undefined;
  const { fingerprint, detector, count, accepted } = finding;
  const severity = severityOf(finding['severity']);
  const outcome = outcomeOf(finding['outcome']);
  const location = locationOf(finding['location']);
  if (typeof fingerprint !== 'string' || !isFingerprint(fingerprint)) return undefined;
  if (typeof detector !== 'string' || !isDetector(detector)) return undefined;
  if (severity === undefined || outcome === undefined || location === undefined) return undefined;
  if (!Number.isSafeInteger(count) || Number(count) < 1) return undefined;
  const by = isObject(accepted) ? accepted['by'] : undefined;
  return {
    fingerprint,
    detector,
    severity,
    outcome,
    count: Number(count),
    ...(by === 'baseline' || by === 'inline' || by === 'configuration' ? { accepted: { by } } : {}),
    location,
  };
}

const KINDS = ['file', 'config', 'history', 'manifest', 'document', 'container', 'ecs', 'ecr'] as const;

function locationOf(location: Readonly<Record<string, unknown>>): ToldFinding['location'] | undefined {
  const kind = KINDS.find((each) => each === location['kind']);
  const { target, path, layer } = location;
  if (kind === undefined || typeof target !== 'string' || typeof path !== 'string') return undefined;
  const text = (key: 'pointer' | 'field'): object => {
    const value = location[key];
    return typeof value === 'string' ? { [key]: value } : {};
  };
  const number = (key: 'record' | 'line' | 'column' | 'offset'): object => {
    const value = location[key];
    return typeof value === 'number' ? { [key]: value } : {};
  };
  const { index, digest } = isObject(layer) ? layer : {};
  return {
    kind,
    target,
    path,
    ...text('pointer'),
    ...text('field'),
    ...number('record'),
    ...number('line'),
    ...number('column'),
    ...number('offset'),
    ...(typeof index === 'number' && typeof digest === 'string' ? { layer: { index, digest } } : {}),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
