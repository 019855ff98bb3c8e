/** `phiscan detectors`. */
import { withOptions } from '../options/option-row.ts';
import type { ConfigRequest } from '../config/config-file.ts';
import { configOption } from '../options/shared-options.ts';
import type { CommandLine } from './command-line.ts';

const detectorsHelp = `
Examples:
  $ phiscan detectors list
  $ phiscan detectors explain mrn
  $ phiscan detectors test phiscan.yaml`;

function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  $ ${line}`)].join('\n');
}

export function addDetectorCommands({ program, streams, end }: CommandLine): void {
  const detectors = program
    .command('detectors')
    .description('show, explain and test what is looked for')
    .addHelpText('after', detectorsHelp);
  withOptions(detectors.command('list'), [configOption])
    .description('all detectors in a table')
    .addHelpText('after', examples('phiscan detectors list', 'phiscan detectors list --config phiscan.yaml'))
    .action(async (options: ConfigRequest) => {
      const { listDetectors } = await import('../detectors-command.ts');
      end(await listDetectors(options, streams));
    });
  withOptions(detectors.command('explain'), [configOption])
    .description('all that is known of one detector, what it misses among it')
    .argument('<id>', 'as in the list')
    .addHelpText('after', examples('phiscan detectors explain mrn'))
    .action(async (id: string, options: ConfigRequest) => {
      const { explainDetector } = await import('../detectors-command.ts');
      end(await explainDetector(id, options, streams));
    });
  detectors
    .command('test')
    .description('run all examples and counter-examples: exit 0, or 1 when one fails')
    .argument('[file]', 'a phiscan.yaml, to test its detectors instead of the built-in ones')
    .addHelpText('after', examples('phiscan detectors test', 'phiscan detectors test phiscan.yaml'))
    .action(async (file: string | undefined) => {
      const { testDetectors } = await import('../detectors-command.ts');
      end(await testDetectors(file, streams));
    });
}
