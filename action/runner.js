// What a step and GitHub's runner say to each other: commands in the log, and files that the runner reads when the step has ended.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';

/** An annotation without a place. */
export function annotate(level, message) {
  process.stdout.write(`::${level} title=phiscan::${escaped(message)}\n`);
}

/** So that a line break of the message begins no command. */
function escaped(message) {
  return message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Lines that `print` writes are text, whatever they look like: a file of an image may be called `::add-mask::a`. */
export async function withoutCommands(print) {
  const token = randomUUID();
  process.stdout.write(`::stop-commands::${token}\n`);
  try {
    return await print();
  } finally {
    // A last line without its end must not swallow the token.
    process.stdout.write(`\n::${token}::\n`);
  }
}

/** Values have no line break: they are words, numbers and paths of our own. */
export function setOutputs(outputs) {
  const lines = Object.entries(outputs).map(([name, value]) => {
    if (/[\r\n]/.test(value)) throw new Error(`the output ${name} has a line break`);
    return `${name}=${value}\n`;
  });
  appendFileSync(fileOf('GITHUB_OUTPUT'), lines.join(''));
}

export function addSummary(markdown) {
  appendFileSync(fileOf('GITHUB_STEP_SUMMARY'), markdown);
}

function fileOf(variable) {
  const file = process.env[variable];
  if (file) return file;
  throw new Error(`${variable} is not set: these scripts are run by GitHub's runner`);
}
