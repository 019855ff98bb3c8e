import type { Finding, Report, Severity, SweptRow } from '../../src/finding.ts';
import type { FolderSize } from '../../src/target.ts';
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
} from './reports.ts';

const MB = 1_000_000;

function folders(root: number, sizes: Readonly<Record<string, number>>): readonly FolderSize[] {
  const listed = Object.entries(sizes).map(([path, size]) => ({ path, bytes: size * MB, entries: size * 10 }));
  return [{ path: '', bytes: root * MB, entries: root * 10 }, ...listed].sort((a, b) => b.bytes - a.bytes);
}

/** As the layers of a service's image are. */
const sizedTarget: Report['targets'][number] = target({
  reference: 'registry.example/clinic/portal:2.7',
  layers: [
    {
      ...layer(0, '/bin/sh -c #(nop) ADD file:1c in / '),
      bytes: 48 * MB,
      entries: 4200,
      folders: folders(120, {
        usr: 96,
        'usr/lib': 52,
        'usr/lib/x86_64-linux-gnu': 38,
        'usr/share': 24,
        'usr/bin': 16,
        var: 12,
        'var/lib': 9,
        etc: 6,
        lib: 4,
      }),
    },
    {
      ...layer(1, 'RUN /bin/sh -c apt-get install --yes postgresql-client python3 # buildkit'),
      bytes: 31 * MB,
      entries: 3100,
      folders: folders(88, { usr: 80, 'usr/lib': 61, 'usr/lib/python3': 33, 'usr/share': 14, var: 8, 'var/cache': 7 }),
    },
    {
      ...layer(2, 'COPY ./app /srv/app # buildkit'),
      bytes: 22 * MB,
      entries: 9100,
      folders: folders(64, {
        srv: 64,
        'srv/app': 64,
        'srv/app/node_modules': 52,
        'srv/app/seed': 9,
        'srv/app/dist': 3,
      }),
    },
    {
      ...layer(3, 'RUN /bin/sh -c rm -r /srv/app/seed # buildkit'),
      bytes: 300,
      entries: 1,
      folders: [{ path: '', bytes: 0, entries: 1 }],
    },
  ],
});

const seed = layer(2, 'COPY ./app /srv/app # buildkit');
const at = (parts: Partial<Finding['location']>): Finding['location'] =>
  location({ target: sizedTarget.reference, ...parts });

/** Every kind of row that the page has. */
export const leakyReport: Report = report({
  targets: [sizedTarget],
  findings: [
    patientRecord({
      count: 1240,
      location: at({
        path: 'srv/app/seed/patients.csv',
        layer: { ...seed, instruction: { file: 'Dockerfile', line: 12, endLine: 12 } },
        record: 1,
        line: 2,
        ...deletedInLayer3,
      }),
    }),
    finding({
      fingerprint: 'f-mrn',
      detector: 'mrn',
      identifier: 'mrn',
      safeHarbor: 'H',
      count: 40,
      mask: '********',
      location: at({ path: 'srv/app/seed/visits.json', layer: seed, pointer: '[0].mrn', visibility: 'visible' }),
    }),
    finding({
      fingerprint: 'f-env',
      location: at(environmentPlace),
    }),
    finding({
      fingerprint: 'f-dob',
      detector: 'dob',
      identifier: 'dob',
      safeHarbor: 'C',
      severity: 'medium',
      mask: '****-**-**',
      location: at(historyPlace),
    }),
    finding({
      fingerprint: 'f-fake',
      severity: 'low',
      outcome: 'synthetic',
      location: at({ path: 'srv/app/node_modules/faker/people.json', layer: seed, line: 14, column: 22 }),
    }),
    finding({
      fingerprint: 'f-mail',
      detector: 'email',
      identifier: 'email',
      safeHarbor: 'F',
      severity: 'info',
      mask: '***@***',
      location: at({ path: 'usr/share/doc/bash/copyright', layer: layer(0, '/bin/sh -c #(nop) ADD file:1c in / ') }),
    }),
    finding({
      fingerprint: 'f-accepted',
      location: at({ path: 'srv/app/dist/demo.js', layer: seed, line: 3 }),
      accepted: { by: 'baseline', reason: 'the demo has invented patients', owner: 'j.doe', expires: '2027-01-31' },
    }),
    finding({
      fingerprint: 'f-lapsed',
      location: at({ path: 'srv/app/dist/old.js', layer: seed, line: 9 }),
      lapsed: { by: 'baseline', reason: 'reviewed', why: 'grown', count: 2 },
    }),
  ],
  gaps: [
    gap({ location: at({ path: 'srv/app/seed/backup.zip!all.sql', layer: seed }), bytes: 8_400_000 }),
    gap({
      reason: 'depth-limit',
      detail: 'more than 8 containers deep',
      location: at({ path: 'var/cache/a.jar', layer: layer(1, 'RUN apt-get') }),
    }),
  ],
});

/** As many findings as asked for, in a few hundred files. */
export function longReport(count: number): Report {
  const severities: readonly Severity[] = ['high', 'medium', 'low'];
  const findings = Array.from({ length: count }, (_, index) =>
    finding({
      fingerprint: `f${index}`,
      severity: severities[index % 3] ?? 'low',
      location: at({ path: `srv/app/seed/part-${Math.floor(index / 10)}.csv`, layer: seed, line: index + 1 }),
    }),
  );
  return report({ targets: [sizedTarget], findings });
}

/** Of a registry with three images, two of which share a layer with a finding. */
export function sweptReport(): Report {
  const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
  const keys = ['a', 'b', 'c'].map((character) => `${registry}/clinic/portal@${digestOf(character)}`);
  const row = (index: number, parts: Partial<SweptRow>): SweptRow => ({
    registry,
    account: '123456789012',
    region: 'eu-west-1',
    repository: 'clinic/portal',
    digest: digestOf('abc'.charAt(index)),
    tags: [`1.${index}`],
    outcome: 'clean',
    complete: true,
    findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    accepted: 0,
    gaps: 0,
    remembered: false,
    ...parts,
  });
  const found = { critical: 0, high: 1, medium: 0, low: 0, info: 0 };
  const whole = report({
    targets: keys.map((reference) => target({ reference, layers: [] })),
    findings: keys.slice(0, 2).map((key) => finding({ location: location({ target: key, layer: seed }) })),
    gaps: [gap({ location: location({ target: keys[0] ?? '', path: 'srv/backup.zip' }) })],
  });
  return {
    ...whole,
    sweep: {
      totals: {
        repositories: 1,
        images: 3,
        rememberedImages: 1,
        layers: 5,
        rememberedLayers: 2,
        readLayers: 3,
        readBytes: 60 * MB,
      },
      rows: [
        row(2, { remembered: true }),
        row(0, { outcome: 'findings', findings: found, gaps: 1, complete: false, pushedAt: '2026-11-01T08:00:00Z' }),
        row(1, { outcome: 'findings', findings: found }),
      ],
    },
  };
}
