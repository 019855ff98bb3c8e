import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { openEcs } from '../../../src/aws/ecs/client.ts';
import { pollMedium } from '../../../src/aws/watch/poll-medium.ts';
import { watchEvents } from '../../../src/aws/watch/watch.ts';
import type { EventLine } from '../../../src/event-line.ts';
import { engineOf } from '../../../src/scan/engine-of.ts';
import { startMotoAccount, type MotoAccount } from '../ecs/moto-account.ts';
import { arn, AwsFailure, denied, page, startFakeAws, type AwsAnswers, type FakeAws } from '../../support/fake-aws.ts';
import { motoMissing } from '../../support/moto.ts';
import { patient } from '../../support/patients.ts';
import { phiscanHere } from '../../support/scans.ts';
import { linesOf, shownLines, type WatchLine } from '../../support/watching.ts';

const one = patient(53);
const skipped = motoMissing();
let aws: FakeAws | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await aws?.stop();
  aws = undefined;
});

interface Ran {
  readonly code: number | null;
  readonly lines: readonly WatchLine[];
  readonly shown: readonly string[];
  readonly stderr: string;
}

async function poll(env: NodeJS.ProcessEnv, args: readonly string[] = []): Promise<Ran> {
  const { code, stdout, stderr } = await phiscanHere(['ecs', 'watch', '--once', ...args], { env });
  for (const text of [stdout, stderr]) expect(text).not.toContain(one.ssn);
  const lines = linesOf(stdout);
  return { code, lines, shown: shownLines(lines), stderr };
}

function task(id: string, more: object): object {
  return { taskArn: arn(`task/prod/${id}`), lastStatus: 'STOPPED', version: 3, stoppedAt: 1_795_330_800.25, ...more };
}

/** An account with one cluster. */
function account(tasks: readonly object[], services: readonly object[] = []): AwsAnswers {
  const names = (all: readonly object[], key: string): readonly unknown[] =>
    all.map((each) => (each as Readonly<Record<string, unknown>>)[key]);
  return {
    ListClusters: (call) => page('clusterArns', [arn('cluster/prod')], call),
    ListTasks: (call) => page('taskArns', names(tasks, 'taskArn'), call, 1),
    DescribeTasks: ({ input }) => {
      return { tasks: tasks.filter((each) => (input['tasks'] as unknown[]).includes(names([each], 'taskArn')[0])) };
    },
    ListServices: (call) => page('serviceArns', names(services, 'serviceArn'), call),
    DescribeServices: () => ({ services }),
  };
}

