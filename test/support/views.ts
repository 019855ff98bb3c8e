import type { Report } from '../../src/finding.ts';
import { exitCode } from '../../src/report/gate.ts';
import { noColors } from '../../src/report/palette.ts';
import type { ViewOptions } from '../../src/report/view.ts';

/** As a run in a folder of a repository has it. */
export function viewOf(report: Report, parts: Partial<ViewOptions> = {}): ViewOptions {
  return {
    width: 80,
    palette: noColors,
    explain: false,
    failOn: 'medium',
    exitCode: exitCode(report, { failOn: 'medium', allowIncomplete: false, unopened: 0 }),
    aws: { account: '123456789012', region: 'us-east-1' },
    now: new Date('2026-11-22T10:00:00.000Z'),
    folder: '/repository/services/api',
    repositoryRoot: '/repository',
    ...parts,
  };
}
