/** `phiscan scan`: images and files in one report. */
import { exitHelp } from '../options/exit-help.ts';
import { type OptionRow, withOptions } from '../options/option-row.ts';
import type { MixedRequest } from '../mixed-command.ts';
import type { CommandLine } from './command-line.ts';
import { filesOptions, imageOptions } from './scan.ts';

const several = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

const mixedOptions: readonly OptionRow[] = [
  { flags: '--image <reference>', text: 'as of phiscan image; several may be named', parse: several },
  { flags: '--path <path>', text: 'as of phiscan files; several may be named', parse: several },
  ...new Set([...imageOptions, ...filesOptions]),
];

const mixedHelp: string = `
What a pipeline is about to push or deploy, in one report with one exit code.

Examples:
  $ phiscan scan --image app:1.4 --path task-definition.json
  $ phiscan scan --image build/app.tar --path seed --path 'deploy/*.json'
${exitHelp}`;

export function addMixedCommand({ program, streams, loadScans, end }: CommandLine): void {
  withOptions(program.command('scan'), mixedOptions)
    .description('scan images and files together, to one report')
    .addHelpText('after', mixedHelp)
    .action(async (options: MixedRequest) => {
      const { runMixed } = await import('../mixed-command.ts');
      end(await runMixed(options, await loadScans(), streams));
    });
}
