import type { TreeCommand, TreeOption, TreeValue } from './command-tree.ts';

/** For zsh's completion system (zshcompsys(1), `_arguments`). */
export function zshCompletion(root: TreeCommand): string {
  return `#compdef phiscan
# zsh completion of phiscan: put it into a folder of fpath as _phiscan, or source <(phiscan completion zsh)
${functionsOf(root).join('\n')}
if [[ $funcstack[1] == _phiscan ]]; then
  _phiscan "$@"
else
  compdef _phiscan phiscan
fi
`;
}

function nameOf(path: readonly string[]): string {
  return ['_phiscan', ...path].join('_').replaceAll('-', '_');
}

function functionsOf(command: TreeCommand): readonly string[] {
  const { path, commands, options, arguments: operands } = command;
  const specs = options.map(optionSpec);
  if (commands.length === 0) {
    const all = [...specs, ...operands.map((operand) => operandSpec(operand))];
    return [`${nameOf(path)}() {\n  _arguments -s ${lines(all)}\n}`];
  }
  const described = commands.map((one) => quoted(`${one.path.at(-1) ?? ''}:${one.text.replaceAll(':', '\\:')}`));
  const cases = commands.map((one) => `        ${one.path.at(-1) ?? ''}) ${nameOf(one.path)} ;;`);
  return [
    ...commands.flatMap(functionsOf),
    `${nameOf(path)}() {
  local state line context curcontext=$curcontext
  typeset -A opt_args
  _arguments -s -C ${lines([...specs, quoted('1:command:->command'), quoted('*::argument:->argument')])}
  case $state in
    command)
      local -a commands=(
        ${described.join('\n        ')}
      )
      _describe command commands ;;
    argument)
      case $line[1] in
${cases.join('\n')}
      esac ;;
  esac
}`,
  ];
}

function lines(specs: readonly string[]): string {
  return specs.map((spec) => `\\\n    ${spec}`).join(' ');
}

function optionSpec({ flags, text, value, isRepeatable }: TreeOption): string {
  const told = `[${text.replace(/[[\]:\\]/g, '\\$&')}]`;
  const given = value === undefined ? '' : `:${action(value)}`;
  const isLong = (flag: string): boolean => flag.startsWith('--');
  const once = isRepeatable ? '*' : flags.length > 1 ? `(${flags.join(' ')})` : '';
  const specs = flags.map((flag) => {
    const joined = value !== undefined && isLong(flag) ? `${flag}=` : flag;
    return quoted(`${once}${joined}${told}${given}`);
  });
  return specs.join(' ');
}

function operandSpec(operand: TreeCommand['arguments'][number]): string {
  return quoted(`${operand.isVariadic ? '*' : ''}:${action(operand)}`);
}

/** A message, and what is offered. */
function action({ name, words, isFile }: TreeValue): string {
  // Empty parentheses, since a message alone (a blank) would keep options from being completed beside it.
  const offered = isFile ? '_files' : `(${words.join(' ')})`;
  return `${name.replaceAll(':', '\\:')}:${offered}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
