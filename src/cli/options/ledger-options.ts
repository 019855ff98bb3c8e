import type { OptionRow } from './option-row.ts';
import { parseAge, parseOutput, parsePlainFormat, PLAIN_FORMATS, type PlainFormat } from './option-values.ts';
import { parseBytes } from './sweep-values.ts';

export type LedgerCommand = 'stats' | 'export' | 'prune' | 'verify';

/** The options of the commands of `phiscan ledger`. */
export interface LedgerRequest {
  readonly format?: PlainFormat | undefined;
  readonly output?: string | undefined;
  /** Milliseconds since 1970. */
  readonly olderThan?: number | undefined;
  readonly maxBytes?: number | undefined;
}

/** Nothing may be kept, too. */
function parseKept(text: string): number {
  return text === '0' ? 0 : parseBytes(text);
}

const format: OptionRow = {
  flags: '--format <format>',
  text: 'table or json',
  parse: parsePlainFormat,
  values: PLAIN_FORMATS,
};

export const ledgerCommands: readonly {
  readonly name: LedgerCommand;
  readonly text: string;
  readonly options: readonly OptionRow[];
}[] = [
  { name: 'stats', text: 'how much is remembered, by version and rules', options: [format] },
  {
    name: 'export',
    text: 'all that is remembered, as JSON Lines: findings and gaps, no value',
    options: [{ flags: '--output <file>', text: 'write the lines to a file', parse: parseOutput }],
  },
  {
    name: 'prune',
    text: 'forget what was not used for long',
    options: [
      { flags: '--older-than <age>', text: 'what was not used since: 30d, 36h', parse: parseAge },
      { flags: '--max-bytes <size>', text: 'until so much is left: 500MB, 2GB; 0 for nothing', parse: parseKept },
      format,
    ],
  },
  { name: 'verify', text: 'read all of it: exit 0, or 1 when something is damaged', options: [format] },
];
