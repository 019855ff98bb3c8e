import { availableParallelism } from 'node:os';
import { Command, CommanderError, Option } from 'commander';
import { exitCodes, type ExitCode } from '../report/gate.ts';
import { VERSION } from '../version.ts';
import { loadMask } from './echo.ts';
import { debugLines, describeFault } from './fault.ts';
import {
  parseConfidence,
  parseConfig,
  parseFailOn,
  parseFormat,
  parseJobs,
  parseOutput,
  parsePlatform,
} from './option-values.ts';
import {
  containersHelp,
  detectorsHelp,
  doctorHelp,
  ecsHelp,
  filesHelp,
  imageHelp,
  ledgerHelp,
  rootHelp,
  watchHelp,
} from './help-texts.ts';
import { ledgerCommands, type LedgerRequest } from './ledger-options.ts';
import { writeText } from './output.ts';
import { accountOptions, awsOptions, type OptionRow } from './aws-options.ts';
import type { DoctorRequest } from './doctor-command.ts';
import type { EcsRequest } from './ecs-command.ts';
import { ecsOptions, watchOptions } from './ecs-options.ts';
import type { ConfigRequest, ImageRequest, ReportRequest, ScanRequest, Scans } from './scan-command.ts';
import type { WatchRequest } from './watch-command.ts';
import { ecrSweepHelp, registrySweepHelp, sweepHelp } from './sweep-help.ts';
import { ecrSweepOptions, registrySweepOptions, sweepOptions } from './sweep-options.ts';
import { parseRegistryHost } from './sweep-values.ts';
import type { EcrSweepRequest, RegistrySweepRequest } from './sweep-command.ts';
import type { Streams } from './streams.ts';
import { detectorsAtHand, usageError } from './usage-error.ts';

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

  withOptions(withScanOptions(program.command('image')), awsOptions)
    .description('scan container images')
    .argument(
      '<reference...>',
      'docker-daemon:NAME, registry:HOST/NAME, ecr:NAME, oci-archive:FILE, oci:DIR, - and others below',
    )
    .addOption(
      new Option('--platform <os/arch>', 'only this platform, for example linux/arm64/v8').argParser(parsePlatform),
    )
    .option('--insecure', 'plain HTTP and unverified TLS, of a registry on this machine only', false)
    .option('--no-ledger', 'scan anew what was scanned before, and remember nothing')
    .addHelpText('after', imageHelp)
    .action(async (references: string[], options: ImageRequest) => {
      const { runImages } = await import('./scan-command.ts');
      code = await runImages(references, options, await loadScans(), streams);
    });

  withScanOptions(program.command('files'))
    .description('scan files, folders and build contexts, before there is an image')
    .argument('<path...>', 'files, folders or globs')
    .option('--dockerignore', 'leave out what .dockerignore leaves out of the build', false)
    .addHelpText('after', filesHelp)
    .action(async (paths: string[], options: ScanRequest & { dockerignore: boolean }) => {
      const { runFiles } = await import('./scan-command.ts');
      code = await runFiles(paths, options, await loadScans(), streams);
    });

  withReportOptions(program.command('containers'))
    .description('scan what the Docker engine keeps of containers: environment, labels, errors, health checks')
    .argument('[name...]', 'names or ids; without any, all containers, those that have exited too')
    .addHelpText('after', containersHelp)
    .action(async (names: string[], options: ReportRequest) => {
      const { runContainers } = await import('./scan-command.ts');
      code = await runContainers(names, options, await loadScans(), streams);
    });

  const ecs = withOptions(withReportOptions(program.command('ecs')), ecsOptions)
    .enablePositionalOptions()
    .description('scan the texts that Amazon ECS keeps: task definitions, services, tasks, tags')
    .addHelpText('after', ecsHelp)
    .action(async (options: EcsRequest) => {
      const { runEcs } = await import('./ecs-command.ts');
      code = await runEcs(options, streams);
    });
  withGateOptions(withOptions(ecs.command('watch'), watchOptions))
    .description('scan events as they happen, and report them line by line')
    .argument(
      '[source]',
      '- for JSON Lines on standard input; without it and --queue-url, ECS is asked again and again',
    )
    .addHelpText('after', watchHelp)
    .action(async (source: string | undefined, options: WatchRequest) => {
      const { runWatch } = await import('./watch-command.ts');
      code = await runWatch(source, options, streams);
    });

  const sweep = program
    .command('sweep')
    .description('scan all images of a registry, each layer once')
    .addHelpText('after', sweepHelp);
  withOptions(withGateOptions(withOptions(sweep.command('ecr'), accountOptions)), [...sweepOptions, ...ecrSweepOptions])
    .description('all images and texts of Amazon ECR')
    .addHelpText('after', ecrSweepHelp)
    .action(async (options: EcrSweepRequest) => {
      const { sweepEcr } = await import('./sweep-command.ts');
      code = await sweepEcr(options, streams);
    });
  withOptions(withGateOptions(sweep.command('registry')), [...sweepOptions, ...registrySweepOptions])
    .description('all images of a registry that speaks the OCI distribution protocol')
    .argument('<host>', 'registry.example:5000', parseRegistryHost)
    .addHelpText('after', registrySweepHelp)
    .action(async (host: string, options: RegistrySweepRequest) => {
      const { sweepHost } = await import('./sweep-command.ts');
      code = await sweepHost(host, options, streams);
    });

  withOptions(program.command('doctor'), accountOptions)
    .description('check what a sweep of ECR needs: permissions, the pull-time exclusion, denied changes, addresses')
    .addOption(new Option('--format <format>', 'table or json').default('table').argParser(parseFormat))
    .addHelpText('after', doctorHelp)
    .action(async (options: DoctorRequest) => {
      const { runDoctor } = await import('./doctor-command.ts');
      code = await runDoctor(options, streams);
    });

  const detectors = program
    .command('detectors')
    .description('show, explain and test what is looked for')
    .addHelpText('after', detectorsHelp);
  detectors
    .command('list')
    .description('all detectors in a table')
    .addOption(configOption())
    .action(async (options: ConfigRequest) => {
      const { listDetectors } = await import('./detectors-command.ts');
      code = await listDetectors(options, streams);
    });
  detectors
    .command('explain')
    .description('all that is known of one detector, what it misses among it')
    .argument('<id>', 'as in the list')
    .addOption(configOption())
    .action(async (id: string, options: ConfigRequest) => {
      const { explainDetector } = await import('./detectors-command.ts');
      code = await explainDetector(id, options, streams);
    });
  detectors
    .command('test')
    .description('run all examples and counter-examples: exit 0, or 1 when one fails')
    .argument('[file]', 'a phiscan.yaml, to test its detectors instead of the built-in ones')
    .action(async (file: string | undefined) => {
      const { testDetectors } = await import('./detectors-command.ts');
      code = await testDetectors(file, streams);
    });

  const ledger = program.command('ledger').description('what is remembered of layers').addHelpText('after', ledgerHelp);
  for (const { name, text, options } of ledgerCommands) {
    withOptions(ledger.command(name), options)
      .description(text)
      .addHelpText('after', ledgerHelp)
      .action(async (request: LedgerRequest) => {
        const { runLedgerCommand } = await import('./ledger-command.ts');
        code = await runLedgerCommand(name, request, streams);
      });
  }

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
    const mask = await loadMask(await detectorsAtHand(argv));
    const fault = error instanceof CommanderError ? usageError(error.message, mask) : error;
    streams.stderr.write(`phiscan: ${describeFault(fault, mask)}\n`);
    if (streams.env['PHISCAN_DEBUG']) streams.stderr.write(`${debugLines(fault).join('\n')}\n`);
    return exitCodes.error;
  }
}

