import type { Report } from '../../src/finding.ts';
import {
  deletedInLayer3,
  digestOf,
  environmentPlace,
  finding,
  gap,
  historyPlace,
  layer,
  location,
  patientRecord,
  report,
  target,
} from '../support/reports.ts';

const seed = layer(1, 'COPY ./seed /srv/app/seed # buildkit');
const install = layer(
  2,
  'RUN |1 VERSION=4 /bin/sh -c apt-get update && apt-get install --yes postgresql-client # buildkit',
);

/** What a person meets, each a golden file in both formats. */
export const scenarios: Readonly<Record<string, Report>> = {
  clean: report(),

  leak: report({
    targets: [target({ layers: [0, 1, 2, 3].map((index) => ({ ...layer(index, 'x'), bytes: 1000, entries: 4 })) })],
    findings: [
      finding({
        fingerprint: 'f-info',
        severity: 'info',
        identifier: 'email',
        location: location({
          path: 'usr/share/doc/bash/copyright',
          layer: layer(0, '/bin/sh -c #(nop) ADD file:1c in / '),
        }),
      }),
      finding({
        fingerprint: 'f-env',
        location: location(environmentPlace),
      }),
      finding({
        fingerprint: 'f-row',
        severity: 'high',
        identifier: 'mrn',
        count: 40,
        mask: '********',
        location: location({
          path: 'srv/app/seed/patients.csv',
          layer: seed,
          field: 'mrn',
          line: 2,
          column: 1,
          ...deletedInLayer3,
        }),
      }),
      patientRecord({
        location: location({ path: 'srv/app/seed/patients.csv', layer: seed, record: 1, line: 2, ...deletedInLayer3 }),
      }),
      finding({
        fingerprint: 'f-fake',
        severity: 'low',
        outcome: 'synthetic',
        location: location({
          path: 'srv/app/node_modules/a-package-with-a-long-name/test/fixtures/generated/people/example.json',
          layer: install,
          pointer: '[0].subscriber.identification.socialSecurityNumber',
          line: 14,
          column: 22,
          visibility: 'visible',
        }),
      }),
      finding({
        fingerprint: 'f-history',
        severity: 'medium',
        identifier: 'dob',
        mask: '****-**-**',
        location: location(historyPlace),
      }),
    ],
  }),

  incomplete: report({
    gaps: [
      gap(),
      gap({
        reason: 'truncated',
        detail: 'at byte 512 of 2048',
        bytes: 1536,
        location: location({ path: '', layer: seed }),
      }),
      ...Array.from({ length: 12 }, (_, index) =>
        gap({
          reason: 'depth-limit',
          location: location({ path: `srv/app/lib/nested-${index + 10}.jar!inner.jar`, layer: install }),
        }),
      ),
      gap({ reason: 'missing-blob', location: location({ kind: 'manifest', path: '' }) }),
    ],
  }),

  accepted: report({
    findings: [
      finding({
        fingerprint: 'f-expired',
        lapsed: {
          why: 'expired',
          by: 'baseline',
          reason: 'waits for the vendor, who was asked to take it out of the archive in the next release',
          owner: 'team-data',
          expires: '2026-11-01',
          count: 1,
        },
        location: location({ layer: seed, line: 3, column: 5, visibility: 'visible' }),
      }),
      finding({
        fingerprint: 'f-grown',
        identifier: 'mrn',
        count: 41,
        lapsed: { why: 'grown', by: 'baseline', reason: 'demo', owner: 'team-data', expires: '2027-01-31', count: 40 },
        location: location({ layer: seed, line: 9, column: 1, visibility: 'visible' }),
      }),
      finding({
        fingerprint: 'f-unsaid',
        lapsed: { why: 'no-reason', by: 'inline', reason: '' },
        location: location({ path: 'srv/app/seed.env', layer: seed, line: 1, column: 5, visibility: 'visible' }),
      }),
      patientRecord({
        confidence: 0.97,
        evidence: [{ term: 'label', weight: 3 }],
        mask: '[patient record]',
        identifiers: ['dob', 'mrn', 'name'],
        accepted: {
          by: 'baseline',
          reason: 'invented patients of the demo, made by scripts/demo.sh and shown to customers',
          owner: 'team-data',
          expires: '2027-01-31',
        },
        location: location({ path: 'srv/app/demo.csv', layer: seed, record: 1, line: 2, visibility: 'visible' }),
      }),
      finding({
        fingerprint: 'f-marked',
        accepted: { by: 'inline', reason: 'the number of the manual' },
        location: location({ path: 'srv/app/manual.md', layer: seed, line: 12, column: 8, visibility: 'visible' }),
      }),
    ],
  }),

  platforms: report({
    targets: [
      target({ source: 'oci layout: the folder holds oci-layout', absentPlatforms: ['linux/s390x', 'linux/ppc64le'] }),
      target({ source: 'oci layout: the folder holds oci-layout', platform: 'linux/arm64/v8', digest: digestOf('b') }),
      target({ reference: 'other:2', platform: '', digest: digestOf('c'), layers: [] }),
    ],
    findings: [
      finding({ location: location({ target: 'other:2', kind: 'document', path: 'sbom.spdx.json', line: 7 }) }),
    ],
  }),

  repository: report({
    targets: [target({ reference: 'deploy seed', source: 'files', digest: '', platform: '', layers: [] })],
    findings: [
      finding({
        fingerprint: 'f-line',
        location: location({ target: 'deploy seed', path: 'seed/patients.csv', field: 'ssn', line: 2, column: 14 }),
      }),
      finding({
        fingerprint: 'f-nested',
        severity: 'low',
        outcome: 'synthetic',
        location: location({ target: 'deploy seed', path: './seed/all of it.zip!a/b.csv', line: 7 }),
      }),
      finding({
        fingerprint: 'f-accepted',
        severity: 'critical',
        accepted: { by: 'baseline', reason: 'made up for the tests', owner: 'data team', expires: '2027-01-31' },
        location: location({ target: 'deploy seed', path: '/repository/deploy/task.json', pointer: 'a[0]', line: 3 }),
      }),
      finding({
        fingerprint: 'f-outside',
        severity: 'medium',
        accepted: { by: 'inline', reason: 'an example' },
        location: location({ target: 'deploy seed', path: '../../../elsewhere/x.csv', line: 1 }),
      }),
    ],
  }),

  instructions: report({
    targets: [target()],
    findings: [
      finding({
        location: location({
          layer: { ...seed, instruction: { file: 'Dockerfile', line: 7, endLine: 9 } },
          line: 2,
          ...deletedInLayer3,
        }),
      }),
      finding({
        fingerprint: 'f-other',
        location: location({ layer: { ...install, instruction: { file: 'Dockerfile', line: 12, endLine: 12 } } }),
      }),
      finding({
        fingerprint: 'f-set',
        location: location({
          ...environmentPlace,
          instruction: { file: 'Dockerfile', line: 3, endLine: 4 },
        }),
      }),
    ],
  }),

  hostile: report({
    targets: [target({ reference: 'app\u001b[2J:1', source: 'docker-archive: \u202eevil' })],
    findings: [
      finding({
        location: location({
          target: 'app\u001b[2J:1',
          path: 'srv/a\nno findings: scanned 1 byte, complete\u001b]0;title\u0007',
          layer: layer(0, 'RUN echo \u009b31m'),
          field: 'a\rb',
          line: 1,
        }),
      }),
    ],
    gaps: [gap({ detail: 'x\ny', location: location({ target: 'app\u001b[2J:1', path: 'a\u200bb.zip' }) })],
  }),
};
