// The command line of phiscan that the inputs mean.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, listInput, oneInput } from './inputs.js';

/** Reports that are always written, into a folder of this run; Markdown only if a summary is wanted. */
export function reportsIn(folder, { summary }) {
  const reports = {
    sarif: join(folder, 'phiscan.sarif'),
    json: join(folder, 'phiscan.json'),
    github: join(folder, 'phiscan.annotations.txt'),
  };
  return summary ? { ...reports, markdown: join(folder, 'phiscan.md') } : reports;
}

/**
 * Arguments of `phiscan scan`. Each value is part of its option (`--image=VALUE`), so that none can be an option itself.
 * `reports`: a file for each format that the action needs.
 */
export function argumentsOf(reports) {
  return [
    'scan',
    ...targets(),
    ...each('--config', oneInput('config')),
    ...each('--baseline', oneInput('baseline')),
    ...each('--fail-on', oneInput('fail-on')),
    ...each('--platform', oneInput('platform')),
    ...each('--dockerfile', dockerfile()),
    ...Object.entries(reports).flatMap(([format, file]) => [`--format=${format}`, `--output=${file}`]),
    ...ownReports(),
    '--quiet',
  ];
}

function targets() {
  const found = [
    ...each('--image', ...listInput('image')),
    ...each('--image', ...listInput('input').map(archive)),
    ...each('--path', ...listInput('path')),
    ...each('--path', ...listInput('task-definition')),
  ];
  if (found.length > 0) return found;
  // Not the workspace: an `image` that an expression has made empty would then look clean.
  throw new InputError('nothing to scan (image, input, path, task-definition). Give one of them');
}

/** A path, even if it looks like the name of an image or has a colon. */
function archive(path) {
  if (path === '-') throw new InputError('standard input (input). Give the path of an archive or a folder');
  const isPlain = path.startsWith('/') || path.startsWith('.') || /^(?:oci|oci-archive|docker-archive):/.test(path);
  return isPlain || /^[A-Za-z]:[\\/]/.test(path) ? path : `./${path}`;
}

/** Of the workspace, where an image is scanned and none is named: a Dockerfile of something else does not fit, and changes nothing. */
function dockerfile() {
  const given = oneInput('dockerfile');
  const hasImage = listInput('image').length + listInput('input').length > 0;
  if (given !== '' || !hasImage) return given;
  return existsSync('Dockerfile') ? 'Dockerfile' : '';
}

/** The table goes to the log, unless a format without a file takes its place. */
function ownReports() {
  const formats = listInput('format');
  const files = listInput('output');
  const table = formats.length > files.length ? [] : ['--format=table', '--output=-'];
  return [...table, ...each('--format', ...formats), ...each('--output', ...files)];
}

function each(option, ...values) {
  return values.filter((value) => value !== '').map((value) => `${option}=${value}`);
}
