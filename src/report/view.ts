import type { ExitCode } from './gate.ts';
import type { TableOptions } from './table.ts';

/** What a format may ask beside the report. */
export interface ViewOptions extends TableOptions {
  /** That of the run. */
  readonly exitCode: ExitCode;
  /** `--dockerfile`, as it was named. */
  readonly dockerfile?: string | undefined;
  /** The working folder. */
  readonly folder: string;
  /** Of the repository that it is in; itself, where it is in none. */
  readonly repositoryRoot: string;
}
