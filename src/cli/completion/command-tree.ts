/** What completion needs of the commands, told by the commands themselves. */
import type { Argument, Command, Option } from '../commander.ts';
import { rowOf } from '../options/option-row.ts';
import { GIT_HOOKS, SHELLS } from '../options/option-values.ts';

export interface TreeOption {
  /** `-q`, `--quiet`. */
  readonly flags: readonly string[];
  readonly text: string;
  /** Undefined: it takes no value. */
  readonly value: TreeValue | undefined;
  readonly isRepeatable: boolean;
}

/** What may stand there: one of these words, a file, or what only a person knows. */
export interface TreeValue {
  /** `severity`. */
  readonly name: string;
  readonly words: readonly string[];
  readonly isFile: boolean;
}

export interface TreeCommand {
  /** Below the program: `['ecs', 'watch']`. */
  readonly path: readonly string[];
  readonly text: string;
  readonly options: readonly TreeOption[];
  readonly arguments: readonly (TreeValue & { readonly isVariadic: boolean })[];
  readonly commands: readonly TreeCommand[];
}

export function commandTree(command: Command, path: readonly string[] = []): TreeCommand {
  const shown = command.createHelp();
  return {
    path,
    text: command.description(),
    options: shown.visibleOptions(command).map(optionOf),
    arguments: command.registeredArguments.map((argument) => ({
      ...valueOf(argument, []),
      isVariadic: argument.variadic,
    })),
    commands: command.commands.map((below) => commandTree(below, [...path, below.name()])),
  };
}

/** The command and all below it. */
export function allCommands(command: TreeCommand): readonly TreeCommand[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** The words of a command, each behind a space, as the scripts of bash and fish join what is typed. */
export function typed(words: readonly string[]): string {
  return words.map((word) => ` ${word}`).join('');
}

function optionOf(option: Option): TreeOption {
  const words = rowOf(option)?.values ?? [];
  const [, placeholder] = /<([^>]+)>|\[([^\]]+)\]/.exec(option.flags) ?? [];
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    text: option.description,
    value: placeholder === undefined ? undefined : valueOf({ name: () => placeholder }, words),
    isRepeatable: /may be repeated|several may be/.test(option.description),
  };
}

const FILES: ReadonlySet<string> = new Set(['file', 'path', 'reference', 'folder', 'source']);
/** Of arguments with few values. */
const WORDS: Readonly<Record<string, readonly string[]>> = { hook: GIT_HOOKS, shell: SHELLS };

function valueOf(named: Pick<Argument, 'name'>, words: readonly string[]): TreeValue {
  const name = named.name();
  const known = WORDS[name] ?? words;
  return { name, words: known, isFile: known.length === 0 && FILES.has(name) };
}
