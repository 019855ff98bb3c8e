/** What a baseline is made of: the findings of a report that phiscan has written as JSON. */
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

/** Undefined where the text is no report of schema version 1: whoever made it, nothing else of it is taken. */
export function toldReportOf(text: string): ToldReport | undefined {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(report) || report['schemaVersion'] !== 1 || !isObject(report['coverage'])) return undefined;
  const { findings, coverage } = report;
  if (!Array.isArray(findings)) return undefined;
  const told = findings.map(toldFindingOf);
  if (told.includes(undefined)) return undefined;
  return {
    findings: told.filter((finding) => finding !== undefined),
    complete: coverage['complete'] === true,
  };
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
