// `npm run eval -- DIR [--truth FILE] [--noise DIR]...`: recall over the files of DIR against its TRUTH.jsonl, and findings in
// folders without patients; writes docs/accuracy.md. `npm run eval -- --make-noise DIR` makes such folders, a set in each.
// DIR holds TRUTH.jsonl, INDEX.tsv (format and class of each file; may be missing) and the files, which may be below positives/.
// A folder given with --noise is one set, or several when it was made by --make-noise. --misses prints each missed pair.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.js';
import { ensureInstalled, root } from './installed.js';
import { makeNoise, noiseSets } from './eval/make-noise.js';
import { scanNoise } from './eval/noise.js';
import { accuracyPage } from './eval/page.js';
import { calibration, recall } from './eval/score.js';
import { scanFiles } from './eval/scan.js';
import { loadTruth } from './eval/truth.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    truth: { type: 'string' },
    noise: { type: 'string', multiple: true, default: [] },
    'make-noise': { type: 'string' },
    output: { type: 'string', default: join(root, 'docs', 'accuracy.md') },
    misses: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
  },
});
const [corpus] = positionals;
if (corpus === undefined && values['make-noise'] === undefined && values.noise.length === 0) {
  process.stderr.write('usage: npm run eval -- DIR [--truth FILE] [--noise DIR]... | --make-noise DIR\n');
  process.exit(2);
}
if (!values['no-build']) {
  await ensureInstalled();
  await build();
}

if (values['make-noise'] !== undefined) await makeNoise(resolve(values['make-noise']));

const truth = corpus === undefined ? undefined : loadTruth(resolve(corpus), values.truth);
const scanned = truth === undefined ? [] : await scanFiles(truth.files);
const scores = truth === undefined ? undefined : recall(truth, scanned);
const noise = [];
for (const folder of values.noise) {
  for (const set of noiseSets(resolve(folder))) noise.push(await scanNoise(set));
}

if (scores !== undefined) {
  for (const { title, rows } of scores.tables) {
    process.stdout.write(`\n${title}\n`);
    for (const { name, found, all } of rows) process.stdout.write(`  ${name}: ${found} of ${all}\n`);
  }
  if (values.misses) {
    process.stdout.write('\nmissed\n');
    for (const { file, kind } of scores.missed) process.stdout.write(`  ${kind}\t${file.shown}\n`);
  }
}
for (const { name, files, megabytes, loud, patients } of noise) {
  process.stdout.write(
    `\n${name}: ${files} files, ${megabytes.toFixed(0)} MB, ${loud.length} findings, ${patients.length} in examples of patients\n`,
  );
  for (const { finding, place } of loud) {
    process.stdout.write(`  ${finding.severity} ${finding.detector} ${place} (${finding.location.field ?? ''})\n`);
  }
}
if (scores !== undefined || noise.length > 0) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const page = accuracyPage({ version, scores, noise, buckets: calibration(truth, scanned, noise) });
  writeFileSync(resolve(values.output), page);
}
