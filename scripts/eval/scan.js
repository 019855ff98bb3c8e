// Runs the built phiscan, as a person would.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { measure } from '../bench/measure.js';
import { root } from '../installed.js';

const phiscan = join(root, 'dist', 'src', 'cli', 'main.js');

/** The JSON report on one path; a scan that was not carried out is no figure. */
export async function reportOn(path) {
  const folder = mkdtempSync(join(tmpdir(), 'phiscan-eval-'));
  try {
    const output = join(folder, 'report.json');
    const args = ['files', '--no-progress', '--format', 'json', '--output', output, path];
    const { code, stderr } = await measure(process.execPath, [phiscan, ...args]);
    if (code !== 0 && code !== 1 && code !== 3) throw new Error(`phiscan ended with ${code}: ${stderr.slice(-300)}`);
    return JSON.parse(readFileSync(output, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Scans the files, each in a folder of its own that is named by its number: a report masks the names of persons in paths,
 * so that the path alone does not tell which file a finding is in. Returns the findings of each file, in the same order.
 */
export async function scanFiles(files) {
  const staged = mkdtempSync(join(tmpdir(), 'phiscan-corpus-'));
  try {
    for (const [index, { source }] of files.entries()) {
      const folder = join(staged, `file-${index}`);
      mkdirSync(folder);
      copyFileSync(source, join(folder, basename(source)));
    }
    const { findings, coverage } = await reportOn(staged);
    const found = files.map(() => []);
    for (const finding of findings) {
      const number = /\/file-(\d+)\//.exec(finding.location.path)?.[1];
      if (number === undefined) throw new Error('a finding in no file of the corpus');
      found[Number(number)].push(finding);
    }
    for (const { reason } of coverage.gaps) process.stderr.write(`gap in the corpus: ${reason}\n`);
    return found;
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}
