import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/finding.ts';
import type { ActionRun } from '../support/action-runner.ts';
import { actionWorkspace, type ActionWorkspace } from '../support/action-workspace.ts';
import { run } from '../support/programs.ts';
import { patients } from '../support/patients.ts';

const root = join(import.meta.dirname, '..', '..');
const people = patients(20, 600);
const [inSeed, inEnvironment, inDefinition] = people;
if (!inSeed || !inEnvironment || !inDefinition) throw new Error('no patients');
const seed = `name,ssn,mrn\n${inSeed.name},${inSeed.ssn},${inSeed.mrn}\n`;

let job: ActionWorkspace;

beforeAll(() => {
  job = actionWorkspace();
});

afterAll(() => {
  job.remove();
});

function reportOf({ outputs }: ActionRun): Report {
  return JSON.parse(readFileSync(outputs['json'] ?? '', 'utf8')) as Report;
}

function annotationsOf({ commands }: ActionRun): ActionRun['commands'] {
  return commands.filter(({ name }) => ['error', 'warning', 'notice'].includes(name));
}

describe('an archive, a layout, a folder and task definitions with findings, all at once', () => {
  let run: ActionRun;

  beforeAll(async () => {
    job.write('Dockerfile', 'FROM scratch\nCOPY base /\nCOPY seed.csv /srv/\n');
    const layers = [
      { entries: [{ path: 'etc/app.conf', content: 'port=1\n' }], createdBy: 'COPY base / # buildkit' },
      { entries: [{ path: 'srv/::add-mask::x.csv', content: seed }], createdBy: 'COPY seed.csv /srv/ # buildkit' },
    ];
    await job.archive('out/app image.tar', { layers, names: ['app:1'] });
    await job.layout('out/layout', { layers: [], config: { Env: [`TEST_PATIENT_SSN=${inEnvironment.ssn}`] } });
    job.write('context/readme.txt', 'nothing\n');
    const environment = [{ name: 'PATIENT_SSN', value: inDefinition.ssn }];
    const definition = { family: 'a', containerDefinitions: [{ name: 'b', image: 'c', environment }] };
    job.write('deploy/task one.json', JSON.stringify(definition, undefined, 2));
    run = job.run({
      input: '\n  out/app image.tar  \nout/layout\n',
      path: 'context',
      'task-definition': 'deploy/*.json',
      output: 'reports.html\njunit out.xml',
      format: 'html\njunit',
      'fail-on': 'high',
    });
  }, 60_000);

  test('the last step fails, after reports, outputs and summary are there', () => {
    expect(run.steps).toEqual(['Install phiscan', 'Scan for PHI', 'Verdict of phiscan']);
    expect(run.code).toBe(1);
    const report = reportOf(run);
    expect(report.targets).toHaveLength(3);
    const { length } = report.findings;
    expect(length).toBeGreaterThan(2);
    expect(run.outputs).toMatchObject({
      'findings-count': String(length),
      'highest-severity': 'critical',
      complete: 'true',
      'exit-code': '1',
    });
    const { runs } = JSON.parse(readFileSync(run.outputs['sarif'] ?? '', 'utf8')) as {
      readonly runs: readonly { readonly automationDetails: { readonly id: string } }[];
    };
    // GitHub refuses an upload with two runs of one category.
    expect(new Set(runs.map(({ automationDetails: { id } }) => id)).size).toBe(runs.length);
    expect(runs).toHaveLength(3);
    expect(run.summary).toContain('patient record');
    for (const name of ['reports.html', 'junit out.xml']) {
      expect(readFileSync(join(job.folder, name), 'utf8').length).toBeGreaterThan(100);
    }
  });

  test('annotations stand at the line of the Dockerfile and of the task definition', () => {
    const places = annotationsOf(run).map(({ properties }) => [properties['file'], properties['line']]);
    expect(places).toContainEqual(['Dockerfile', '3']);
    expect(places).toContainEqual(['deploy/task one.json', expect.stringMatching(/^\d+$/)]);
  });

  test('the log has the table, and a name in an image that looks like a command is none', () => {
    expect(run.log).toContain('::add-mask::x.csv');
    expect(run.log).toMatch(/\d findings: /);
    expect(new Set(run.commands.map(({ name }) => name))).toEqual(new Set(annotationsOf(run).map(({ name }) => name)));
  });

  test('nothing is left for later steps but the outputs, and no value anywhere', () => {
    expect(run.leftInEnv).toBe('');
    const written = job.written();
    for (const { ssn, mrn } of [inSeed, inEnvironment, inDefinition]) {
      expect(written).not.toContain(ssn);
      expect(written).not.toContain(mrn);
    }
  });
});

test('more than ten findings are ten annotations; without a summary there is none', () => {
  for (const [index, { ssn }] of people.entries()) {
    const environment = [{ name: 'PATIENT_SSN', value: ssn }];
    job.write(
      `many/${index}.json`,
      JSON.stringify({ family: 'a', containerDefinitions: [{ name: 'b', environment }] }),
    );
  }
  const run = job.run({ 'task-definition': 'many', summary: 'false', format: 'jsonl' });
  expect(Number(run.outputs['findings-count'])).toBeGreaterThanOrEqual(people.length);
  expect(annotationsOf(run)).toHaveLength(10);
  expect(run.summary).toBe('');
  // A format without a file takes the table's place.
  expect(run.log.split('\n').filter((line) => line.startsWith('{"')).length).toBeGreaterThan(10);
  expect(run.log).not.toContain('next: ');
});

