import type { ExitCode } from './gate.ts';
import type { TableOptions } from './table.ts';

/** What a format may ask beside the report. */
export interface ViewOptions extends TableOptions {
  /** That of the run. */
  readonly exitCode: ExitCode;
  /** `--dockerfile`, as it was named. */
  readonly dockerfile?: string | undefined;
  /** Of findings for Security Hub: of whom those are that are of nobody else. */
  readonly aws?: { readonly account: string; readonly region: string } | undefined;
  /** When the report is made, of formats that say it; without it, now. */
  readonly now?: Date | undefined;
  /** The working folder. */
  readonly folder: string;
  /** Of the repository that it is in; itself, where it is in none. */
  readonly repositoryRoot: string;
}