function withScanOptions(command: Command): Command {
  return withReportOptions(command).addOption(
    new Option('--jobs <number>', 'worker threads')
      .default(availableParallelism(), 'all processors')
      .argParser(parseJobs),
  );
}

function withReportOptions(command: Command): Command {
  return withGateOptions(
    command
      .addOption(new Option('--format <format>', 'table or json').default('table').argParser(parseFormat))
      .addOption(
        new Option('--output <file>', 'write the report to a file; the exit code stays').argParser(parseOutput),
      ),
  ).option('--explain', 'show the evidence of each finding', false);
}

/** What decides about the exit code. */
function withGateOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 from this severity on: critical, high, medium, low, info, none')
        .default('medium')
        .argParser(parseFailOn),
    )
    .addOption(
      new Option('--min-confidence <number>', 'leave out findings below, 0 to 1')
        .default(0.5)
        .argParser(parseConfidence),
    )
    .addOption(configOption())
    .option('--allow-incomplete', 'exit 0, not 3, when something could not be read', false)
    .option('--no-progress', 'show no progress on stderr');
}

function withOptions(command: Command, rows: readonly OptionRow[]): Command {
  for (const { flags, text, parse, fallback } of rows) {
    const option = new Option(flags, text);
    if (parse !== undefined) option.argParser(parse as (text: string, before: unknown) => unknown);
    if (fallback !== undefined) option.default(fallback.value, fallback.words);
    command.addOption(option);
  }
  return command;
}

function configOption(): Option {
  return new Option('--config <file>', 'own detectors; without it, phiscan.yaml of this folder').argParser(parseConfig);
}
