import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHash } from 'node:crypto';
import { watchHelp } from '../../src/cli/commands/ecs.ts';
import { ecsEvent, stoppedTask } from '../support/events.ts';
import { arn, page, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { patient } from '../support/patients.ts';
import { linesOf } from '../support/watching.ts';

const root = join(import.meta.dirname, '..', '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const section = /^## ECS: as it happens\n[\s\S]*?(?=^## )/m.exec(readme)?.[0] ?? '';
const commandsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^ *\$ (phiscan ecs watch.*)$/gm)].map(([, command = '']) => command);
const commands = [...new Set([...commandsOf(section), ...commandsOf(watchHelp)])];

const one = patient(59);
const event = JSON.stringify(ecsEvent(stoppedTask(`ssn=${one.ssn}`)));

describe('the commands of the README and of the help run as they are written', () => {
  let folder = '';
  let aws: FakeAws;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'phiscan-readme-'));
    const program = join(folder, 'phiscan');
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist/src/cli/main.js')}" "$@"\n`);
    chmodSync(program, 0o755);
    writeFileSync(join(folder, 'events.jsonl'), `${event}\n`);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('there are some', () => {
    expect(commands.length).toBeGreaterThan(3);
  });

  test.each(commands)('%s', async (command) => {
    let given = false;
    const MD5OfBody = createHash('md5').update(event).digest('hex');
    aws = await startFakeAws({
      GetQueueAttributes: () => ({ Attributes: { RedrivePolicy: '{}' } }),
      ReceiveMessage: () => {
        const messages = given ? [] : [{ MessageId: '1', ReceiptHandle: 'h', Body: event, MD5OfBody }];
        given = true;
        return { Messages: messages };
      },
      DeleteMessage: () => ({}),
      ListTasks: (call) => page('taskArns', [arn('task/prod/1')], call),
      DescribeTasks: () => ({ tasks: [{ taskArn: arn('task/prod/1'), stoppedReason: `ssn=${one.ssn}` }] }),
      ListServices: () => ({ serviceArns: [] }),
    });
    const file = join(folder, 'findings.jsonl');
    rmSync(file, { force: true });
    const env = { ...aws.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const child = spawn('sh', ['-c', `exec ${command}`], {
      cwd: folder,
      env: { ...env, QUEUE_URL: `${aws.endpoint}/123456789012/ecs-events` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let complained = '';
    child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (complained += bytes.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const told = (): string => printed + (existsSync(file) ? readFileSync(file, 'utf8') : '');
    while (!told().endsWith('\n') && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
    // The others end by themselves.
    if (!/--once| - </.test(command)) child.kill('SIGTERM');
    expect(await ended).toBe(1);
    await aws.stop();
    expect(linesOf(told()).map(({ finding }) => finding?.detector)).toEqual(['ssn']);
    expect(told() + complained).not.toContain(one.ssn);
  });
});
