/** `phiscan install docker`, `phiscan install git-hook`, and `phiscan git-hook`, which an installed hook runs. */
import { exitHelp } from '../options/exit-help.ts';
import type { InstallHookRequest, InstallRequest } from '../before-push/install-command.ts';
import { type OptionRow, withOptions } from '../options/option-row.ts';
import { GIT_HOOKS, type GitHook, parseHook } from '../options/option-values.ts';
import type { ScanRequest } from '../scan-command.ts';
import { scanOptions } from '../options/shared-options.ts';
import type { CommandLine } from './command-line.ts';

const no = { value: false } as const;
const uninstall: OptionRow = { flags: '--uninstall', text: 'take it back', fallback: no };

const dockerOptions: readonly OptionRow[] = [
  uninstall,
  { flags: '--force', text: 'replace a plugin of this name that another program put there', fallback: no },
];

const hookOptions: readonly OptionRow[] = [
  {
    flags: '--hook <hook>',
    text: 'pre-commit or pre-push',
    parse: parseHook,
    values: GIT_HOOKS,
    fallback: { value: 'pre-commit' },
  },
  uninstall,
  { flags: '--force', text: 'keep a hook that is there, and run it first', fallback: no },
];

const installHelp = `
Examples:
  $ phiscan install docker
  $ phiscan install git-hook --hook pre-push
  $ phiscan install docker --uninstall`;

const installDockerHelp = `
It writes docker-phiscan into cli-plugins of DOCKER_CONFIG, or of ~/.docker: a
script that runs this phiscan with this node. Afterwards docker lists it, and
each command of phiscan is one of docker phiscan.

Examples:
  $ phiscan install docker
  $ phiscan install docker --uninstall`;

const installHookHelp = `
The hook runs phiscan git-hook in this repository: before each commit on what is
staged, or before each push on what its commits add. It is a file of this clone,
where core.hooksPath says or in the folder that all working trees share. A hook
of another program is left alone, unless --force keeps it and runs it first.

Examples:
  $ phiscan install git-hook
  $ phiscan install git-hook --hook pre-push
  $ phiscan install git-hook --uninstall`;

const gitHookHelp = `
It reads contents from Git's objects: what is staged, whatever stands in the
working tree; or each version that the commits to be pushed add or change, as
Git tells pre-push on standard input. phiscan.yaml and the baseline are those of
the working tree. Of files in Git LFS it reads the pointers, and of submodules
nothing. A commit or push goes on when it exits 0.

Examples:
  $ phiscan git-hook pre-commit
  $ phiscan git-hook pre-commit --fail-on high
  $ phiscan git-hook pre-push origin < refs.txt
${exitHelp}`;

export function addInstallCommands({ program, streams, loadScans, end }: CommandLine): void {
  const install = program
    .command('install')
    .description('make phiscan part of docker, or of a Git repository')
    .addHelpText('after', installHelp);
  withOptions(install.command('docker'), dockerOptions)
    .description('make it a plugin of docker: docker phiscan image, docker phiscan push')
    .addHelpText('after', installDockerHelp)
    .action(async (options: InstallRequest) => {
      const { installDocker } = await import('../before-push/install-command.ts');
      end(await installDocker(options, streams));
    });
  withOptions(install.command('git-hook'), hookOptions)
    .description('scan what is committed or pushed, before it is')
    .addHelpText('after', installHookHelp)
    .action(async (options: InstallHookRequest) => {
      const { installGitHook } = await import('../before-push/install-command.ts');
      end(await installGitHook(options, streams));
    });
  withOptions(program.command('git-hook'), scanOptions)
    .description('scan what is staged, or about to be pushed; Git runs it as a hook')
    .argument('<hook>', 'pre-commit or pre-push', parseHook)
    .argument('[remote]', 'of pre-push: its name, as Git gives it')
    .argument('[url]', 'of pre-push: its address, which is not asked')
    .addHelpText('after', gitHookHelp)
    .action(async (hook: GitHook, remote: string | undefined, _url: unknown, options: ScanRequest) => {
      const { runGitHook } = await import('../before-push/git-hook-command.ts');
      end(await runGitHook(hook, remote, options, await loadScans(), streams));
    });
}
