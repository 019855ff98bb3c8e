/** What `--help` of scanning commands says of exit codes. */
export const exitHelp: string = `
Exit codes:
  0  clean: everything was read, nothing found at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage, or something named that cannot be opened
  3  incomplete: something could not be read (--allow-incomplete accepts it)`;
