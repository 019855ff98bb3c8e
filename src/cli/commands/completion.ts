/** `phiscan completion`. */
import { parseShell, type Shell } from '../options/option-values.ts';
import type { CommandLine } from './command-line.ts';

const completionHelp = `
It prints a script that completes commands, options, their values and files.

  bash   source <(phiscan completion bash)          in ~/.bashrc
  zsh    source <(phiscan completion zsh)           in ~/.zshrc, after compinit
  fish   phiscan completion fish | source           in config.fish

Examples:
  $ phiscan completion bash > phiscan.bash
  $ phiscan completion zsh > _phiscan
  $ phiscan completion fish > phiscan.fish`;

export function addCompletionCommand({ program, streams, end }: CommandLine): void {
  program
    .command('completion')
    .description('print what a shell needs to complete phiscan')
    .argument('<shell>', 'bash, zsh or fish', parseShell)
    .addHelpText('after', completionHelp)
    .action(async (shell: Shell) => {
      const { runCompletion } = await import('../completion/completion-command.ts');
      end(await runCompletion(shell, program, streams));
    });
}
