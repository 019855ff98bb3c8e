// The third step: it fails when the scan says so.
const { PHISCAN_ACTION_EXIT_CODE: code = '' } = process.env;

const verdicts = {
  0: 'clean: everything was read, and nothing was found that fails this job',
  1: 'findings: the log, the annotations and the reports say where',
  2: 'an error: the log says which',
  3: 'incomplete: something could not be read, and the reports say what',
};

process.stdout.write(`phiscan: ${verdicts[code] ?? 'no exit code'}\n`);
process.exitCode = verdicts[code] === undefined ? 2 : Number(code);
