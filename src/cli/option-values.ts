import { ScanError } from '../errors.ts';
import { SEVERITIES } from '../finding.ts';
import { FORMATS, type Format } from '../report/format.ts';
import type { FailOn } from '../report/gate.ts';

/** More threads than this are a typing error: each holds a decompressor and its windows. */
const maxJobs = 256;

export function parseFormat(text: string): Format {
  return oneOf('--format', FORMATS, text);
}

export function parseFailOn(text: string): FailOn {
  return oneOf('--fail-on', [...SEVERITIES, 'none'] as const, text);
}

export function parseConfidence(text: string): number {
  const confidence = /^(?:0|1|[01]?\.\d+)$/.test(text) ? Number(text) : NaN;
  if (!(confidence >= 0 && confidence <= 1))
    throw wrongValue('--min-confidence', 'a number from 0 to 1, for example 0.8');
  return confidence;
}

export function parseJobs(text: string): number {
  const jobs = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (!(jobs >= 1 && jobs <= maxJobs)) throw wrongValue('--jobs', `a whole number from 1 to ${maxJobs}`);
  return jobs;
}

/** `OS/ARCH` or `OS/ARCH/VARIANT`, as the OCI image index writes them. */
export function parsePlatform(text: string): string {
  if (!/^[a-z0-9]{1,32}\/[a-z0-9_]{1,32}(?:\/[a-z0-9.]{1,32})?$/.test(text)) {
    throw wrongValue('--platform', 'OS/ARCH or OS/ARCH/VARIANT, for example linux/arm64/v8');
  }
  return text;
}

export function parseOutput(text: string): string {
  if (text === '') throw wrongValue('--output', 'the name of a file, or - for standard output');
  return text;
}

export function parseConfig(text: string): string {
  if (text === '') throw wrongValue('--config', 'the name of a file, for example phiscan.yaml');
  return text;
}

function oneOf<const T extends string>(option: string, values: readonly T[], text: string): T {
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw wrongValue(option, `one of ${values.join(', ')}`);
  return value;
}

/** The value itself is not repeated: it may be what slipped out of another argument. */
function wrongValue(option: string, wanted: string): ScanError {
  return new ScanError('usage', `wrong value (${option}). Give ${wanted}`);
}
