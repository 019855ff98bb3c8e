/** `phiscan baseline`. */
import {
  type AnswerRequest,
  type BaselineRequest,
  createOptions,
  showOptions,
  updateOptions,
  type UpdateRequest,
} from '../options/baseline-options.ts';
import { withOptions } from '../options/option-row.ts';
import type { CommandLine } from './command-line.ts';

const common = `
A baseline is a file of findings that somebody has answered for, by place and
number of values, never by value: phiscan-baseline.yaml of this folder, or what
--baseline names. Every scan lists them and leaves them out of its exit code,
until they expire, until there are more values, or until they get worse.
`;

export const createHelp: string = `${common}
Examples:
  $ phiscan files . --format json --output report.json
  $ phiscan baseline create --from report.json \\
      --reason 'invented patients' --owner team-data --expires 2027-01-31`;

export const updateHelp: string = `${common}
What is new, expired, grown or worse is accepted with the reason, owner and day
that are given; counts that fell are lowered; what does not occur any more is
dropped, unless the report is incomplete. New critical findings end it with
exit 1 and change nothing, unless --accept-critical.

Examples:
  $ phiscan baseline update --from report.json
  $ phiscan baseline update --from report.json \\
      --reason 'next release' --owner team-data --expires 2027-01-31`;

export const showHelp: string = `${common}
Examples:
  $ phiscan baseline show
  $ phiscan baseline show --from report.json`;

const baselineHelp = `${common}
Examples:
  $ phiscan baseline show
  $ phiscan baseline update --from report.json`;

export function addBaselineCommands({ program, streams, end }: CommandLine): void {
  const baseline = program
    .command('baseline')
    .description('findings that somebody has answered for')
    .addHelpText('after', baselineHelp);
  withOptions(baseline.command('create'), createOptions)
    .description('accept the findings of a report')
    .addHelpText('after', createHelp)
    .action(async (request: AnswerRequest) => {
      const { createBaseline } = await import('../baseline/baseline-command.ts');
      end(await createBaseline(request, streams));
    });
  withOptions(baseline.command('update'), updateOptions)
    .description('accept what is new in a report, and drop what is gone')
    .addHelpText('after', updateHelp)
    .action(async (request: UpdateRequest) => {
      const { updateBaselineFile } = await import('../baseline/baseline-command.ts');
      end(await updateBaselineFile(request, streams));
    });
  withOptions(baseline.command('show'), showOptions)
    .description('who answers for what, and how long')
    .addHelpText('after', showHelp)
    .action(async (request: BaselineRequest) => {
      const { showBaseline } = await import('../baseline/baseline-command.ts');
      end(await showBaseline(request, streams));
    });
}
