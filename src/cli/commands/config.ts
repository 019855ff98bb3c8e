/** `phiscan init` and `phiscan config`. */
import type { InitRequest, ShowRequest } from '../config/config-command.ts';
import { type OptionRow, withOptions } from '../options/option-row.ts';
import { platformOption } from './scan.ts';
import { gateOptions, plainFormatOption } from '../options/shared-options.ts';
import type { CommandLine } from './command-line.ts';

const initOptions: readonly OptionRow[] = [
  { flags: '--force', text: 'write over a file that is there', fallback: { value: false } },
];

export const initHelp: string = `
All settings in it are commented out, each with what it does.

Examples:
  $ phiscan init
  $ phiscan init ci/phiscan.yaml
  $ phiscan init --force`;

export const showHelp: string = `
Each value with where it comes from: an option goes before a variable of the
environment, that before phiscan.yaml, and that before the default.

Variables:
  PHISCAN_CONFIG            the file, instead of phiscan.yaml of this folder
  PHISCAN_FAIL_ON           as --fail-on
  PHISCAN_MIN_CONFIDENCE    as --min-confidence
  PHISCAN_ALLOW_INCOMPLETE  true or false
  PHISCAN_PLATFORM          as --platform; several with commas
  PHISCAN_BASELINE          as --baseline

Examples:
  $ phiscan config show
  $ phiscan config show --fail-on high --format json
  $ PHISCAN_FAIL_ON=critical phiscan config show`;

const configHelp = `
Examples:
  $ phiscan config show
  $ phiscan init`;

const settingOptions: readonly OptionRow[] = [
  ...gateOptions.filter(({ flags }) => flags !== '--no-progress'),
  platformOption,
  plainFormatOption,
];

export function addConfigCommands({ program, streams, end }: CommandLine): void {
  withOptions(program.command('init'), initOptions)
    .description('write a commented phiscan.yaml')
    .argument('[file]', 'its name', 'phiscan.yaml')
    .addHelpText('after', initHelp)
    .action(async (file: string, request: InitRequest) => {
      const { initConfig } = await import('../config/config-command.ts');
      end(await initConfig(file, request, streams));
    });
  const config = program.command('config').description('the settings of phiscan').addHelpText('after', configHelp);
  withOptions(config.command('show'), settingOptions)
    .description('the settings that hold, each with where it comes from')
    .addHelpText('after', showHelp)
    .action(async (request: ShowRequest) => {
      const { showConfig } = await import('../config/config-command.ts');
      end(await showConfig(request, streams));
    });
}
