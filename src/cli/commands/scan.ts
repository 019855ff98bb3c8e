/** `phiscan image`, `phiscan files`, `phiscan containers`. */
import { awsOptions } from '../options/aws-options.ts';
import { exitHelp } from '../options/exit-help.ts';
import { type OptionRow, withOptions } from '../options/option-row.ts';
import { parseDockerfile, parsePlatform } from '../options/option-values.ts';
import type { FilesRequest, ImageRequest, ReportRequest } from '../scan-command.ts';
import { reportOptions, scanOptions } from '../options/shared-options.ts';
import type { CommandLine } from './command-line.ts';

export const platformOption: OptionRow = {
  flags: '--platform <os/arch>',
  text: 'only this platform, for example linux/arm64/v8; may be repeated',
  parse: parsePlatform,
};

export const imageOptions: readonly OptionRow[] = [
  ...scanOptions,
  ...awsOptions,
  platformOption,
  {
    flags: '--insecure',
    text: 'plain HTTP and unverified TLS, of a registry on this machine only',
    fallback: { value: false },
  },
  {
    flags: '--dockerfile <file>',
    text: 'what the image was built from: findings say its lines',
    parse: parseDockerfile,
  },
  { flags: '--no-ledger', text: 'scan anew what was scanned before, and remember nothing' },
];

export const filesOptions: readonly OptionRow[] = [
  ...scanOptions,
  {
    flags: '--dockerignore',
    text: 'leave out what .dockerignore leaves out of the build',
    fallback: { value: false },
  },
];

const imageHelp: string = `
References:
  docker-daemon:NAME    from the Docker daemon (DOCKER_HOST is honoured)
  docker-archive:FILE   what docker save writes
  oci-archive:FILE      an OCI layout in a tar file
  oci:DIR[:TAG]         an OCI layout in a folder
  registry:HOST/NAME[:TAG|@DIGEST]
                        from a registry, with the credentials of docker login
  ecr:NAME[:TAG|@DIGEST]
                        from ECR, with the credentials of the AWS CLI; with
                        or without the registry's full address before NAME
  -                     an archive on standard input
  bare                  a file or folder is sniffed; else the daemon is asked

Examples:
  $ phiscan image app:1.4
  $ phiscan image build/app.tar --fail-on high
  $ phiscan image oci:layout:1.4 --platform linux/arm64
  $ phiscan image registry:registry.example/team/app:1.4
  $ phiscan image ecr:team/app:1.4 --region us-east-1
  $ phiscan image app:1.4 --format json --output report.json
${exitHelp}`;

const filesHelp: string = `
Examples:
  $ phiscan files . --dockerignore
  $ phiscan files 'seed/**/*.csv' dump.sql.gz --explain
${exitHelp}`;

export const containersHelp: string = `
It reads what docker inspect shows: environment, command, labels, mounts, log
options, names on networks, the error of a container that did not start, and
what its health checks printed. DOCKER_HOST and docker contexts are honoured.

Examples:
  $ phiscan containers
  $ phiscan containers web worker --fail-on high
  $ phiscan containers --format json --output report.json
${exitHelp}`;

export function addScanCommands({ program, streams, loadScans, end }: CommandLine): void {
  withOptions(program.command('image'), imageOptions)
    .description('scan container images')
    .argument(
      '<reference...>',
      'docker-daemon:NAME, registry:HOST/NAME, ecr:NAME, oci-archive:FILE, oci:DIR, - and others below',
    )
    .addHelpText('after', imageHelp)
    .action(async (references: string[], options: ImageRequest) => {
      const scans = loadScans(options.jobs);
      const { runImages } = await import('../scan-command.ts');
      end(await runImages(references, options, await scans, streams));
    });

  withOptions(program.command('files'), filesOptions)
    .description('scan files, folders and build contexts, before there is an image')
    .argument('<path...>', 'files, folders or globs')
    .addHelpText('after', filesHelp)
    .action(async (paths: string[], options: FilesRequest) => {
      const scans = loadScans(options.jobs);
      const { runFiles } = await import('../scan-command.ts');
      end(await runFiles(paths, options, await scans, streams));
    });

  withOptions(program.command('containers'), reportOptions)
    .description('scan what the Docker engine keeps of containers: environment, labels, errors, health checks')
    .argument('[name...]', 'names or ids; without any, all containers, those that have exited too')
    .addHelpText('after', containersHelp)
    .action(async (names: string[], options: ReportRequest) => {
      const { runContainers } = await import('../scan-command.ts');
      end(await runContainers(names, options, await loadScans(), streams));
    });
}
