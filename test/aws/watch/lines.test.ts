import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ecsEvent, inSns, stoppedTask } from '../../support/events.ts';
import { patient } from '../../support/patients.ts';
import { phiscanHere } from '../../support/scans.ts';
import { linesOf, shownLines, watcher } from '../../support/watching.ts';

const one = patient(41);
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-watch-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function event(id: string, reason: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify(ecsEvent(stoppedTask(reason, more), { id }));
}

async function watch(
  lines: readonly string[],
  args: readonly string[] = [],
): Promise<{ code: number | null; shown: readonly string[]; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await phiscanHere(['ecs', 'watch', '-', ...args], {
    stdin: Buffer.from(lines.join('\n')),
  });
  return { code, shown: shownLines(linesOf(stdout)), stdout, stderr };
}

const TASK = 'cluster/default/task/3f0c8a';

describe('JSON Lines on standard input', () => {
  test('each finding is a line with its event, and none holds a value', async () => {
    const { code, shown, stdout, stderr } = await watch([
      event('a', `no bed for patient ssn ${one.ssn}`),
      event('b', 'fine', { containers: [{ name: 'app', reason: `exec: "--mrn=${one.mrn}": not found` }] }),
      event('c', 'fine', {
        overrides: { containerOverrides: [{ name: 'app', environment: [{ name: 'PATIENT_SSN', value: one.ssn }] }] },
      }),
      event('d', 'fine', { startedBy: `mrn-${one.mrn}`, group: `service:ssn-${one.ssn}` }),
      event('e', 'Scaling activity initiated by deployment ecs-svc/1234567890123456789'),
    ]);
    expect(shown).toEqual([
      `ssn ${TASK} detail.stoppedReason`,
      `mrn ${TASK} detail.containers[0].reason`,
      `ssn ${TASK} detail.overrides.containerOverrides[0].environment[0].value`,
      `mrn ${TASK} detail.startedBy`,
      `ssn ${TASK} detail.group`,
    ]);
    expect(code).toBe(1);
    expect(linesOf(stdout).map((line) => line.event.id)).toEqual(['a', 'b', 'c', 'd', 'd']);
    expect(linesOf(stdout)[0]).toMatchObject({
      event: { type: 'ECS Task State Change', time: '2026-11-22T07:00:00Z', region: 'us-east-1' },
      finding: { surface: 'stopped-reason', remedy: 'exit-string', location: { kind: 'ecs', target: '-' } },
    });
    for (const text of [stdout, stderr]) {
      expect(text).not.toContain(one.ssn);
      expect(text).not.toContain(one.mrn);
    }
  });

  test('the same event twice is told once, in whatever message it is', async () => {
    const twice = event('a', `ssn=${one.ssn}`);
    const { shown } = await watch([twice, twice, JSON.stringify(inSns(twice)), JSON.stringify([JSON.parse(twice)])]);
    expect(shown).toEqual([`ssn ${TASK} detail.stoppedReason`]);
  });

  test('what is no event is a gap, and is read as text', async () => {
    const { code, shown, stdout, stderr } = await watch([
      '',
      `{"reason": "ssn=${one.ssn}"`,
      '{"a": 1}',
      event('b', 'fine'),
      '  ',
    ]);
    expect(shown).toEqual(['corrupt line 2', 'ssn line 2 reason', 'unsupported line 3']);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain(one.ssn);
  });

  test('a line that is too long is a gap, and the next one is read', async () => {
    const long = JSON.stringify({ text: 'x'.repeat(4 * 1024 * 1024) });
    const { code, shown } = await watch([long, event('a', `ssn=${one.ssn}`), long]);
    expect(shown).toEqual(['byte-limit line 1', `ssn ${TASK} detail.stoppedReason`, 'byte-limit line 3']);
    expect(code).toBe(1);
  });

  test.each<[string, readonly string[], readonly string[], number]>([
    ['nothing', [], [], 0],
    ['nothing found', [event('a', 'fine')], [], 0],
    ['a gap', ['no JSON'], [], 3],
    ['a gap that is accepted', ['no JSON'], ['--allow-incomplete'], 0],
    ['a finding below the threshold', [event('a', `ssn=${one.ssn}`)], ['--fail-on', 'critical'], 0],
    ['findings without a threshold', [event('a', `ssn=${one.ssn}`)], ['--fail-on', 'none'], 0],
    ['no more messages than were asked for', ['no JSON', 'no JSON'], ['--max-messages', '1', '--allow-incomplete'], 0],
  ])('the exit code of %s', async (_title, lines, args, expected) => {
    expect((await watch(lines, args)).code).toBe(expected);
  });

  test('an event that calls itself after a person is masked', async () => {
    const detail = stoppedTask(`ssn=${one.ssn}`);
    const named = ecsEvent(detail, { id: `ssn ${one.ssn}`, resource: `arn:aws:ecs:r:1:task/default/ssn-${one.ssn}` });
    const { stdout, stderr, shown } = await watch([JSON.stringify(named)]);
    expect(shown.length).toBeGreaterThan(0);
    expect(stdout + stderr).not.toContain(one.ssn);
  });

  test('lines are added to a file, behind what a killed run left', async () => {
    const file = join(folder, 'findings.jsonl');
    writeFileSync(file, '{"half": ');
    const { code, stdout } = await watch([event('a', `ssn=${one.ssn}`)], ['--output', file]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    await watch([event('a', `ssn=${one.ssn}`)], ['--output', file]);
    const [half, ...rest] = readFileSync(file, 'utf8').split('\n');
    expect(half).toBe('{"half": ');
    expect(shownLines(linesOf(rest.join('\n')))).toHaveLength(2);
  });

  test('what the lines of a watch found is accepted by a baseline, by its place in any task, and by phiscan.yaml', async () => {
    const [lines, baseline, config] = ['watched.jsonl', 'accepted.yaml', 'phiscan.yaml'].map((name) =>
      join(folder, name),
    );
    const told = event('a', `ssn=${one.ssn}`);
    const later = told.replaceAll('3f0c8a', '77aa01').replace('"id":"a"', '"id":"b"');
    writeFileSync(lines ?? '', (await watch([told])).stdout);
    const answer = ['--reason', 'known', '--owner', 'team-ehr', '--expires', '2099-12-31'];
    const made = await phiscanHere([
      'baseline',
      'create',
      '--from',
      lines ?? '',
      '--baseline',
      baseline ?? '',
      ...answer,
    ]);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    for (const message of [told, later]) {
      const { code, stdout, stderr } = await watch([message], ['--baseline', baseline ?? '']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(linesOf(stdout).map(({ finding }) => finding?.accepted?.by)).toEqual(['baseline']);
    }
    const grown = event('c', `ssn=${one.ssn} ssn=${patient(42).ssn}`);
    const counted = await watch([grown], ['--baseline', baseline ?? '']);
    expect(counted.code).toBe(1);
    expect(linesOf(counted.stdout).map(({ finding }) => finding?.lapsed?.why)).toEqual(['grown']);

    const accept = '[{ path: cluster/default/**, reason: a cluster of invented patients }]';
    writeFileSync(config ?? '', `severities: { ssn: critical }\npaths: { accept: ${accept} }\n`);
    const elsewhere = told.replaceAll('cluster/default', 'cluster/prod').replaceAll('task/default', 'task/prod');
    const judged = await watch([told, elsewhere.replace('"id":"a"', '"id":"b"')], ['--config', config ?? '']);
    expect(judged.code).toBe(1);
    const shown = linesOf(judged.stdout).map(({ finding }) => [finding?.severity, finding?.accepted?.by]);
    expect(shown).toEqual([
      ['critical', 'configuration'],
      ['critical', undefined],
    ]);
  });

  test.each<[string, readonly string[], string]>([
    ['two sources', ['-', '--queue-url', 'https://sqs.us-east-1.amazonaws.com/1/q'], 'two sources (- and --queue-url)'],
    ['a file', ['events.jsonl'], 'events are read from a queue'],
    ['a file that cannot be written', ['-', '--output', '/nowhere/x'], '(/nowhere/x: ENOENT)'],
    ['an interval that misses tasks', ['--interval', '45m'], 'wrong value (--interval)'],
    ['no address of a queue', ['--queue-url', 'ecs-events'], 'wrong value (--queue-url)'],
    ['no message at all', ['-', '--max-messages', '0'], 'wrong value (--max-messages)'],
  ])('%s is wrong usage', async (_title, args, message) => {
    const { code, stderr, stdout } = await phiscanHere(['ecs', 'watch', ...args], { stdin: Buffer.from('') });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('a pipe that stays open', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends the watch: what was told counts, and the rest is a gap',
    async (signal) => {
      const { child, untilLines, ended, printed, complained } = watcher(['-']);
      child.stdin?.write(`${event('a', `ssn=${one.ssn}`)}\n`);
      await untilLines(1);
      child.kill(signal);
      expect(await ended).toBe(1);
      expect(shownLines(linesOf(printed()))).toEqual([`ssn ${TASK} detail.stoppedReason`, 'interrupted behind line 1']);
      expect(complained()).toContain('stopping after the message in hand');
    },
  );

  test('a reader that has gone ends the watch, which then fails', async () => {
    const { child, untilLines, ended, complained } = watcher(['-']);
    child.stdin?.write(`${event('a', `ssn=${one.ssn}`)}\n`);
    await untilLines(1);
    child.stdout?.destroy();
    child.stdin?.write(`${event('b', `ssn=${one.ssn}`)}\n`);
    expect(await ended).toBe(2);
    expect(complained()).toContain('could not be written (standard output: EPIPE)');
  });
});
