/** The options of `phiscan sweep`. */
import { availableParallelism } from 'node:os';
import type { OptionRow } from './option-row.ts';
import { parseJobs, parseSince } from './option-values.ts';
import { outputOptions } from './shared-options.ts';
import { parseBytes, parseDeadline, parseEvents, parseFile, parseRepository } from './sweep-values.ts';

const no = { value: false } as const;

export const sweepOptions: readonly OptionRow[] = [
  { flags: '--repository <glob>', text: 'only these, * is anything; may be repeated', parse: parseRepository },
  { flags: '--since <time>', text: 'only what was pushed later: 2026-11-01, 36h, 7d', parse: parseSince },
  { flags: '--max-bytes <size>', text: 'read no more of layers than this: 20GB', parse: parseBytes },
  { flags: '--deadline <time>', text: 'read no layer after it: 90m, 6h', parse: parseDeadline },
  {
    flags: '--jobs <number>',
    text: 'layers at once',
    parse: parseJobs,
    fallback: { value: availableParallelism(), words: 'all processors' },
  },
  { flags: '--dry-run', text: 'print the plan, and read no layer', fallback: no },
  ...outputOptions,
  { flags: '--explain', text: 'show the evidence of each finding', fallback: no },
  { flags: '--no-ledger', text: 'read again what was read before, and remember nothing' },
];

export const ecrSweepOptions: readonly OptionRow[] = [
  { flags: '--asff <file>', text: 'write findings for Security Hub to a file', parse: parseFile('--asff') },
  { flags: '--securityhub', text: 'send findings to Security Hub', fallback: no },
  { flags: '--events <source>', text: '- for "ECR Image Action" events on standard input', parse: parseEvents },
];

export const registrySweepOptions: readonly OptionRow[] = [
  { flags: '--insecure', text: 'without TLS, for a registry on this machine', fallback: no },
];
