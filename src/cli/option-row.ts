import type { Command } from './commander.ts';

/** An option as the command line has it. */
export interface OptionRow {
  readonly flags: string;
  readonly text: string;
  /** `before`: what it gave when it was named before. Throws ScanError (`usage`). Absent where an option has no value. */
  readonly parse?: (text: string, before: never) => unknown;
  /** What it is when it is not named. */
  readonly fallback?: { readonly value: unknown; readonly words?: string };
}

/** Adds the options to a command. */
export function withOptions(command: Command, rows: readonly OptionRow[]): Command {
  for (const { flags, text, parse, fallback } of rows) {
    const option = command.createOption(flags, text);
    if (parse !== undefined) option.argParser(parse as (text: string, before: unknown) => unknown);
    if (fallback !== undefined) option.default(fallback.value, fallback.words);
    command.addOption(option);
  }
  return command;
}
