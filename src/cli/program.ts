import { exitCodes, type ExitCode } from '../report/gate.ts';
import { VERSION } from '../version.ts';
import type { CommandLine } from './commands/command-line.ts';
import { Command, CommanderError } from './commander.ts';
import { addBaselineCommands } from './commands/baseline.ts';
import { addDetectorCommands } from './commands/detectors.ts';
import { addEcsCommands } from './commands/ecs.ts';
import { addLedgerCommands } from './commands/ledger.ts';
import { addMixedCommand } from './commands/mixed.ts';
import { addScanCommands } from './commands/scan.ts';
import { addSweepCommands } from './commands/sweep.ts';
import { loadMask } from './echo.ts';
import { exitHelp } from './exit-help.ts';
import { debugLines, describeFault } from './fault.ts';
import { writeText } from './output.ts';
import type { Scans } from './scan-command.ts';
import type { Streams } from './streams.ts';
import { detectorsAtHand, usageError } from './usage-error.ts';

const rootHelp = `
Examples:
  $ phiscan image app:1.4                    an image of the Docker daemon
  $ docker save app:1.4 | phiscan image -    the same, from a pipe
  $ phiscan files . --dockerignore           a build context, before the build
  $ phiscan containers                       what Docker keeps of containers
  $ phiscan ecs --region us-east-1           what ECS keeps in the account
  $ phiscan doctor                           what a sweep of ECR needs
${exitHelp}

Findings never hold the value that was found. phiscan COMMAND --help has more.`;

/** Runs one command line (without node and the script) to its exit code; it throws nothing. */
export async function runProgram(
  argv: readonly string[],
  streams: Streams,
  loadScans: () => Promise<Scans>,
): Promise<ExitCode> {
  const help: string[] = [];
  let code: ExitCode = exitCodes.clean;
  const program = new Command('phiscan')
    .description('Finds protected health information (PHI) in container images and ECS metadata.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    // So that the options of `ecs watch` are its own, and not those of `ecs`.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => help.push(text),
      writeErr: (text) => help.push(text),
      // Said once, in one style, in `usageError`.
      outputError: () => undefined,
    })
    .addHelpText('after', rootHelp);

  const line: CommandLine = {
    program,
    streams,
    loadScans,
    end: (last) => {
      code = last;
    },
  };
  addScanCommands(line);
  addMixedCommand(line);
  addEcsCommands(line);
  addSweepCommands(line);
  addDetectorCommands(line);
  addLedgerCommands(line);
  addBaselineCommands(line);

  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Asked for, or printed instead of doing nothing.
    if (error instanceof CommanderError && help.length > 0) {
      const asked = error.exitCode === 0;
      await writeText(asked ? streams.stdout : streams.stderr, help.join(''));
      return asked ? exitCodes.clean : exitCodes.error;
    }
    const mask = await loadMask(await detectorsAtHand(argv, streams.env));
    const fault = error instanceof CommanderError ? usageError(error.message, mask) : error;
    streams.stderr.write(`phiscan: ${describeFault(fault, mask)}\n`);
    if (streams.env['PHISCAN_DEBUG']) streams.stderr.write(`${debugLines(fault).join('\n')}\n`);
    return exitCodes.error;
  }
}
