import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobRun } from '../support/action-runner.ts';
import { actionWorkspace, type ActionWorkspace } from '../support/action-workspace.ts';
import { type DockerEngine, dockerMissing, startDocker } from '../support/docker.ts';
import { patients } from '../support/patients.ts';
import { phiscan } from '../support/scans.ts';

const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
const section = /^## In a workflow: the GitHub Action\n[\s\S]*?(?=^## )/m.exec(readme)?.[0] ?? '';
const block = (language: string): string =>
  new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(section)?.[1] ?? '';
const people = patients(3, 700);
const skipped = dockerMissing();

/** From nothing to a workflow that fails, and then to one that passes: files and commands are the README's. */
describe.skipIf(skipped !== undefined)(`the README's newcomer${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let engine: DockerEngine;
  let repository: ActionWorkspace;
  let before: JobRun;

  const run = (): JobRun =>
    repository.job(block('yaml'), { DOCKER_HOST: `unix://${engine.socketPath}`, DOCKER_BUILDKIT: '0' });

  beforeAll(async () => {
    engine = await startDocker();
    repository = actionWorkspace();
    repository.write('Dockerfile', block('dockerfile'));
    repository.write('app', 'a program\n');
    repository.write(
      'seed.csv',
      `name,dob,mrn\n${people.map(({ name, dob, mrn }) => `${name},${dob},${mrn}\n`).join('')}`,
    );
    before = run();
  }, 120_000);

  afterAll(async () => {
    repository.remove();
    await engine.stop();
  }, 60_000);

  test('the first workflow fails, and its log is as shown', () => {
    expect(before.code).toBe(1);
    const { log = '', commands = [], summary = '' } = before.phiscan ?? {};
    // The engine of this test has the classic builder only, which writes a digest into the history.
    const same = (text: string): string =>
      text
        .replaceAll(/COPY dir:[0-9a-f]+…/g, 'COPY . /srv/ # buildkit')
        .replaceAll(/\b\d+(?:\.\d+)? (?:kB|bytes)\b/g, 'so many bytes');
    expect(same(log)).toContain(same(block('text')));
    expect(commands.map(({ name, properties: { file, line } }) => [name, file, line])).toEqual([
      ['error', 'Dockerfile', '2'],
    ]);
    expect(summary).toContain('patient record');
    for (const { mrn } of people) expect(log + summary).not.toContain(mrn);
  });

  test('without the seed it passes', () => {
    const [, name = '', file = ''] = /^\$ echo (\S+) >> (\S+)$/m.exec(section) ?? [];
    repository.write(file, `${name}\n`);
    const after = run();
    expect(after.code).toBe(0);
    expect(after.phiscan?.outputs).toMatchObject({ 'findings-count': '0', complete: 'true' });
  }, 60_000);

  test('other pipelines: the command as written', async () => {
    const [, words = ''] = /^\$ phiscan (scan .*)$/m.exec(section) ?? [];
    repository.write('task-definition.json', '{"family":"a","containerDefinitions":[{"name":"b","image":"c"}]}');
    const env = { DOCKER_HOST: `unix://${engine.socketPath}` };
    const { code, stderr } = await phiscan(words.split(' '), { cwd: repository.folder, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('report in phiscan.sarif') as string });
  }, 60_000);
});
