import type { Outcome, Severity } from '../finding.ts';
import type { Detector } from './detector.ts';

/** Distinct values of a direct number that are as bad as a patient record. */
const MANY_VALUES = 10;

/** The severity table, before the place is known (package ownership and world-readable places move it later). */
export function severityOf(
  detector: Detector,
  found: { readonly outcome: Outcome; readonly labelled: boolean; readonly distinct: number },
): Severity {
  const labelled = detector.severity.labelled;
  if (labelled === 'info') return 'info';
  if (found.outcome === 'synthetic') return 'low';
  if (isDirectNumber(detector) && found.distinct >= MANY_VALUES) return 'critical';
  return found.labelled ? labelled : (detector.severity.bare ?? 'low');
}

/** Two or more identifiers of one person, a direct one among them. */
export function recordSeverity(outcome: Outcome): Severity {
  return outcome === 'real' ? 'critical' : 'low';
}

export function isDirectNumber(detector: Detector): boolean {
  return detector.direct && detector.identifier !== 'name';
}

/** Phone, e-mail and the like: what may be reported beside a match, though only a weak label names it. */
export function isContactDetail(detector: Detector): boolean {
  return detector.severity.labelled === 'low';
}
