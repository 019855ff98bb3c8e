import { exitCodes, type ExitCode } from '../../report/gate.ts';
import { commandTree, type TreeCommand } from './command-tree.ts';
import type { Command } from '../commander.ts';
import { bashCompletion } from './completion-bash.ts';
import { fishCompletion } from './completion-fish.ts';
import { zshCompletion } from './completion-zsh.ts';
import type { Shell } from '../options/option-values.ts';
import { writeText } from '../output.ts';
import type { Streams } from '../streams.ts';

const scripts: Readonly<Record<Shell, (root: TreeCommand) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export async function runCompletion(shell: Shell, program: Command, { stdout }: Streams): Promise<ExitCode> {
  await writeText(stdout, scripts[shell](commandTree(program)));
  return exitCodes.clean;
}
