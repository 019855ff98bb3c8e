/** What responses of ECS hold: names and time. */
import { isObject, type JsonObject } from '../image/json.ts';

const DATES = [
  ...['registeredAt', 'deregisteredAt', 'deleteRequestedAt', 'createdAt', 'startedAt', 'updatedAt'],
  ...['stoppingAt', 'stoppedAt', 'executionStoppedAt', 'finishedAt'],
];

/** Milliseconds since 1970 of the newest of its dates; Infinity where it has none. */
export function latestOf(described: JsonObject): number {
  const dates = DATES.flatMap((key) => instantOf(described[key]) ?? []);
  return dates.length === 0 ? Infinity : Math.max(...dates);
}

/** Seconds since 1970, as AWS JSON 1.1 writes time; or ISO 8601. In milliseconds. */
export function instantOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value * 1000;
  const parsed = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** ARNs of a list, or those under a key of its summaries. */
export async function* namesIn(all: AsyncIterable<unknown>, key?: string): AsyncGenerator<string, void, undefined> {
  for await (const each of all) {
    const name = key === undefined ? each : isObject(each) ? each[key] : undefined;
    if (isText(name)) yield name;
  }
}
