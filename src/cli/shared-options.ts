/** Options that several commands have. */
import { availableParallelism } from 'node:os';
import {
  THRESHOLDS,
  parseConfidence,
  parseConfig,
  parseFailOn,
  parseFormat,
  parseJobs,
  parseOutput,
} from './option-values.ts';
import { FORMATS } from '../report/format.ts';
import type { OptionRow } from './option-row.ts';

const no = { value: false } as const;

export const configOption: OptionRow = {
  flags: '--config <file>',
  text: 'own detectors; without it, phiscan.yaml of this folder',
  parse: parseConfig,
};

export const formatOption: OptionRow = {
  flags: '--format <format>',
  text: 'table or json',
  parse: parseFormat,
  values: FORMATS,
  fallback: { value: 'table' },
};

/** What decides about the exit code. */
export const gateOptions: readonly OptionRow[] = [
  {
    flags: '--fail-on <severity>',
    text: 'exit 1 from this severity on: critical, high, medium, low, info, none',
    parse: parseFailOn,
    values: THRESHOLDS,
    fallback: { value: 'medium' },
  },
  {
    flags: '--min-confidence <number>',
    text: 'leave out findings below, 0 to 1',
    parse: parseConfidence,
    fallback: { value: 0.5 },
  },
  configOption,
  { flags: '--allow-incomplete', text: 'exit 0, not 3, when something could not be read', fallback: no },
  { flags: '--no-progress', text: 'show no progress on stderr' },
];

/** Of commands that end in a report. */
export const reportOptions: readonly OptionRow[] = [
  formatOption,
  { flags: '--output <file>', text: 'write the report to a file; the exit code stays', parse: parseOutput },
  ...gateOptions,
  { flags: '--explain', text: 'show the evidence of each finding', fallback: no },
];

/** With worker threads. */
export const scanOptions: readonly OptionRow[] = [
  ...reportOptions,
  {
    flags: '--jobs <number>',
    text: 'worker threads',
    parse: parseJobs,
    fallback: { value: availableParallelism(), words: 'all processors' },
  },
];
