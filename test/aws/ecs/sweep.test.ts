import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type EcsScanOptions, scanEcs } from '../../../src/aws/ecs/scan-ecs.ts';
import type { Report } from '../../../src/finding.ts';
import {
  arn,
  AwsFailure,
  denied,
  page,
  startFakeAws,
  throttled,
  type AwsAnswers,
  type FakeAws,
} from '../../support/fake-aws.ts';
import { patient } from '../../support/patients.ts';
import { account, budgetsOf, CLUSTER, EXPRESS, SERVICE } from './account.ts';

const { ssn } = patient(41);
const LEAK = `patient ssn ${ssn}`;
let aws: FakeAws;
let folder: string;

beforeEach(async () => {
  aws = await startFakeAws(account);
  folder = mkdtempSync(join(tmpdir(), 'phiscan-ecs-'));
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** So fast that a test need not wait, and slow enough that buckets are asked. */
const budgets = budgetsOf({ burst: 1000, perSecond: 1000 });

function sweep(options: Partial<EcsScanOptions> = {}, answers: AwsAnswers = {}): Promise<Report> {
  aws.answer(answers);
  const scope = { clusters: [], families: [], maxRevisions: undefined, since: undefined };
  return scanEcs({ ...scope, minConfidence: 0.5, budgets, ...options });
}

function places(report: Report): readonly string[] {
  return report.findings.map(({ location: { path, pointer } }) => `${path} ${pointer ?? ''}`);
}

function gaps(report: Report): readonly string[] {
  return report.coverage.gaps.map(({ reason, detail, location: { path } }) => `${reason} ${path} ${detail ?? ''}`);
}

function asked(): readonly string[] {
  return aws.calls.map(({ operation }) => operation);
}

describe('an account without a fault', () => {
  test('is read as a whole, by every call that shows text', async () => {
    const report = await sweep();
    expect(gaps(report)).toEqual([]);
    expect(report.findings).toEqual([]);
    expect(report.targets.map(({ reference, source }) => [reference, source])).toEqual([
      ['ecs:us-east-1', 'ecs: all of the account in this Region'],
    ]);
    // Cluster, 2 services, express, deployment, revision, 2 tasks, instance, provider, 2 revisions, the daemon's 3, its
    // definition, gateway, its resources, route.
    expect(report.coverage.entries).toBe(19);
    expect(new Set(asked())).toEqual(new Set(Object.keys(account)));
  });

  test('in several pages is read to the last one', async () => {
    const tasks = Array.from({ length: 230 }, (_, index) => arn(`task/prod/${index}`));
    const report = await sweep(
      {},
      {
        ListTasks: (call) => page('taskArns', call.input['desiredStatus'] === 'STOPPED' ? tasks : [], call),
        DescribeTasks: ({ input }) => ({
          tasks: (input['tasks'] as readonly string[]).map((taskArn) => ({
            taskArn,
            stoppedReason: taskArn.endsWith('/229') ? LEAK : '',
          })),
        }),
      },
    );
    expect(places(report)).toEqual(['cluster/prod/task/229 tasks[0].stoppedReason']);
    expect(report.findings[0]).toMatchObject({
      severity: 'high',
      surface: 'stopped-reason',
      remedy: 'exit-string',
      location: { kind: 'ecs', target: 'ecs:us-east-1' },
    });
  });

  test('shows fields that the SDK does not know', async () => {
    const report = await sweep({}, { DescribeGateway: () => ({ gateway: { newText: [{ deeper: LEAK }] } }) });
    expect(places(report)).toEqual(['gateway/edge/0a1b gateway.newText[0].deeper']);
  });

  test('with a value in a name has it masked everywhere', async () => {
    const name = `patient-ssn-${ssn}`;
    const report = await sweep(
      { cacheFolder: folder },
      { ListTaskDefinitions: (call) => page('taskDefinitionArns', [arn(`task-definition/${name}:1`)], call) },
    );
    expect(report.findings.length).toBeGreaterThan(0);
    expect(JSON.stringify(report)).not.toContain(ssn);
  });
});

describe('what was not answered is a gap that names the call', () => {
  test.each([
    ['DescribeTasks', 'AccessDeniedException', 'cluster/prod/tasks'],
    ['ListServices', 'AccessDeniedException', 'cluster/prod/services'],
    ['ListClusters', 'AccessDeniedException', 'clusters'],
  ])('%s that is denied', async (operation, reason, path) => {
    const report = await sweep(
      {},
      {
        [operation]: () => {
          throw denied(operation);
        },
      },
    );
    expect(gaps(report)).toEqual([`unreadable ${path} ecs:${operation}: ${reason}`]);
    expect(report.coverage.complete).toBe(false);
  });

  test('a call that ECS of the Region does not know', async () => {
    const report = await sweep(
      {},
      {
        ListDaemons: () => {
          throw new AwsFailure('UnknownOperationException', LEAK, 404);
        },
      },
    );
    expect(gaps(report)).toEqual([
      'unreadable cluster/prod/daemons ecs:ListDaemons: UnknownOperationException; it was not asked again',
    ]);
  });

  test('a call that is throttled to the end', async () => {
    const report = await sweep(
      { attempts: 4 },
      {
        DescribeCapacityProviders: () => {
          throw throttled();
        },
      },
    );
    expect(gaps(report)).toEqual(['unreadable capacity-providers ecs:DescribeCapacityProviders: ThrottlingException']);
    expect(asked().filter((operation) => operation === 'DescribeCapacityProviders')).toHaveLength(4);
  });

  test('is denied so often that it is not asked again', async () => {
    const arns = Array.from({ length: 60 }, (_, index) => arn(`task-definition/web:${index + 1}`));
    const report = await sweep(
      {},
      {
        ListTaskDefinitions: (call) => page('taskDefinitionArns', arns, call),
        DescribeTaskDefinition: ({ operation }) => {
          throw denied(operation);
        },
      },
    );
    expect(asked().filter((operation) => operation === 'DescribeTaskDefinition').length).toBeLessThan(40);
    expect(gaps(report).filter((gap) => gap.endsWith('it was not asked again'))).toHaveLength(1);
  });

  test('pages that follow themselves end', async () => {
    const report = await sweep({}, { ListGateways: () => ({ gateways: [], nextToken: 'same' }) });
    expect(gaps(report)).toEqual(['corrupt gateways ecs:ListGateways: a page follows itself']);
  });

  test('what is gone since it was listed is none; any other failure is one', async () => {
    const failures = [
      { arn: arn('task/prod/live'), reason: 'MISSING' },
      { arn: arn('task/prod/dead'), reason: 'ACCESS_DENIED', detail: LEAK },
    ];
    const report = await sweep(
      {},
      { DescribeTasks: ({ input }) => ({ failures: failures.filter((one) => String(input['tasks']) === one.arn) }) },
    );
    expect(gaps(report)).toEqual(['unreadable cluster/prod/task/dead ecs:DescribeTasks: ACCESS_DENIED']);
    expect(places(report)).toEqual(['cluster/prod/tasks failures[0].detail']);
  });

  test('fewer answers than were asked for', async () => {
    const report = await sweep({}, { DescribeServiceRevisions: () => ({}) });
    expect(gaps(report)).toEqual(['truncated cluster/prod/service/api ecs:DescribeServiceRevisions: 1 not answered']);
  });

  test('no text of AWS is repeated, which may hold a value', async () => {
    const report = await sweep(
      {},
      {
        DescribeDaemon: () => {
          throw new AwsFailure('InvalidParameterException', LEAK);
        },
      },
    );
    expect(gaps(report)).toEqual([
      'unreadable cluster/prod/daemon/agent ecs:DescribeDaemon: InvalidParameterException',
    ]);
  });
});

describe('a Region that cannot be asked is an error in plain words', () => {
  test.each([
    ['no Region', { AWS_REGION: '' }, 'usage', 'no Region is set'],
    ['no credentials', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, 'usage', 'no credentials for AWS'],
    [
      'no server',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
      'not-found',
      'ECS does not answer (us-east-1: ECONNREFUSED)',
    ],
  ])('%s', async (_, env, code, words) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value === '' ? undefined : value);
    await expect(sweep()).rejects.toMatchObject({ code, message: expect.stringContaining(words) as unknown });
  });

  test.each(['UnrecognizedClientException', 'ExpiredTokenException', 'InvalidSignatureException'])(
    'credentials that AWS does not accept (%s)',
    async (type) => {
      const refused = sweep(
        {},
        {
          ListClusters: () => {
            throw new AwsFailure(type, LEAK);
          },
        },
      );
      await expect(refused).rejects.toMatchObject({
        code: 'denied',
        message: expect.stringContaining(`AWS does not accept the credentials (us-east-1: ${type})`) as unknown,
      });
    },
  );

  test('a cluster that is not there', async () => {
    const answers = { DescribeClusters: () => ({ failures: [{ arn: CLUSTER, reason: 'MISSING' }] }) };
    await expect(sweep({ clusters: ['prod'] }, answers)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a family that is not there', async () => {
    const answers = { ListTaskDefinitions: () => ({}), ListDaemonTaskDefinitions: () => ({}) };
    await expect(sweep({ families: ['wbe'] }, answers)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the scope', () => {
  const described = (): readonly unknown[] =>
    aws.calls.flatMap(({ operation, input }) =>
      operation === 'DescribeTaskDefinition' ? [String(input['taskDefinition']).replace(/.*\//, '')] : [],
    );
  const revisions: AwsAnswers = {
    ListTaskDefinitions: (call) => {
      const numbers = { ACTIVE: [9, 7, 4], INACTIVE: [8, 3], DELETE_IN_PROGRESS: [10, 2] };
      const own = numbers[call.input['status'] as keyof typeof numbers];
      return page(
        'taskDefinitionArns',
        own.map((number) => arn(`task-definition/web:${number}`)),
        call,
      );
    },
    DescribeTaskDefinition: ({ input: { taskDefinition } }) => ({
      // Revision 8 was registered at 8 o'clock.
      taskDefinition: { registeredAt: Date.UTC(2026, 0, 1, Number(/\d+$/.exec(String(taskDefinition))?.[0])) / 1000 },
    }),
  };

  test('all states of a revision', async () => {
    await sweep({}, revisions);
    expect(new Set(described())).toEqual(new Set([10, 9, 8, 7, 4, 3, 2].map((number) => `web:${number}`)));
  });

  test('--max-revisions: the newest of a family, in whatever state', async () => {
    const report = await sweep({ maxRevisions: 3 }, revisions);
    expect(new Set(described())).toEqual(new Set(['web:10', 'web:9', 'web:8']));
    expect(report.targets[0]?.source).toBe('ecs: the newest 3 revisions of each family');
    expect(report.coverage.complete).toBe(true);
  });

  test('--since: revisions from the newest on, until one is older', async () => {
    const report = await sweep({ since: Date.UTC(2026, 0, 1, 7, 30) }, revisions);
    expect(described()).toEqual(['web:10', 'web:9', 'web:8', 'web:7']);
    expect(report.targets[0]?.source).toBe('ecs: since 2026-01-01T07:30:00.000Z');
  });

  test('--since: tasks that stopped before, and the time that deployments are asked from', async () => {
    const since = Date.UTC(2026, 0, 1);
    const report = await sweep(
      { since },
      {
        DescribeTasks: ({ input }) => ({
          tasks: (input['tasks'] as readonly string[]).map((taskArn) => ({
            taskArn,
            startedAt: since / 1000 - 7200,
            stoppedAt: taskArn.endsWith('dead') ? since / 1000 - 3600 : undefined,
            stoppedReason: LEAK,
          })),
        }),
      },
    );
    expect(places(report)).toEqual(['cluster/prod/task/live tasks[0].stoppedReason']);
    const listed = aws.calls.find(({ operation }) => operation === 'ListServiceDeployments');
    expect(listed?.input['createdAt']).toEqual({ after: since / 1000 });
  });

  test('--cluster: what is in it, and the task definitions that it uses', async () => {
    const report = await sweep({ clusters: ['prod'] });
    expect(described()).toEqual(['web:2']);
    expect(asked()).not.toContain('ListClusters');
    expect(asked()).not.toContain('ListTaskDefinitions');
    expect(report.coverage.complete).toBe(true);
  });

  test('--family: its revisions, and the tasks that run them', async () => {
    await sweep({ families: ['web'] });
    expect(new Set(described())).toEqual(new Set(['web:1', 'web:2']));
    expect(asked()).not.toContain('ListServices');
    expect(asked()).not.toContain('DescribeClusters');
    const filters = aws.calls.flatMap(({ operation, input }) => (operation === 'ListTasks' ? [input['family']] : []));
    expect(filters).toEqual(['web', 'web']);
  });
});

test('services that ECS manages are described as such, once', async () => {
  await sweep();
  const of = (operation: string, key: string): readonly unknown[] =>
    aws.calls.filter((call) => call.operation === operation).map(({ input }) => input[key]);
  expect(of('DescribeExpressGatewayService', 'serviceArn')).toEqual([EXPRESS]);
  expect(of('DescribeServices', 'services')).toEqual([[SERVICE, EXPRESS]]);
});

test('a scan that is stopped says so, and what was read stays', async () => {
  const stop = new AbortController();
  const report = await sweep(
    { signal: stop.signal },
    {
      DescribeClusters: () => ({ clusters: [{ clusterArn: CLUSTER, tags: [{ key: 'note', value: LEAK }] }] }),
      ListServices: () => {
        stop.abort();
        return {};
      },
    },
  );
  expect(places(report)).toEqual(['cluster/prod clusters[0].tags[0].value']);
  expect(report.coverage.gaps.map(({ reason }) => reason)).toContain('interrupted');
});
