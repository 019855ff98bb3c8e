import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { program } from './programs.ts';

/** What GitHub's runner does with a composite action, as far as action.yml uses it; everything else throws. */

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
}

interface ActionStep {
  readonly name: string;
  readonly id?: string;
  readonly shell: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: string;
}

/** A line that the runner takes for a command: an annotation, or worse. */
interface LogCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

export interface ActionRun {
  /** Of the last step that ran. */
  readonly code: number;
  /** Names of those that ran; the first that fails is the last. */
  readonly steps: readonly string[];
  readonly log: string;
  readonly commands: readonly LogCommand[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What the steps wrote for later steps of the job: nothing of an input may be there. */
  readonly leftInEnv: string;
}

export interface ActionOptions {
  /** Where the workflow's checkout is. */
  readonly workspace: string;
  /** RUNNER_TEMP; the caller removes it. */
  readonly temp: string;
  /** Where action.yml is; this project, when absent. */
  readonly action?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const root = join(import.meta.dirname, '..', '..');

export function runAction(
  given: Readonly<Record<string, string>>,
  { workspace, temp, action = root, env = {} }: ActionOptions,
): ActionRun {
  const file = parse(readFileSync(join(action, 'action.yml'), 'utf8')) as ActionFile;
  if (file.runs.using !== 'composite') throw new Error(`not a composite action: ${file.runs.using}`);
  const inputs = new Map(Object.entries(file.inputs).map(([name, input]) => [`inputs.${name}`, input.default ?? '']));
  for (const [name, value] of Object.entries(given)) {
    if (!inputs.has(`inputs.${name}`)) throw new Error(`unexpected input: ${name}`);
    inputs.set(`inputs.${name}`, value);
  }
  const known = new Map(inputs);
  const files = mkdtempSync(join(tmpdir(), 'phiscan-runner-'));
  const run = { code: 0, steps: [] as string[], log: '', summary: '', leftInEnv: '' };
  try {
    for (const [index, step] of file.runs.steps.entries()) {
      const own = join(files, String(index));
      mkdirSync(own);
      const commandFiles = Object.fromEntries(
        ['OUTPUT', 'STEP_SUMMARY', 'ENV', 'PATH', 'STATE'].map((name) => [`GITHUB_${name}`, join(own, name)]),
      );
      for (const path of Object.values(commandFiles)) writeFileSync(path, '');
      const ended = spawnSync(program('bash') ?? '', shellArguments(step, join(own, 'step.sh')), {
        cwd: workspace,
        encoding: 'utf8',
        env: {
          PATH: process.env['PATH'],
          HOME: own,
          PHISCAN_CACHE_DIR: join(temp, 'cache'),
          GITHUB_ACTIONS: 'true',
          GITHUB_WORKSPACE: workspace,
          GITHUB_ACTION_PATH: action,
          RUNNER_TEMP: temp,
          ...env,
          ...Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, evaluated(text, known)])),
          ...commandFiles,
        },
      });
      // The runner shows both as one stream.
      run.log += `${ended.stdout}${ended.stderr}`;
      run.steps.push(step.name);
      run.code = ended.status ?? -1;
      const written = (name: string): string => readFileSync(join(own, name), 'utf8');
      run.summary += written('STEP_SUMMARY');
      run.leftInEnv += `${written('ENV')}${written('PATH')}${written('STATE')}`;
      for (const [name, value] of namedValues(written('OUTPUT'))) {
        known.set(`steps.${step.id ?? ''}.outputs.${name}`, value);
      }
      if (run.code !== 0) break;
    }
  } finally {
    rmSync(files, { recursive: true, force: true });
  }
  // Also when a step has failed.
  const outputs = Object.entries(file.outputs).map(([name, { value }]) => [name, evaluated(value, known)] as const);
  return { ...run, commands: commandsOf(run.log), outputs: Object.fromEntries(outputs) };
}

export interface JobRun {
  readonly code: number;
  /** Of the step with phiscan; undefined if an earlier one has failed. */
  readonly phiscan: ActionRun | undefined;
}

interface WorkflowStep {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}

/** The steps of a workflow's only job, in a workspace that is checked out already. */
export function runJob(workflow: string, options: ActionOptions): JobRun {
  const { jobs } = parse(workflow) as {
    readonly jobs: Readonly<Record<string, { readonly steps: readonly WorkflowStep[] }>>;
  };
  const [job, ...others] = Object.values(jobs);
  if (job === undefined || others.length > 0) throw new Error('not one job');
  let phiscan: ActionRun | undefined;
  for (const { uses, run, with: inputs = {} } of job.steps) {
    if (uses?.startsWith('actions/checkout@')) continue;
    if (uses?.includes('/phiscan@')) {
      phiscan = runAction(inputs, options);
      if (phiscan.code !== 0) return { code: phiscan.code, phiscan };
    } else if (run !== undefined && !run.includes('${{')) {
      const env = { PATH: process.env['PATH'], ...options.env };
      const { status, stderr } = spawnSync('bash', ['-e', '-c', run], {
        cwd: options.workspace,
        encoding: 'utf8',
        env,
      });
      if (status !== 0) throw new Error(`${run} failed: ${stderr}`);
    } else {
      throw new Error(`a step that is not run here: ${uses ?? run ?? ''}`);
    }
  }
  return { code: 0, phiscan };
}

function shellArguments({ shell, run, name }: ActionStep, script: string): readonly string[] {
  if (shell !== 'bash') throw new Error(`no such shell here: ${shell}`);
  if (run.includes('${{')) throw new Error(`an expression is code in \`run\` of: ${name}`);
  if (existsSync(script)) throw new Error('a step has run already');
  writeFileSync(script, run);
  return ['--noprofile', '--norc', '-e', '-o', 'pipefail', script];
}

function evaluated(text: string, known: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\{\{ (\S+) \}\}/g, (_, expression: string) => {
    if (!/^(?:inputs\.[\w-]+|steps\.[\w-]+\.outputs\.[\w-]+)$/.test(expression)) {
      throw new Error(`an expression that is not evaluated here: ${expression}`);
    }
    if (expression.startsWith('inputs.') && !known.has(expression)) throw new Error(`no such input: ${expression}`);
    return known.get(expression) ?? '';
  });
}

function namedValues(text: string): readonly (readonly [string, string])[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const equals = line.indexOf('=');
      if (equals < 1) throw new Error('a line of GITHUB_OUTPUT has no name');
      return [line.slice(0, equals), line.slice(equals + 1)] as const;
    });
}

/** Commands of both forms, unless they are stopped. */
function commandsOf(log: string): readonly LogCommand[] {
  const commands: LogCommand[] = [];
  let token: string | undefined;
  for (const line of log.split(/\r?\n/)) {
    const [, name = '', properties = '', message = ''] =
      /^\s*::([\w-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line) ?? [];
    if (token !== undefined) {
      if (name === token) token = undefined;
    } else if (name === 'stop-commands') {
      token = message;
    } else if (name !== '') {
      commands.push({ name, properties: propertiesOf(properties), message: unescaped(message) });
    } else if (line.includes('##[')) {
      commands.push({ name: '##[', properties: {}, message: line });
    }
  }
  return commands;
}

function propertiesOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      return [
        pair.slice(0, equals).trim(),
        unescaped(
          pair
            .slice(equals + 1)
            .replaceAll('%2C', ',')
            .replaceAll('%3A', ':'),
        ),
      ];
    }),
  );
}

function unescaped(text: string): string {
  return text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
}