test('what a baseline accepts is counted in the report alone; a configuration is read', () => {
  job.write('seeds/seed.csv', seed);
  const before = job.run({ path: 'seeds' });
  expect(before.code).toBe(1);
  const answer = ['--reason', 'invented', '--owner', 'team', '--expires', `${new Date().getUTCFullYear() + 1}-01-31`];
  const created = ['baseline', 'create', '--from', before.outputs['json'] ?? '', '--baseline', 'accepted one.yaml'];
  run('node', [join(root, 'dist/src/cli/main.js'), ...created, ...answer], { cwd: job.folder });
  const after = job.run({ path: 'seeds', baseline: 'accepted one.yaml', summary: 'false' });
  expect(after.code).toBe(0);
  expect(after.outputs).toMatchObject({ 'findings-count': '0', 'highest-severity': 'none' });
  expect(reportOf(after).summary.accepted).toBe(1);

  job.write('set up.yaml', 'fail-on: none\n');
  const { code, outputs } = job.run({ path: 'seeds', config: 'set up.yaml', summary: 'false' });
  expect({ code, outputs }).toMatchObject({ code: 0, outputs: { 'highest-severity': 'critical' } });
}, 60_000);

test('a clean folder passes', () => {
  job.write('clean/app.js', 'export const port = 80;\n');
  const run = job.run({ path: 'clean' });
  expect(run.code).toBe(0);
  expect(run.steps).toHaveLength(3);
  expect(annotationsOf(run)).toEqual([]);
  expect(run.outputs).toMatchObject({
    'findings-count': '0',
    'highest-severity': 'none',
    complete: 'true',
    'exit-code': '0',
  });
  expect(run.summary).not.toBe('');
});

test('what could not be read fails, with its reports: an archive that ends early', async () => {
  const image = { layers: [{ entries: [{ path: 'a', content: 'x'.repeat(100_000) }] }] };
  await job.archive('whole.tar', image);
  const whole = readFileSync(join(job.folder, 'whole.tar'));
  job.write('cut.tar', whole.subarray(0, whole.length / 2));
  const run = job.run({ input: 'cut.tar', 'fail-on': 'none' });
  expect(run.code).toBe(3);
  expect(run.outputs).toMatchObject({ complete: 'false', 'exit-code': '3', 'findings-count': '0' });
  expect(reportOf(run).coverage.gaps.length).toBeGreaterThan(0);
});

describe('wrong inputs', () => {
  const rows: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    ['nothing named, as by an expression that is empty', { image: ' \n ' }, /^nothing to scan/],
    ['a severity that is not there', { path: 'clean', 'fail-on': 'worst' }, /--fail-on/],
    ['neither true nor false', { path: 'clean', summary: 'maybe' }, /^wrong value \(summary\)/],
    ['several lines for one value', { path: 'clean', config: 'a\nb' }, /^several lines \(config\)/],
    ['a version that is none', { path: 'clean', version: 'latest' }, /^wrong value \(version\)/],
    ['a path that is not there', { path: 'absent/*.csv' }, /nothing is at/],
    ['an archive that is not there', { input: 'absent.tar' }, /nothing is at/],
    ['standard input', { input: '-' }, /^standard input/],
    ['an engine that is not there', { image: 'app:1', 'docker-host': 'unix:///absent.sock' }, /Docker/],
  ];

  test.each(rows)('%s', (_, inputs, message) => {
    const run = job.run(inputs);
    expect(run.code).toBe(2);
    expect(annotationsOf(run).map((command) => command.message)).toEqual([expect.stringMatching(message)]);
    if (run.steps.length > 1) {
      expect(run.outputs).toMatchObject({ 'exit-code': '2', complete: 'false', sarif: '', json: '' });
    }
  });
});

test('hostile inputs are names, and no code, option or command', () => {
  const hostile = [
    '$(touch pwned-1)',
    '`touch pwned-2`',
    '; touch pwned-3 #',
    '"; touch pwned-4; "',
    "'; touch pwned-5; '",
    '--output=pwned-6',
    '::error::pwned',
    '%0A::error::pwned',
    '${{ github.token }}',
    '<script>pwned</script>',
  ];
  const before = job.files();
  const run = job.run({
    image: hostile.join('\n'),
    input: hostile.join('\r\n'),
    path: hostile.join('\n'),
    platform: '$(touch pwned-7)',
    config: '$(touch pwned-8)',
    version: '',
  });
  expect(run.code).toBe(2);
  const each = [
    'image',
    'input',
    'path',
    'task-definition',
    'config',
    'baseline',
    'dockerfile',
    'docker-host',
  ] as const;
  const one = job.run({
    ...Object.fromEntries(each.map((name) => [name, '$(touch pwned-9);"\'`x`--help'])),
    output: '/nowhere/$(touch pwned-10).json',
  });
  expect(one.code).toBe(2);
  expect(job.files()).toEqual(before);
  for (const { commands, leftInEnv } of [run, one]) {
    expect(commands.map(({ name }) => name)).toEqual(['error']);
    expect(leftInEnv).toBe('');
  }
});
