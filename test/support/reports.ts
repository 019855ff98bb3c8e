import type { Finding, Gap, Location, Report } from '../../src/finding.ts';
import type { LayerReference, Target } from '../../src/target.ts';
import { countsOf } from '../../src/finding-counts.ts';

/** Parts of reports for tests of what reads them; each is valid by itself, and overridden where a test is about it. */

export function digestOf(character: string): string {
  return `sha256:${character.repeat(64)}`;
}

export function layer(index: number, createdBy: string): LayerReference {
  return { index, digest: digestOf(String(index)), diffId: digestOf('d'), createdBy };
}

export function target(parts: Partial<Target> = {}): Target {
  return {
    reference: 'app:1.4',
    source: 'docker-archive: it holds manifest.json',
    digest: digestOf('a'),
    platform: 'linux/amd64',
    layers: [{ ...layer(0, 'COPY . /srv'), bytes: 1_200_000, entries: 40 }],
    ...parts,
  };
}

export function location(parts: Partial<Location> = {}): Location {
  return { kind: 'file', target: 'app:1.4', path: 'srv/app/notes.txt', ...parts };
}

export function finding(parts: Partial<Finding> = {}): Finding {
  return {
    fingerprint: 'f1',
    detector: 'ssn',
    identifier: 'ssn',
    safeHarbor: 'G',
    severity: 'high',
    confidence: 0.97,
    outcome: 'real',
    count: 1,
    mask: '***-**-****',
    location: location(),
    evidence: [{ term: 'label', weight: 3 }],
    ...parts,
  };
}

/** Forty patients in one file. */
export function patientRecord(parts: Partial<Finding> = {}): Finding {
  return finding({
    fingerprint: 'f-record',
    detector: 'patient-record',
    identifier: 'patient-record',
    safeHarbor: '',
    severity: 'critical',
    confidence: 0.998,
    count: 40,
    mask: '(record)',
    identifiers: ['dob', 'mrn', 'name', 'ssn'],
    evidence: [
      { term: 'column label', weight: 3.2 },
      { term: 'neighbours in the record', weight: 2.1 },
      { term: 'shape', weight: 1.5 },
      { term: 'path of a test', weight: -0.7 },
    ],
    ...parts,
  });
}

/** Where values of an image are that are in no file. */
export const environmentPlace = {
  kind: 'config',
  path: '',
  pointer: 'config.Env[3]',
  field: 'PATIENT_SSN',
} as const satisfies Partial<Location>;
export const historyPlace = {
  kind: 'history',
  path: '',
  pointer: 'history[4].created_by',
  offset: 310,
} as const satisfies Partial<Location>;

/** Of a file that is still in the image. */
export const deletedInLayer3 = { visibility: 'deleted', hiddenBy: 3 } as const satisfies Partial<Location>;

export function gap(parts: Partial<Gap> = {}): Gap {
  return { reason: 'encrypted', location: location({ path: 'srv/backup.zip' }), ...parts };
}

export function report(
  parts: Partial<Pick<Report, 'targets' | 'findings'>> & { readonly gaps?: readonly Gap[] } = {},
): Report {
  const { targets = [target()], findings = [], gaps = [] } = parts;
  return {
    schemaVersion: 1,
    tool: { name: 'phiscan', version: '0.1.0', ruleset: 'r1' },
    targets,
    findings,
    coverage: { complete: gaps.length === 0, bytes: 1_840_000_000, entries: 12_345, gaps },
    summary: {
      ...countsOf(findings),
      gaps: gaps.length,
      durationMs: 8500,
    },
  };
}
