/** The commands of `phiscan sweep`, for program.ts. */
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import type { ExitCode } from '../report/gate.ts';
import { ecrSweepHelp, registrySweepHelp, sweepHelp } from './sweep-help.ts';
import type { EcrSweepRequest, RegistrySweepRequest } from './sweep-command.ts';
import { withAccountOptions } from './aws-options.ts';
import { parseJobs, parseOutput, parseSince } from './option-values.ts';
import type { Streams } from './streams.ts';
import {
  parseBytes,
  parseDeadline,
  parseEvents,
  parseFile,
  parseRegistryHost,
  parseRepository,
  parseSweepFormat,
} from './sweep-values.ts';

export interface ProgramParts {
  readonly streams: Streams;
  /** The options that decide about the exit code. */
  readonly withGateOptions: (command: Command) => Command;
  readonly onEnd: (code: ExitCode) => void;
}

export function addSweepCommands(program: Command, { streams, withGateOptions, onEnd }: ProgramParts): void {
  const sweep = program
    .command('sweep')
    .description('scan all images of a registry, each layer once')
    .addHelpText('after', sweepHelp);
  withSweepOptions(withGateOptions(withAccountOptions(sweep.command('ecr'))))
    .description('all images and texts of Amazon ECR')
    .addOption(new Option('--asff <file>', 'write findings for Security Hub to a file').argParser(parseFile('--asff')))
    .option('--securityhub', 'send findings to Security Hub', false)
    .addOption(
      new Option('--events <source>', '- for "ECR Image Action" events on standard input').argParser(parseEvents),
    )
    .addHelpText('after', ecrSweepHelp)
    .action(async (options: EcrSweepRequest) => {
      const { sweepEcr } = await import('./sweep-command.ts');
      onEnd(await sweepEcr(options, streams));
    });
  withSweepOptions(withGateOptions(sweep.command('registry')))
    .description('all images of a registry that speaks the OCI distribution protocol')
    .argument('<host>', 'registry.example:5000', parseRegistryHost)
    .option('--insecure', 'without TLS, for a registry on this machine', false)
    .addHelpText('after', registrySweepHelp)
    .action(async (host: string, options: RegistrySweepRequest) => {
      const { sweepHost } = await import('./sweep-command.ts');
      onEnd(await sweepHost(host, options, streams));
    });
}

function withSweepOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--repository <glob>', 'only these, * is anything; may be repeated').argParser(parseRepository),
    )
    .addOption(new Option('--since <time>', 'only what was pushed later: 2026-11-01, 36h, 7d').argParser(parseSince))
    .addOption(new Option('--max-bytes <size>', 'read no more of layers than this: 20GB').argParser(parseBytes))
    .addOption(new Option('--deadline <time>', 'read no layer after it: 90m, 6h').argParser(parseDeadline))
    .addOption(
      new Option('--jobs <number>', 'layers at once')
        .default(availableParallelism(), 'all processors')
        .argParser(parseJobs),
    )
    .option('--dry-run', 'print the plan, and read no layer', false)
    .addOption(
      new Option('--format <format>', 'table, json, or jsonl: a line for each image when it is ready')
        .default('table')
        .argParser(parseSweepFormat),
    )
    .addOption(new Option('--output <file>', 'write the report to a file; the exit code stays').argParser(parseOutput))
    .option('--explain', 'show the evidence of each finding', false)
    .option('--no-ledger', 'read again what was read before, and remember nothing');
}
