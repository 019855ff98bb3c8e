import type { Command } from '../../src/cli/commander.ts';
import { commandsIn } from '../../src/cli/program.ts';
import { declaredProgram } from './declared-program.ts';

export interface HelpPage {
  /** `sweep ecr`; empty for the program itself. */
  readonly command: string;
  readonly text: string;
  /** As a person would type them, without what is said of them. */
  readonly examples: readonly string[];
}

/** What `--help` of each command prints, of groups too. */
export function helpPages(program: Command = declaredProgram()): readonly HelpPage[] {
  return [program, ...commandsIn(program)].map((command) => {
    const text = printed(command);
    return { command: nameOf(command), text, examples: examplesIn(text) };
  });
}

function nameOf(command: Command): string {
  return command.parent === null ? '' : `${nameOf(command.parent)} ${command.name()}`.trim();
}

function printed(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (more) => (text += more) }).outputHelp();
  return text;
}

/** Lines that begin with `$`; a backslash at the end joins the next one. */
function examplesIn(text: string): readonly string[] {
  return [...text.replace(/ \\\n +/g, ' ').matchAll(/^ {2}\$ (.*?)(?: {2,}.*)?$/gm)].map(([, line = '']) => line);
}

/** Words of a line for `sh`, as far as examples have them: quotes, no expansion. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'),
  );
}
