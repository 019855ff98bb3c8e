/** `phiscan sweep ecr`, `phiscan sweep registry`, and `phiscan doctor`, which says what a sweep needs. */
import { accountOptions } from '../options/aws-options.ts';
import type { DoctorRequest } from '../doctor-command.ts';
import { exitHelp } from '../options/exit-help.ts';
import { withOptions } from '../options/option-row.ts';
import { gateOptions, plainFormatOption } from '../options/shared-options.ts';
import type { EcrSweepRequest, RegistrySweepRequest } from '../sweep/sweep-command.ts';
import { ecrSweepOptions, registrySweepOptions, sweepOptions } from '../options/sweep-options.ts';
import { parseRegistryHost } from '../options/sweep-values.ts';
import type { CommandLine } from './command-line.ts';

export const sweepHelp: string = `
Examples:
  $ phiscan sweep ecr --region us-east-1
  $ phiscan sweep registry registry.example:5000 --dry-run
${exitHelp}`;

const common = `
A sweep lists the registry, plans, and reads each layer once, however many
images hold it. What was read is remembered in the ledger: findings, without
values, in PHISCAN_CACHE_DIR or the user's cache folder. So a sweep that was
stopped goes on where it was, and the next one reads only what is new.

What is archived, encrypted, denied, throttled, or left out by --max-bytes or
--deadline is a gap: such an image is incomplete, never clean. SIGTERM ends a
sweep with a report of what was read.
`;

export const ecrSweepHelp: string = `${common}
It asks by reading calls only, with the credentials that the AWS CLI would use
or with those of each role. Scanned are images by digest, untagged ones too, and
the texts of ECR: names, tags, policies, lifecycle rules, templates.

Examples:
  $ phiscan sweep ecr --region us-east-1 --region eu-west-1
  $ phiscan sweep ecr --repository 'team/*' --since 7d --format jsonl
  $ phiscan sweep ecr --dry-run
  $ phiscan sweep ecr --max-bytes 200GB --deadline 6h --securityhub
  $ phiscan sweep ecr --events - < events.jsonl
${exitHelp}`;

export const registrySweepHelp: string = `${common}
Users and passwords are those of docker login. Manifests without a tag are in no
list of such a registry, but for those that an index or a referrer names.

Examples:
  $ phiscan sweep registry registry.example:5000
  $ phiscan sweep registry 127.0.0.1:5000 --insecure --repository 'team/*'
  $ phiscan sweep registry registry.example --format jsonl --output sweep.jsonl
${exitHelp}`;

const doctorHelp = `
It asks each reading call of a sweep once, for nothing: no image is pulled, and
nothing is changed. It looks whether pulls of the role are counted
(lastRecordedPullTime), whether what would change a registry is denied, and
whether layers, the ledger's folder and the Docker engine can be reached.

Examples:
  $ phiscan doctor --region us-east-1 --region eu-west-1
  $ phiscan doctor --role-arn arn:aws:iam::123456789012:role/phiscan
  $ phiscan doctor --format json

Exit codes:
  0  nothing is wrong; what could not be checked is told
  1  something must be put right before a sweep
  2  wrong usage`;

export function addSweepCommands({ program, streams, end }: CommandLine): void {
  const sweep = program
    .command('sweep')
    .description('scan all images of a registry, each layer once')
    .addHelpText('after', sweepHelp);
  withOptions(sweep.command('ecr'), [...accountOptions, ...gateOptions, ...sweepOptions, ...ecrSweepOptions])
    .description('all images and texts of Amazon ECR')
    .addHelpText('after', ecrSweepHelp)
    .action(async (options: EcrSweepRequest) => {
      const { sweepEcr } = await import('../sweep/sweep-command.ts');
      end(await sweepEcr(options, streams));
    });
  withOptions(sweep.command('registry'), [...gateOptions, ...sweepOptions, ...registrySweepOptions])
    .description('all images of a registry that speaks the OCI distribution protocol')
    .argument('<host>', 'registry.example:5000', parseRegistryHost)
    .addHelpText('after', registrySweepHelp)
    .action(async (host: string, options: RegistrySweepRequest) => {
      const { sweepHost } = await import('../sweep/sweep-command.ts');
      end(await sweepHost(host, options, streams));
    });

  withOptions(program.command('doctor'), [...accountOptions, plainFormatOption])
    .description('check what a sweep of ECR needs: permissions, the pull-time exclusion, denied changes, addresses')
    .addHelpText('after', doctorHelp)
    .action(async (options: DoctorRequest) => {
      const { runDoctor } = await import('../doctor-command.ts');
      end(await runDoctor(options, streams));
    });
}
