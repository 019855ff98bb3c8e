/** Options that several commands have. */
import { availableParallelism } from 'node:os';
import { FORMATS } from '../../report/format.ts';
import type { OptionRow } from './option-row.ts';
import {
  parseAsffAccount,
  parseBaseline,
  parseConfidence,
  parseConfig,
  parseFailOn,
  parseFormat,
  parseJobs,
  parseOutputs,
  parsePlainFormat,
  PLAIN_FORMATS,
  THRESHOLDS,
} from './option-values.ts';

const no = { value: false } as const;

export const configOption: OptionRow = {
  flags: '--config <file>',
  text: 'settings and own detectors; without it, phiscan.yaml of this folder',
  parse: parseConfig,
};

export const baselineOption: OptionRow = {
  flags: '--baseline <file>',
  text: 'accepted findings; without it, phiscan-baseline.yaml of this folder',
  parse: parseBaseline,
};

/** Of commands whose result is no report. */
export const plainFormatOption: OptionRow = {
  flags: '--format <format>',
  text: 'table or json',
  parse: parsePlainFormat,
  values: PLAIN_FORMATS,
  fallback: { value: 'table' },
};

/** Where reports go: the first --output takes the first --format, and so on. */
export const outputOptions: readonly OptionRow[] = [
  {
    flags: '--format <format>',
    text: `${FORMATS.join(', ')}; may be repeated, and each --output takes one`,
    parse: parseFormat,
    values: FORMATS,
  },
  {
    flags: '--output <file>',
    text: 'write a report to a file, may be repeated; the exit code stays',
    parse: parseOutputs,
  },
];

/** What decides about the exit code. */
export const gateOptions: readonly OptionRow[] = [
  {
    flags: '--fail-on <severity>',
    text: 'exit 1 from this severity on: critical, high, medium, low, info, none',
    parse: parseFailOn,
    values: THRESHOLDS,
    fallback: { words: 'medium' },
  },
  {
    flags: '--min-confidence <number>',
    text: 'leave out findings below, 0 to 1',
    parse: parseConfidence,
    fallback: { words: '0.5' },
  },
  configOption,
  baselineOption,
  { flags: '--allow-incomplete', text: 'exit 0, not 3, when something could not be read' },
  { flags: '--no-allow-incomplete', text: 'exit 3 all the same, whatever phiscan.yaml says' },
  { flags: '--no-progress', text: 'show no progress on stderr' },
];

/** Of commands that end in a report. */
export const reportOptions: readonly OptionRow[] = [
  ...outputOptions,
  {
    flags: '--asff-account <account/region>',
    text: 'of --format asff: 123456789012/us-east-1',
    parse: parseAsffAccount,
  },
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
