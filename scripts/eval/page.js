// docs/accuracy.md: figures and places, never a value.

/** The whole page. `scores` or `noise` may be missing where they were not measured. */
export function accuracyPage({ version, scores, noise, buckets }) {
  const parts = [
    `# Accuracy

Written by \`npm run eval\` on ${new Date().toISOString().slice(0, 10)}, phiscan ${version}. It holds places and kinds, never a value.`,
  ];
  if (scores !== undefined) parts.push(recallPart(scores));
  if (noise.length > 0) parts.push(noisePart(noise));
  if (buckets.length > 0) parts.push(calibrationPart(buckets));
  return `${parts.join('\n\n')}\n`;
}

function recallPart({ tables, wanted, missed, withoutPatients }) {
  const { files, loud } = withoutPatients;
  return `## Recall

A corpus of invented patients in real formats, whose truth was taken from the formats' own structure. A pair is a file and a
kind of identifier that the file holds of a patient, a subscriber or a relative. It is found when the report names that
identifier in that file, alone or in a patient record; the outcomes real and synthetic both count. Providers do not.

Of the classes strong (a name and another identifier) and identifiers-no-name: **${wanted.found} of ${wanted.all}** pairs, ${share(wanted)}.

${tables
  .map(
    ({ title, rows }) =>
      `### ${title}\n\n${table(
        ['', 'found', 'pairs', 'recall'],
        rows.map((row) => [row.name, row.found, row.all, share(row)]),
      )}`,
  )
  .join('\n\n')}

### Missed

${
  missed.length === 0
    ? 'None.'
    : table(
        ['format', 'identifier', 'file'],
        missed.map(({ file, kind }) => [file.format, kind, file.shown]),
      )
}

### Files whose structure holds no identifier of a patient

${files} files; findings of medium and above in ${loud.length} of them${loud.length === 0 ? '.' : ', which may be right (truth lists structured fields only):'}
${
  loud.length === 0
    ? ''
    : `\n${table(
        ['format', 'identifiers', 'file'],
        loud.map(({ file, identifiers }) => [file.format, identifiers.join(', '), file.shown]),
      )}\n`
}`.trimEnd();
}

function noisePart(noise) {
  const still = noise.flatMap(({ name, loud }) => loud.map((one) => ({ name, ...one })));
  const reasons = new Map();
  for (const { name, patients } of noise) {
    for (const { reason } of patients) {
      const key = `${name}\u0000${reason}`;
      reasons.set(key, (reasons.get(key) ?? 0) + 1);
    }
  }
  return `## Noise

Software without patients. Wanted: no finding of medium and above. Findings in packages' own examples of patients are
right, and counted apart.

${table(
  ['set', 'entries', 'MB', 'medium and above', "packages' own patients"],
  noise.map((set) => [set.name, set.files, set.megabytes.toFixed(0), set.loud.length, set.patients.length]),
)}

### What still makes noise

${
  still.length === 0
    ? 'Nothing.'
    : table(
        ['set', 'severity', 'detector', 'field', 'file'],
        still.map(({ name, finding, place }) => [
          name,
          finding.severity,
          finding.detector,
          finding.location.field ?? '',
          place,
        ]),
      )
}

### Counted as patients

${
  reasons.size === 0
    ? 'None.'
    : table(
        ['set', 'findings', 'why'],
        [...reasons].map(([key, count]) => {
          const [name, reason] = key.split('\u0000');
          return [name, count, reason];
        }),
      )
}`;
}

function calibrationPart(buckets) {
  return `## Can the confidence be believed?

Findings by the sum of their evidence (log-odds). Listed: the truth names the identifier for that file. Unlisted: it does
not, since it lists structured fields of files only; such a finding may be right. Noise: in software without patients, low
findings too. Claimed is the mean confidence that phiscan gave; the share of listed ones among listed and noise should not
be below it.

${table(
  ['score', 'listed', 'unlisted', 'noise', 'listed of listed and noise', 'claimed'],
  buckets.map((bucket) => {
    const all = bucket.true + bucket.unlisted + bucket.noise;
    const known = bucket.true + bucket.noise;
    return [
      bucket.floor === 8 ? '8 and above' : `${bucket.floor} to ${bucket.floor + 1}`,
      bucket.true,
      bucket.unlisted,
      bucket.noise,
      known === 0 ? '' : (bucket.true / known).toFixed(3),
      (bucket.claimed / all).toFixed(3),
    ];
  }),
)}`;
}

function share({ found, all }) {
  return all === 0 ? '' : (found / all).toFixed(3);
}

function table(header, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