describe('without a queue, ECS is asked', () => {
  test('for stopped tasks, page after page, and for the events of services', async () => {
    const tasks = [
      task('1', { stoppedReason: `ssn=${one.ssn}` }),
      task('2', { containers: [{ name: 'app', reason: `exec: "--ssn=${one.ssn}": not found` }] }),
      task('3', { stoppedReason: 'Essential container in task exited' }),
    ];
    const service = {
      serviceArn: arn('service/prod/web'),
      events: [{ id: 'e1', createdAt: 1_795_330_800, message: `(service web) ssn ${one.ssn}` }],
      deployments: [{ id: 'd1', rolloutStateReason: `ssn ${one.ssn} not healthy` }],
    };
    aws = await startFakeAws(account(tasks, [service]));
    const { code, shown, lines } = await poll(aws.env);
    expect(shown).toEqual([
      'ssn cluster/prod/task/1 tasks[0].stoppedReason',
      'ssn cluster/prod/task/2 tasks[0].containers[0].reason',
      'ssn cluster/prod/service/web services[0].events[0].message',
      'ssn cluster/prod/service/web services[0].deployments[0].rolloutStateReason',
    ]);
    expect(code).toBe(1);
    expect(lines[0]?.event).toEqual({
      id: '',
      type: 'DescribeTasks',
      time: '2026-11-22T07:00:00.250Z',
      account: '123456789012',
      region: 'us-east-1',
      resource: arn('task/prod/1'),
    });
    expect(lines[0]?.finding?.location.target).toBe('ecs:us-east-1');
    const statuses = aws.calls.filter(({ operation }) => operation === 'ListTasks').map(({ input }) => input);
    expect(statuses.every(({ desiredStatus }) => desiredStatus === 'STOPPED')).toBe(true);
    expect(statuses).toHaveLength(3);
  });

  test('for the clusters that were named', async () => {
    aws = await startFakeAws(account([]));
    expect((await poll(aws.env, ['--cluster', 'one', '--cluster', 'two'])).code).toBe(0);
    expect(aws.calls.map(({ operation, input }) => `${operation} ${String(input['cluster'])}`)).toEqual([
      'ListTasks one',
      'ListServices one',
      'ListTasks two',
      'ListServices two',
    ]);
  });

  test('what is denied is a gap with the name of the call, and the rest is read', async () => {
    const answers = account([task('1', { stoppedReason: `ssn=${one.ssn}` })]);
    aws = await startFakeAws({
      ...answers,
      ListServices: () => {
        throw denied('ListServices');
      },
    });
    const { code, lines } = await poll(aws.env);
    expect(code).toBe(1);
    expect(lines[0]?.finding?.detector).toBe('ssn');
    expect(lines[1]?.gap).toMatchObject({
      reason: 'unreadable',
      detail: 'ecs:ListServices: AccessDeniedException',
      location: { path: 'cluster/prod/services' },
    });
  });

  test('an account that cannot be asked at all is an error', async () => {
    aws = await startFakeAws({
      ListClusters: () => {
        throw new AwsFailure('UnrecognizedClientException', 'no such key');
      },
    });
    const { code, stderr } = await poll(aws.env);
    expect(code).toBe(2);
    expect(stderr).toContain('AWS does not accept the credentials');
  });

  test('again after the interval: what was told once is not told again, and a failed answer is a gap', async () => {
    const service = (count: number): object => ({
      serviceArn: arn('service/prod/web'),
      events: Array.from({ length: count }, (_, index) => ({ id: `e${index}`, message: `ssn ${one.ssn}` })),
    });
    let polls = 0;
    aws = await startFakeAws({
      ...account([task('1', { stoppedReason: `ssn=${one.ssn}` })]),
      ListClusters: (call) => {
        polls++;
        if (polls === 2) throw new AwsFailure('UnrecognizedClientException', 'expired');
        return page('clusterArns', [arn('cluster/prod')], call);
      },
      ListServices: (call) => page('serviceArns', [arn('service/prod/web')], call),
      DescribeServices: () => ({ services: [service(polls)] }),
    });
    const stop = new AbortController();
    const engine = engineOf([]);
    const lines: EventLine[] = [];
    const write = (told: readonly EventLine[]): Promise<void> => {
      lines.push(...told);
      if (lines.length >= 5) stop.abort();
      return Promise.resolve();
    };
    for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
    const ecs = await openEcs({ signal: stop.signal });
    const options = { clusters: [], intervalMs: 50, once: false, signal: stop.signal };
    const watched = await watchEvents(pollMedium(ecs, engine, options), engine, { minConfidence: 0.5, write });
    // A delivery for each answer in which something is new.
    expect(watched).toEqual({ messages: 4, events: 3 });
    expect(shownLines(lines)).toEqual([
      'ssn cluster/prod/task/1 tasks[0].stoppedReason',
      'ssn cluster/prod/service/web services[0].events[0].message',
      'unreadable',
      'ssn cluster/prod/service/web services[0].events[0].message',
      'ssn cluster/prod/service/web services[0].events[1].message',
    ]);
  });
});

describe.skipIf(skipped !== undefined)(`an account on moto${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let account: MotoAccount;

  beforeAll(async () => {
    account = await startMotoAccount();
  }, 90_000);

  afterAll(async () => {
    await account.stop();
  });

  test('shows its stopped task, with its overrides and why it was stopped', async () => {
    const { shown, code } = await poll(account.aws.env);
    expect(shown.map((line) => line.replace(/task\/\S+/, 'task/ID')).sort()).toEqual([
      'mrn cluster/prod/task/ID tasks[0].overrides.containerOverrides[0].command[2]',
      'ssn cluster/prod/task/ID tasks[0].stoppedReason',
    ]);
    expect(code).toBe(1);
  });
});
