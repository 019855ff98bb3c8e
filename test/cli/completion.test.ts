import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { commandTree, type TreeCommand } from '../../src/cli/completion/command-tree.ts';
import { missing, run } from '../support/programs.ts';
import { keptStreams } from '../support/streams.ts';
import { declaredProgram } from '../support/declared-program.ts';

/** As it is typed up to the cursor, and what is offered: all words, or the one that the line is completed with. */
const typed: readonly (readonly [string, readonly string[]])[] = [
  ['phiscan ima', ['image']],
  ['phiscan image --fail-on cri', ['critical']],
  ['phiscan image --fail-on=cri', ['critical']],
  ['phiscan push --fail-on high app --form', ['--format']],
  ['phiscan image --output seed.c', ['seed.csv']],
  ['phiscan files --fail-on high seed.c', ['seed.csv']],
  ['phiscan ecs wat', ['watch']],
  ['phiscan ecs --region eu-west-1 wat', ['watch']],
  ['phiscan ecs watch --onc', ['--once']],
  ['phiscan sweep ecr --dry', ['--dry-run']],
  ['phiscan sweep re', ['registry']],
  ['phiscan completion z', ['zsh']],
  ['phiscan install git-hook --hook pre-p', ['pre-push']],
  ['phiscan git-hook pre-c', ['pre-commit']],
];

function commandsIn(tree: TreeCommand): readonly TreeCommand[] {
  return [tree, ...tree.commands.flatMap(commandsIn)];
}
const commands = commandsIn(commandTree(declaredProgram()));
const flagLines = commands.map(({ path }) => ['phiscan', ...path, '--'].join(' '));
const flagsOf = ({ options }: TreeCommand): readonly string[] =>
  options.flatMap(({ flags }) => flags.filter((flag) => flag.startsWith('--'))).sort();

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-completion-'));
  writeFileSync(join(folder, 'seed.csv'), '');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const streams = keptStreams();
    expect(await runProgram(['completion', shell], streams, () => Promise.reject(new Error('no scan')))).toBe(0);
    writeFileSync(join(folder, `phiscan.${shell}`), streams.printed());
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** One line of words for each line that is typed. */
function inShell(shell: string, script: string, lines: readonly string[]): readonly (readonly string[])[] {
  writeFileSync(join(folder, `ask.${shell}`), script);
  const options = shell === 'bash' ? ['--norc'] : shell === 'zsh' ? ['-f'] : ['--no-config'];
  const env = { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8', TERM: 'dumb' };
  const answer = spawnSync(shell, [...options, `ask.${shell}`, ...lines], { cwd: folder, env, encoding: 'utf8' });
  expect(answer.stderr).toBe('');
  const told = answer.stdout.trimEnd().split('\n');
  expect(told).toHaveLength(lines.length);
  return told.map((words) => words.split(' ').filter((word) => word !== ''));
}

describe('bash', () => {
  // readline takes words apart at = too.
  const script = `source ./phiscan.bash
for line; do
  read -ra COMP_WORDS <<< "\${line//=/ = }"
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _phiscan phiscan
  echo "\${COMPREPLY[*]}"
done
`;

  it('completes what is typed, and all options of each command', () => {
    const told = inShell('bash', script, [...typed.map(([line]) => line), ...flagLines]);
    expect(told.slice(0, typed.length)).toEqual(typed.map(([, words]) => words));
    expect(told.slice(typed.length).map((words) => [...words].sort())).toEqual(commands.map(flagsOf));
  });

  it('is registered for the command, and never runs what is typed', () => {
    expect(
      run('bash', ['--norc', '-c', 'source ./phiscan.bash; complete -p phiscan'], { cwd: folder }).toString(),
    ).toBe('complete -F _phiscan phiscan\n');
    expect(inShell('bash', script, ['phiscan image $(touch ran) `touch ran` --fail-on hi'])).toEqual([['high']]);
    expect(() => run('test', ['-e', join(folder, 'ran')])).toThrow();
  });
});

const withoutFish = missing('fish');
describe.skipIf(withoutFish !== undefined)(`fish${withoutFish === undefined ? '' : ` (${withoutFish})`}`, () => {
  it('completes what is typed, and all options of each command', () => {
    // Of --option=value, fish tells the whole word.
    const script = `source ./phiscan.fish
for line in $argv
    set -l words
    for told in (complete -C $line)
        set -a words (string replace -r -- '^--[a-z-]+=' '' (string split -- \\t $told)[1])
    end
    echo $words
end
`;
    const told = inShell('fish', script, [...typed.map(([line]) => line), ...flagLines]);
    expect(told.slice(0, typed.length)).toEqual(typed.map(([, words]) => words));
    expect(told.slice(typed.length).map((words) => [...words].sort())).toEqual(commands.map(flagsOf));
  });
});

const withoutZsh = missing('zsh');
describe.skipIf(withoutZsh !== undefined)(`zsh${withoutZsh === undefined ? '' : ` (${withoutZsh})`}`, () => {
  it('completes what is typed', () => {
    // An interactive zsh on a terminal of its own: the line is shown after a Tab.
    const script = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1= PS2=; autoload -Uz compinit; compinit -u -D; source ./phiscan.zsh; shown() { zle complete-word; print -r -- "<<$BUFFER>>"; zle kill-whole-line }; zle -N shown; bindkey "^X" shown; print rea""dy'
zpty -r z out '*ready*'
for line; do
  zpty -w -n z "$line"$'\\x18'
  zpty -r z out '*<<*>>*'
  print -r -- "\${\${out##*<<}%%>>*}"
done
zpty -d z
`;
    const told = inShell(
      'zsh',
      script,
      typed.map(([line]) => line),
    );
    const last = told.map((words) =>
      words
        .at(-1)
        ?.split('=')
        .findLast((part) => part !== ''),
    );
    expect(last).toEqual(typed.map(([, [word]]) => word));
  });
});
