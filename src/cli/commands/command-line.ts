import type { Command } from '../commander.ts';
import type { ExitCode } from '../../report/gate.ts';
import type { LoadScans } from '../scan-command.ts';
import type { Streams } from '../streams.ts';

/** What the declaration of a command is given. What runs is imported when it is asked for: help and `--version` need none of it. */
export interface CommandLine {
  readonly program: Command;
  /** The words of the command line that stand behind `--`. */
  readonly passedOn: readonly string[];
  readonly streams: Streams;
  readonly loadScans: LoadScans;
  /** What the process will exit with. */
  readonly end: (code: ExitCode) => void;
}
