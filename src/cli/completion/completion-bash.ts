import { allCommands, type TreeCommand, type TreeOption, type TreeValue, typed } from './command-tree.ts';

/** Bash's own way (bash(1), Programmable Completion), without the functions of the package bash-completion. */
export function bashCompletion(root: TreeCommand): string {
  const all = allCommands(root);
  return `# bash completion of phiscan: source <(phiscan completion bash)
_phiscan() {
  local current=\${COMP_WORDS[COMP_CWORD]} command= argument=0 index word option= IFS=$' \\t\\n'
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    # Bash takes --option=value apart.
    if [[ $word == = ]]; then continue; fi
    if [[ -n $option ]]; then option=; continue; fi
    case "$command $word" in
${all.flatMap(commandCases).join('\n')}
      *' -'*)
        case "$command $word" in
${all.flatMap(({ path, options }) => valuedCases(path, options)).join('\n')}
        esac ;;
      *) argument=$((argument + 1)) ;;
    esac
  done
  if [[ $current == = ]]; then current=; fi
  if [[ -n $option ]]; then
    case "$command $option" in
${all.flatMap(({ path, options }) => options.flatMap((option) => optionCase(path, option))).join('\n')}
    esac
    return
  fi
  if [[ $current == -* ]]; then
    case $command in
${all.map(({ path, options }) => `      ${quoted(typed(path))}) _phiscan_words ${quoted(flagsOf(options))} ;;`).join('\n')}
    esac
    return
  fi
  case $command in
${all.map(operandCase).join('\n')}
  esac
}
_phiscan_words() {
  local word
  for word in $1; do
    if [[ $word == "$current"* ]]; then COMPREPLY+=("$word"); fi
  done
}
_phiscan_files() {
  compopt -o filenames 2>/dev/null
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _phiscan phiscan
`;
}

function commandCases({ commands }: TreeCommand): readonly string[] {
  return commands.map((one) => `      ${quoted(typed(one.path))}) command+=" $word" argument=0 ;;`);
}

/** An option with a value, after which the next word is no argument. */
function valuedCases(path: readonly string[], options: readonly TreeOption[]): readonly string[] {
  const valued = options.filter(({ value }) => value !== undefined).flatMap(({ flags }) => flags);
  if (valued.length === 0) return [];
  const patterns = valued.map((flag) => quoted(typed([...path, flag])));
  return [`          ${patterns.join(' | ')}) option=$word ;;`];
}

function optionCase(path: readonly string[], { flags, value }: TreeOption): readonly string[] {
  const offered = value === undefined ? undefined : offer(value);
  if (offered === undefined) return [];
  const patterns = flags.map((flag) => quoted(typed([...path, flag])));
  return [`      ${patterns.join(' | ')}) ${offered} ;;`];
}

function operandCase({ path, commands, arguments: operands }: TreeCommand): string {
  const names = commands.map((one) => one.path.at(-1)).join(' ');
  const first = commands.length === 0 ? [] : [`_phiscan_words ${quoted(names)}`];
  const each = operands.flatMap((operand, index) => {
    const offered = offer(operand);
    if (offered === undefined) return [];
    return [`if ((argument ${operand.isVariadic ? '>=' : '=='} ${index})); then ${offered}; fi`];
  });
  return `    ${quoted(typed(path))}) ${[...first, ...each, ':'].join('; ')} ;;`;
}

function offer({ words, isFile }: TreeValue): string | undefined {
  if (isFile) return '_phiscan_files';
  return words.length === 0 ? undefined : `_phiscan_words ${quoted(words.join(' '))}`;
}

function flagsOf(options: readonly TreeOption[]): string {
  return options.flatMap(({ flags }) => flags).join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
