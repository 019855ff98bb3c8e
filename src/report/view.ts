import type { ExitCode } from './gate.ts';
import type { TableOptions } from './table.ts';

/** What a format may ask beside the report. */
export interface ViewOptions extends TableOptions {
  /** That of the run. */
  readonly exitCode: ExitCode;
  /** `--dockerfile`, as it was named. */
  readonly dockerfile?: string | undefined;
  /** Of the working folder in its repository: `services/api/`; empty at the root of one, and outside of any. */
  readonly repositoryFolder: string;
}
