import type { EntryFinding } from '../finding.ts';
import { confidenceOf, evidence, scoreOf } from './evidence.ts';

/** A finding in a file that a package manager owns and that is unchanged: shown, and never more than `info`. */
export function ofPackage(finding: EntryFinding): EntryFinding {
  const terms = [...finding.evidence, evidence('package file')];
  return { ...finding, severity: 'info', confidence: confidenceOf(scoreOf(terms)), evidence: terms };
}
