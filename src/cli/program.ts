import { ScanError } from '../errors.ts';
import { exitCodes, type ExitCode } from '../report/gate.ts';
import { VERSION } from '../version.ts';
import type { CommandLine } from './commands/command-line.ts';
import { Command, CommanderError } from './commander.ts';
import { addBaselineCommands } from './commands/baseline.ts';
import { addConfigCommands } from './commands/config.ts';
import { addDetectorCommands } from './commands/detectors.ts';
import { addEcsCommands } from './commands/ecs.ts';
import { addLedgerCommands } from './commands/ledger.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addInstallCommands } from './commands/install.ts';
import { addPushCommand } from './commands/push.ts';
import { addMixedCommand } from './commands/mixed.ts';
import { addScanCommands } from './commands/scan.ts';
import { addSweepCommands } from './commands/sweep.ts';
import { belowDocker } from './before-push/docker-plugin.ts';
import { loadMask } from './echo.ts';
import { exitHelp } from './options/exit-help.ts';
import { debugLines, describeFault } from './fault.ts';
import { nearest } from '../nearest.ts';
import { type OptionRow, withOptions } from './options/option-row.ts';
import { writeText } from './output.ts';
import type { LoadScans } from './scan-command.ts';
import type { ProcessStreams } from './streams.ts';
import { detectorsAtHand, usageError } from './usage-error.ts';
import { Voice } from './voice.ts';

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

const voiceOptions: readonly OptionRow[] = [
  { flags: '-q, --quiet', text: 'nothing on stderr but errors', fallback: { value: false } },
  {
    flags: '-v, --verbose',
    text: 'say on stderr what was chosen, and how each layer was read',
    fallback: { value: false },
  },
];

/** All commands, none of them run yet. */
export function declareProgram(line: Omit<CommandLine, 'program'>): Command {
  const program = new Command('phiscan')
    .description('Finds protected health information (PHI) in container images and ECS metadata.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    // So that the options of `ecs watch` are its own, and not those of `ecs`.
    .enablePositionalOptions()
    // Their own help has their arguments.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .addHelpText('after', rootHelp);
  const whole: CommandLine = { program, ...line };
  addScanCommands(whole);
  addMixedCommand(whole);
  addPushCommand(whole);
  addInstallCommands(whole);
  addCompletionCommand(whole);
  addEcsCommands(whole);
  addSweepCommands(whole);
  addDetectorCommands(whole);
  addLedgerCommands(whole);
  addBaselineCommands(whole);
  addConfigCommands(whole);
  for (const command of commandsIn(program)) {
    // Said with a suggestion, by `expectNoOther`.
    if (command.commands.length > 0) command.allowExcessArguments();
    // A group does nothing but print its help.
    if (command.registeredArguments.length > 0 || command.options.length > 0 || command.commands.length === 0) {
      withOptions(command, voiceOptions);
    }
  }
  return program;
}

/** The commands below a command, at any depth. */
export function commandsIn(command: Command): readonly Command[] {
  return command.commands.flatMap((below) => [below, ...commandsIn(below)]);
}

/** A command that runs by itself and has others below takes a mistyped one of them for an argument. */
function expectNoOther(command: Command): void {
  const [word] = command.args.slice(command.registeredArguments.length);
  if (word === undefined || command.commands.length === 0) return;
  const meant = nearest(
    command.commands.map((below) => below.name()),
    word,
  );
  const suggestion = meant === undefined ? '' : `\n(Did you mean ${meant}?)`;
  throw new CommanderError(exitCodes.error, 'commander.unknownCommand', `unknown command '${word}'${suggestion}`);
}

/** Runs one command line (without node and the script) to its exit code; it throws nothing. */
export async function runProgram(
  argv: readonly string[],
  given: ProcessStreams,
  loadScans: LoadScans,
  { isBelowDocker = false }: { readonly isBelowDocker?: boolean } = {},
): Promise<ExitCode> {
  const help: string[] = [];
  let code: ExitCode = exitCodes.clean;
  const voice = new Voice(given.stderr);
  const streams = { ...given, voice };
  const end = (last: ExitCode): void => {
    code = last;
  };
  const cut = argv.indexOf('--');
  const passedOn = cut === -1 ? [] : argv.slice(cut + 1);
  const program = declareProgram({ streams, loadScans, end, passedOn });
  const called = (text: string): string => {
    const names = program.commands.map((command) => command.name());
    return isBelowDocker ? belowDocker(text, names) : text;
  };
  for (const command of [program, ...commandsIn(program)]) {
    command.configureOutput({
      writeOut: (text) => help.push(text),
      writeErr: (text) => help.push(text),
      // Said once, in one style, in `usageError`.
      outputError: () => undefined,
    });
  }
  program.hook('preAction', async (_program, command) => {
    expectNoOther(command);
    const { quiet = false, verbose = false } = command.opts<{ quiet?: boolean; verbose?: boolean }>();
    if (quiet && verbose) throw new ScanError('usage', '--quiet and --verbose contradict each other. Give one of them');
    if (quiet) voice.hush();
    if (verbose) voice.tellAll(await loadMask(await detectorsAtHand(argv, given.env)));
    // Lines between a bar's would tear it.
    if (quiet || verbose) command.setOptionValue('progress', false);
  });

  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Asked for, or printed instead of doing nothing.
    if (error instanceof CommanderError && help.length > 0) {
      const asked = error.exitCode === 0;
      await writeText(asked ? streams.stdout : streams.stderr, called(help.join('')));
      return asked ? exitCodes.clean : exitCodes.error;
    }
    const mask = await loadMask(await detectorsAtHand(argv, streams.env));
    const fault = error instanceof CommanderError ? usageError(error.message, mask) : error;
    streams.stderr.write(`phiscan: ${called(describeFault(fault, mask))}\n`);
    if (streams.env['PHISCAN_DEBUG']) streams.stderr.write(`${debugLines(fault).join('\n')}\n`);
    return exitCodes.error;
  } finally {
    voice.close();
  }
}
