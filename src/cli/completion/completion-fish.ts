import { allCommands, type TreeCommand, type TreeOption, typed } from './command-tree.ts';

/** For fish's `complete` (complete(1)): one line for each thing that may stand somewhere. */
export function fishCompletion(root: TreeCommand): string {
  const all = allCommands(root);
  const names = all.filter(({ path }) => path.length > 0).map(({ path }) => quoted(typed(path)));
  const valued = all.flatMap(({ path, options }) =>
    options
      .filter(({ value }) => value !== undefined)
      .flatMap(({ flags }) => flags.map((flag) => quoted(typed([...path, flag])))),
  );
  return `# fish completion of phiscan: phiscan completion fish > ~/.config/fish/completions/phiscan.fish
function __phiscan_at --description 'the command that is typed so far, and how many arguments it has'
    set -l words (commandline -opc)
    set -l command
    set -l count 0
    set -l skip 0
    for word in $words[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch "$command $word"
${names.map((name) => `        case ${name}\n            set command "$command $word"\n            set count 0`).join('\n')}
        case ${valued.join(' ')}
            set skip 1
        case '* -*'
        case '*'
            set count (math $count + 1)
        end
    end
    test "$command" = "$argv[1]"
    and begin
        not set -q argv[2]
        or test $count $argv[2] $argv[3]
    end
end
complete -c phiscan -f
${all.flatMap(commandLines).join('\n')}
`;
}

function commandLines({ path, commands, options, arguments: operands }: TreeCommand): readonly string[] {
  const here = (count = ''): string =>
    `complete -c phiscan -n ${quoted(`__phiscan_at ${quoted(typed(path))}${count}`)}`;
  return [
    ...commands.map((one) => `${here(' -eq 0')} -a ${quoted(one.path.at(-1) ?? '')} -d ${quoted(one.text)}`),
    ...options.map((option) => `${here()} ${flagsOf(option)}${valueOf(option)} -d ${quoted(option.text)}`),
    ...operands.flatMap(({ isVariadic, isFile, words }, index) => {
      const count = ` ${isVariadic ? '-ge' : '-eq'} ${index}`;
      if (isFile) return [`${here(count)} -F`];
      return words.length > 0 ? [`${here(count)} -a ${quoted(words.join(' '))}`] : [];
    }),
  ];
}

function flagsOf({ flags }: TreeOption): string {
  return flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
}

function valueOf({ value }: TreeOption): string {
  if (value === undefined) return '';
  if (value.isFile) return ' -r -F';
  return value.words.length > 0 ? ` -x -a ${quoted(value.words.join(' '))}` : ' -x';
}

/** Within single quotes fish knows two escapes: of the quote and of the backslash. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
