/**
 * From the text of a message to the events in it. EventBridge puts an event into SQS as it is, or behind SNS; a pipe or a
 * function hands on lists of them (Amazon EventBridge User Guide, "Events"; Amazon SNS Developer Guide, "Raw message
 * delivery"; AWS Lambda Developer Guide, "Using Lambda with Amazon SQS").
 */
import type { GapReason } from '../../finding.ts';
import type { EventName } from '../../event-line.ts';

type Json = Readonly<Record<string, unknown>>;

/** An event of ECS, or what a call of ECS answered. */
export interface WatchedEvent {
  /** As the event calls itself; not masked. */
  readonly name: EventName;
  /** All of it: pointers begin here. */
  readonly document: Json;
}

/** Why a part of a message is not read as an event. */
interface Fault {
  readonly reason: GapReason;
  /** Without any content. */
  readonly detail: string;
}

export interface Unwrapped {
  readonly events: readonly WatchedEvent[];
  readonly faults: readonly Fault[];
}

/** A message in a message in a message: SNS in SQS in a function's batch is 2. */
const DEPTH = 4;
/** Parts of one message, all lists together. */
const PARTS = 10_000;

const NO_JSON: Fault = { reason: 'corrupt', detail: 'no JSON' };
const NOTHING: Fault = { reason: 'unsupported', detail: 'no event in it' };
const TOO_DEEP: Fault = { reason: 'depth-limit', detail: `more than ${DEPTH} messages inside each other` };
const TOO_MANY: Fault = { reason: 'entry-limit', detail: `more than ${PARTS} events` };

/** Which events are meant. */
export interface EventKind {
  /** Told of what is none of them. */
  readonly absence: string;
  readonly matches: (part: Json) => boolean;
}

/** Never throws. Each fault is told once. */
export function unwrap(text: string, kind: EventKind = ofEcs): Unwrapped {
  const noEvent: Fault = { reason: 'unsupported', detail: kind.absence };
  const events: WatchedEvent[] = [];
  const faults = new Set<Fault>();
  const pending: { readonly part: unknown; readonly depth: number }[] = [{ part: text, depth: 0 }];
  let parts = 0;
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (++parts > PARTS) {
      faults.add(TOO_MANY);
      break;
    }
    const read = partsOf(next.part, kind);
    if (read === undefined) {
      faults.add(noEvent);
      continue;
    }
    if (read.fault !== undefined) faults.add(read.fault);
    if (read.event !== undefined) events.push(read.event);
    for (const part of read.inside) {
      if (next.depth === DEPTH) faults.add(TOO_DEEP);
      else pending.push({ part, depth: next.depth + 1 });
    }
  }
  if (events.length === 0 && faults.size === 0) faults.add(NOTHING);
  return { events, faults: [...faults] };
}

interface Parts {
  readonly event?: WatchedEvent;
  readonly fault?: Fault;
  readonly inside: readonly unknown[];
}

/** Undefined for what is neither an event of the kind nor holds one. */
function partsOf(part: unknown, kind: EventKind): Parts | undefined {
  if (typeof part === 'string') {
    const parsed = parse(part);
    return parsed === undefined ? { fault: NO_JSON, inside: [] } : partsOf(parsed.json, kind);
  }
  if (Array.isArray(part)) return { inside: part as readonly unknown[] };
  if (!isJson(part)) return undefined;
  const inside = wrapped(part);
  if (inside !== undefined) return { inside };
  return kind.matches(part) ? { event: { name: nameOf(part), document: part }, inside: [] } : undefined;
}

/** A JSON string that is JSON again is parsed by the next step. */
function parse(text: string): { readonly json: unknown } | undefined {
  try {
    const json: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return typeof json === 'string' && !/^\s*[[{"]/.test(json) ? undefined : { json };
  } catch {
    // JSON.parse quotes what it cannot read.
    return undefined;
  }
}

/** What an envelope holds; undefined for what is none. */
function wrapped(part: Json): readonly unknown[] | undefined {
  const { Type: type, Message: message, Records: records, Sns: sns, body, eventSource } = part;
  // SNS, to a queue or to a function.
  if (typeof message === 'string' && (type === 'Notification' || 'TopicArn' in part)) return [message];
  if (isJson(sns)) return [sns];
  // Of SQS, as Lambda and pipes hand it on.
  if (typeof body === 'string' && (eventSource === 'aws:sqs' || 'messageId' in part)) return [body];
  return Array.isArray(records) ? (records as readonly unknown[]) : undefined;
}

/** What every event of ECS has, also without its envelope (`InputPath: $.detail`), and what its calls answer. */
const OF_ECS = ['taskArn', 'clusterArn', 'containerInstanceArn', 'deploymentId', 'tasks', 'services'];

const ofEcs: EventKind = {
  absence: 'no event of ECS',
  matches: (part) => {
    const { source, 'detail-type': type } = part;
    if (typeof source === 'string' || typeof type === 'string') {
      return source === 'aws.ecs' || (typeof type === 'string' && type.startsWith('ECS '));
    }
    return OF_ECS.some((key) => key in part);
  },
};

function nameOf(event: Json): EventName {
  const { id, time, account, region, resources } = event;
  const detail = isJson(event['detail']) ? event['detail'] : event;
  const listed = Array.isArray(resources) ? (resources as readonly unknown[]).find(isText) : undefined;
  const own = [detail['taskArn'], detail['containerInstanceArn'], detail['clusterArn']].find(isText);
  return {
    id: textOf(id),
    type: textOf(event['detail-type']),
    time: textOf(time) || textOf(detail['updatedAt']),
    account: textOf(account),
    region: textOf(region),
    resource: listed ?? own ?? '',
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
