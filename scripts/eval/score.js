// Recall over (file, identifier) pairs, and how far the evidence's scores can be believed.
import { reportedAs } from './truth.js';

/** Kinds that a finding tells, with its severity set aside: real and synthetic both count. */
function kindsOf(finding) {
  return finding.identifier === 'patient-record' ? (finding.identifiers ?? []) : [finding.identifier];
}

/** Returns { tables: [{ title, rows: [{ name, found, all }] }], missed: [{ file, kind }], further }. */
export function recall({ files }, scanned) {
  const byClass = new Map();
  const byKind = new Map();
  const byFormat = new Map();
  const missed = [];
  for (const [index, file] of files.entries()) {
    const told = new Set(scanned[index].flatMap(kindsOf));
    for (const kind of file.kinds) {
      const found = reportedAs(kind).some((identifier) => told.has(identifier));
      if (!found) missed.push({ file, kind });
      for (const [counts, name] of [
        [byClass, file.class],
        [byKind, kind],
        [byFormat, file.format],
      ]) {
        const row = counts.get(name) ?? { name, found: 0, all: 0 };
        counts.set(name, { ...row, found: row.found + Number(found), all: row.all + 1 });
      }
    }
  }
  const sorted = (counts) => [...counts.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const wanted = sorted(byClass).filter(({ name }) => name === 'strong' || name === 'identifiers-no-name');
  const sum = (key) => wanted.reduce((total, row) => total + row[key], 0);
  return {
    tables: [
      { title: 'By class', rows: sorted(byClass) },
      { title: 'By identifier', rows: sorted(byKind) },
      { title: 'By format', rows: sorted(byFormat) },
    ],
    wanted: { found: sum('found'), all: sum('all') },
    missed,
    withoutPatients: loudWithoutPatients(files, scanned),
  };
}

/** Files whose structure holds no identifier of a patient, and the loud findings in them. */
function loudWithoutPatients(files, scanned) {
  const rows = [];
  for (const [index, file] of files.entries()) {
    if (file.class !== 'no-direct-identifier') continue;
    const loud = scanned[index].filter(isLoud);
    rows.push({ file, identifiers: [...new Set(loud.flatMap(kindsOf))].sort() });
  }
  return { files: rows.length, loud: rows.filter(({ identifiers }) => identifiers.length > 0) };
}

export function isLoud({ severity }) {
  return severity === 'critical' || severity === 'high' || severity === 'medium';
}

/**
 * Findings by the sum of their evidence: `true` when the corpus's truth lists the identifier for that file (of a patient
 * record: one of its identifiers), `unlisted` when it does not, `noise` in folders without patients. Truth lists only what
 * a format's structure marks, so that unlisted ones need not be false.
 */
export function calibration(truth, scanned, noise) {
  const buckets = new Map();
  const count = (finding, column) => {
    const score = finding.evidence.reduce((sum, { weight }) => sum + weight, 0);
    const floor = Math.min(8, Math.max(0, Math.floor(score)));
    const bucket = buckets.get(floor) ?? { floor, true: 0, unlisted: 0, noise: 0, claimed: 0 };
    bucket[column]++;
    bucket.claimed += finding.confidence;
    buckets.set(floor, bucket);
  };
  for (const [index, file] of (truth?.files ?? []).entries()) {
    const listed = new Set([...file.kinds].flatMap(reportedAs));
    for (const finding of scanned[index]) {
      if (finding.severity === 'info') continue;
      count(finding, kindsOf(finding).some((kind) => listed.has(kind)) ? 'true' : 'unlisted');
    }
  }
  for (const { quietToo } of noise) {
    for (const finding of quietToo) count(finding, 'noise');
  }
  return [...buckets.values()].sort((a, b) => a.floor - b.floor);
}
