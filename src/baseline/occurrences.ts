/** Findings of a report by their fingerprint, as a baseline counts them. */
import { SEVERITIES, type Outcome, type Severity } from '../finding.ts';
import type { ToldFinding } from './told-findings.ts';

/** Findings that are compared with one accepted count: those of one document, or of one file of one layer. */
export interface Occurrence<Found extends ToldFinding = ToldFinding> {
  readonly fingerprint: string;
  readonly findings: readonly Found[];
  /** Values of all of them; what two images of one name share is one. */
  readonly count: number;
  readonly severity: Severity;
  readonly outcome: Outcome;
}

/**
 * In the order of the findings. A fingerprint holds no image, layer or index, so that several findings may have one. Those
 * of one document (two containers of a task definition) are added up, since a further one is a further value; those of
 * different layers, images and revisions are each compared by themselves, so that a copy of a file is not a new value.
 */
export function occurrencesOf<Found extends ToldFinding>(findings: readonly Found[]): readonly Occurrence<Found>[] {
  const groups = new Map<string, Found[]>();
  for (const finding of findings) {
    const { target, layer, kind, path } = finding.location;
    const key = JSON.stringify([finding.fingerprint, target, layer?.index, layer?.digest, kind, path]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].map(occurrenceOf);
}

function occurrenceOf<Found extends ToldFinding>(findings: readonly Found[]): Occurrence<Found> {
  // The platforms of an image may share a layer.
  const counts = new Map<string, number>();
  for (const { count, outcome, location } of findings) {
    const { pointer, field, record, line, column, offset } = location;
    const key = JSON.stringify([outcome, pointer, field, record, line, column, offset]);
    counts.set(key, Math.max(count, counts.get(key) ?? 0));
  }
  return {
    fingerprint: findings[0]?.fingerprint ?? '',
    findings,
    count: [...counts.values()].reduce((sum, count) => sum + count, 0),
    severity: worst(findings.map(({ severity }) => severity)),
    outcome: findings.some(({ outcome }) => outcome === 'real') ? 'real' : 'synthetic',
  };
}

export function worst(severities: readonly Severity[]): Severity {
  return SEVERITIES.find((severity) => severities.includes(severity)) ?? 'info';
}

/** Whether `severity` is worse than `than`. */
export function isWorse(severity: Severity, than: Severity): boolean {
  return SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(than);
}
