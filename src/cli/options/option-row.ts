import type { Command, Option } from '../commander.ts';

/** An option as the command line has it. */
export interface OptionRow {
  readonly flags: string;
  readonly text: string;
  /** `before`: what it gave when it was named before. Throws ScanError (`usage`). Absent where an option has no value. */
  readonly parse?: (text: string, before: never) => unknown;
  /** What it is when it is not named. `words` alone: the settings of the run know what it is, and only the help tells it. */
  readonly fallback?: { readonly value: unknown; readonly words?: string } | { readonly words: string };
  /** All that may be given, where there are few: for completion. */
  readonly values?: readonly string[];
}

const rows = new WeakMap<Option, OptionRow>();

/** What was declared of an option; undefined of those that are commander's own. */
export function rowOf(option: Option): OptionRow | undefined {
  return rows.get(option);
}

/** Adds the options to a command. */
export function withOptions(command: Command, declared: readonly OptionRow[]): Command {
  for (const row of declared) {
    const { flags, text, parse, fallback } = row;
    const isOnlyTold = fallback !== undefined && !('value' in fallback);
    const option = command.createOption(flags, isOnlyTold ? `${text} (default: ${fallback.words})` : text);
    rows.set(option, row);
    if (parse !== undefined) option.argParser(parse as (text: string, before: unknown) => unknown);
    if (fallback !== undefined && 'value' in fallback) option.default(fallback.value, fallback.words);
    command.addOption(option);
  }
  return command;
}
