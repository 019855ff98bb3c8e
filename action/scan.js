// The second step: one run of phiscan over all that was named. It ends well whatever was found; the third step fails.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, booleanInput, oneInput } from './inputs.js';
import { argumentsOf, reportsIn } from './program.js';
import { addSummary, annotate, setOutputs, withoutCommands } from './runner.js';

/** phiscan's own exit code for wrong usage and for what could not be opened. */
const ERROR = 2;
/** GitHub shows ten annotations of a kind for a step and drops the rest. */
const MAX_ANNOTATIONS = 10;
/** Bytes. GitHub drops a summary above 1 MiB as a whole. */
const MAX_SUMMARY = 900 * 1024;
const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'];

const nothing = { sarif: '', json: '', 'findings-count': '0', 'highest-severity': 'none', complete: 'false' };

try {
  // A folder for each run, since a job may use this action several times.
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'phiscan-'));
  const reports = reportsIn(folder, { summary: booleanInput('summary') });
  const code = await run(argumentsOf(reports));
  setOutputs({ ...nothing, ...outputsOf(reports), 'exit-code': String(code) });
  if (existsSync(reports.github)) printAnnotations(readFileSync(reports.github, 'utf8'));
  if (reports.markdown && existsSync(reports.markdown)) addSummary(shortened(readFileSync(reports.markdown, 'utf8')));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  annotate('error', error.message);
  setOutputs({ ...nothing, 'exit-code': String(ERROR) });
}

/** phiscan's exit code; its messages are an annotation, too, if it made no report. */
async function run(args) {
  const child = spawn(process.execPath, [process.env.PHISCAN_ACTION_PROGRAM, ...args], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: environment(),
  });
  const messages = [];
  child.stderr.on('data', (bytes) => messages.push(bytes));
  const [code, signal] = await withoutCommands(async () => {
    const ended = await new Promise((done, fail) => {
      child.once('error', fail);
      child.once('close', (...result) => done(result));
    });
    process.stdout.write(Buffer.concat(messages));
    return ended;
  });
  if (signal) annotate('error', `phiscan was ended (${signal}). The runner may have too little memory`);
  else if (code === ERROR)
    annotate(
      'error',
      Buffer.concat(messages)
        .toString()
        .replaceAll(/^phiscan: /gm, '')
        .trim(),
    );
  return code ?? ERROR;
}

/** Without what is the runner's, and without the inputs. */
function environment() {
  const kept = Object.entries(process.env).filter(([name]) => {
    return !name.startsWith('PHISCAN_ACTION_') && !/^GITHUB_(?:OUTPUT|ENV|PATH|STATE|STEP_SUMMARY)$/.test(name);
  });
  const host = oneInput('docker-host');
  return { ...Object.fromEntries(kept), ...(host !== '' && { DOCKER_HOST: host }) };
}

function outputsOf({ sarif, json }) {
  if (!existsSync(json)) return {};
  const { summary, coverage } = JSON.parse(readFileSync(json, 'utf8'));
  return {
    sarif: existsSync(sarif) ? sarif : '',
    json,
    'findings-count': String(SEVERITIES.reduce((count, severity) => count + summary[severity], 0)),
    'highest-severity': SEVERITIES.find((severity) => summary[severity] > 0) ?? 'none',
    complete: String(coverage.complete),
  };
}

function printAnnotations(text) {
  const commands = text.split('\n').filter((line) => /^::(?:error|warning|notice) /.test(line));
  for (const command of commands.slice(0, MAX_ANNOTATIONS)) process.stdout.write(`${command}\n`);
}

/** At the end of a line. */
function shortened(markdown) {
  const bytes = Buffer.from(markdown);
  if (bytes.length <= MAX_SUMMARY) return markdown;
  const kept = bytes.subarray(0, bytes.lastIndexOf(10, MAX_SUMMARY) + 1).toString();
  return `${kept}\n\nThis summary was cut: the JSON report has everything.\n`;
}
