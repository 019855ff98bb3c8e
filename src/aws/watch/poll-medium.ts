import { setTimeout as wait } from 'node:timers/promises';
import type { Engine } from '../../engine/engine.ts';
import { ScanError } from '../../errors.ts';
import type { EntryGap } from '../../finding.ts';
import { arrayOf, isObject, type JsonObject } from '../../image/json.ts';
import type { Ecs } from '../ecs/client.ts';
import { batches } from '../../parallel.ts';
import { clusterName } from '../ecs/resource-path.ts';
import { isText, namesIn } from '../response.ts';
import { Sweep } from '../ecs/sweep.ts';
import type { Delivery, EventMedium } from './delivery.ts';
import type { WatchedEvent } from './envelope.ts';
import { Seen } from './seen.ts';

export interface PollMediumOptions {
  /** Names or ARNs; empty: all. */
  readonly clusters: readonly string[];
  /** Milliseconds from the end of one poll to the next. */
  readonly intervalMs: number;
  /** Ends after one poll. */
  readonly once: boolean;
  readonly signal: AbortSignal;
}

/** Calls describe so many tasks or services at once. */
const TASKS = 100;
const SERVICES = 10;
const SETTLED = (): Promise<void> => Promise.resolve();

/**
 * Asks again and again for what ECS forgets soonest: stopped tasks, which it shows for an hour, and the newest hundred events
 * of each service. What was told once is not told again in this run.
 */
export function pollMedium(ecs: Ecs, engine: Engine, options: PollMediumOptions): EventMedium {
  return { reference: `ecs:${ecs.region}`, deliveries: deliveries(ecs, engine, options) };
}

async function* deliveries(
  ecs: Ecs,
  engine: Engine,
  { clusters, intervalMs, once, signal }: PollMediumOptions,
): AsyncGenerator<Delivery, void, undefined> {
  const seen = new Seen();
  const scope = { clusters, families: [], maxRevisions: undefined, since: undefined };
  try {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const sweep = new Sweep(ecs, engine, scope, { signal });
      try {
        for await (const events of poll(sweep, ecs.region, seen)) {
          if (events.length > 0) yield delivery(events, []);
        }
      } catch (error) {
        // The Region answered before: what happens in an hour may be caught by the next poll.
        if (isFirst || !(error instanceof ScanError)) throw error;
        sweep.tally.problem({ reason: 'unreadable', detail: error.message }, '');
      }
      const { gaps } = sweep.tally;
      if (gaps.length > 0) yield delivery([], gaps);
      if (once || isAborted(signal)) return;
      await wait(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    ecs.close();
  }
}

/** A function, since the signal changes while a poll is awaited, which the type checker does not see. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function delivery(events: readonly WatchedEvent[], gaps: readonly EntryGap[]): Delivery {
  return { name: 'poll', content: { kind: 'events', events, gaps }, settle: SETTLED };
}

type Events = AsyncGenerator<readonly WatchedEvent[], void, undefined>;

async function* poll(sweep: Sweep, region: string, seen: Seen): Events {
  const { clusters } = sweep.scope;
  const listed = namesIn(sweep.list('ListClusters', { maxResults: 100 }, 'clusterArns', 'clusters'));
  for await (const cluster of clusters.length > 0 ? clusters : listed) {
    yield* stoppedTasks(sweep, cluster, region, seen);
    yield* serviceEvents(sweep, cluster, region, seen);
  }
}

async function* stoppedTasks(sweep: Sweep, cluster: string, region: string, seen: Seen): Events {
  const path = `cluster/${clusterName(cluster)}/tasks`;
  const input = { cluster, desiredStatus: 'STOPPED' as const, maxResults: 100 };
  for await (const tasks of batches(namesIn(sweep.list('ListTasks', input, 'taskArns', path)), TASKS)) {
    const answer = await sweep.ask('DescribeTasks', { cluster, tasks: [...tasks], include: ['TAGS'] }, path);
    const described = answer === undefined ? [] : arrayOf(answer['tasks']).filter(isObject);
    yield described
      .filter((task) => isNew(seen, [task['taskArn'], task['version'], task['lastStatus'], task['stoppedReason']]))
      .map((task) => ({
        name: nameOf('DescribeTasks', task['taskArn'], task['stoppedAt'], region),
        document: { tasks: [task] },
      }));
  }
}

/** Their events and why deployments failed, as far as that is new. */
async function* serviceEvents(sweep: Sweep, cluster: string, region: string, seen: Seen): Events {
  const path = `cluster/${clusterName(cluster)}/services`;
  const listed = namesIn(sweep.list('ListServices', { cluster, maxResults: 100 }, 'serviceArns', path));
  for await (const services of batches(listed, SERVICES)) {
    const answer = await sweep.ask('DescribeServices', { cluster, services: [...services] }, path);
    yield (answer === undefined ? [] : arrayOf(answer['services']).filter(isObject)).flatMap((service) => {
      const { serviceArn } = service;
      const events = arrayOf(service['events'])
        .filter(isObject)
        .filter(({ id, message }) => isNew(seen, [serviceArn, id, message]));
      const deployments = arrayOf(service['deployments'])
        .filter(isObject)
        .filter(({ id, rolloutStateReason: reason }) => isText(reason) && isNew(seen, [serviceArn, id, reason]));
      if (events.length === 0 && deployments.length === 0) return [];
      const name = nameOf('DescribeServices', serviceArn, events[0]?.['createdAt'], region);
      return [{ name, document: { services: [{ serviceArn, events, deployments }] } }];
    });
  }
}

function isNew(seen: Seen, parts: readonly unknown[]): boolean {
  const key = JSON.stringify(parts);
  const isKnown = seen.has(key);
  seen.add(key);
  return !isKnown;
}

/** An answer of a call has no name of its own: it is called after the call. */
function nameOf(type: string, arn: JsonObject[string], time: unknown, region: string): WatchedEvent['name'] {
  const resource = isText(arn) ? arn : '';
  const account = resource.split(':')[4] ?? '';
  return { id: '', type, time: instantOf(time), account, region, resource };
}

/** Seconds since 1970, as AWS JSON 1.1 writes time. */
function instantOf(time: unknown): string {
  return typeof time === 'number' && Number.isFinite(time) && Math.abs(time) < 1e11
    ? new Date(time * 1000).toISOString()
    : '';
}
