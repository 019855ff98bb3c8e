// Findings where no patient is.
import { patientExamples } from './patient-examples.js';
import { isLoud } from './score.js';
import { reportOn } from './scan.js';

/** Returns the set's size, its loud findings, and those of them in examples of patients, which are found rightly. */
export async function scanNoise({ name, folder }) {
  const { findings, coverage } = await reportOn(folder);
  const loud = [];
  const patients = [];
  const quietToo = [];
  for (const finding of findings) {
    const place = finding.location.path.startsWith(folder)
      ? finding.location.path.slice(folder.length + 1)
      : finding.location.path;
    const example = patientExamples.find(({ path }) => path.test(place));
    if (example !== undefined) {
      if (isLoud(finding)) patients.push({ finding, place, reason: example.reason });
      continue;
    }
    if (finding.severity !== 'info') quietToo.push(finding);
    if (isLoud(finding)) loud.push({ finding, place });
  }
  const { bytes, entries, gaps } = coverage;
  return { name, files: entries, megabytes: bytes / 1e6, loud, patients, quietToo, gaps: gaps.length };
}
