/**
 * What a scan does on its way, for `--verbose` and whoever else subscribes: node's diagnostics channels, which cost nothing when
 * nobody listens. Messages hold names, digests and counts, never content; names are not masked yet.
 */
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

/** A layer, scanned or recalled. */
interface LayerTrace {
  /** In its medium: `blobs/sha256/<hex>`. */
  readonly name: string;
  /** `sha256:<hex>` of its stored bytes. */
  readonly digest: string;
  /** Stored. */
  readonly bytes: number;
  /** From the moment when its bytes were at hand, or could be asked for; the wait for a thread included. */
  readonly milliseconds: number;
  /** Its result is one of the ledger. */
  readonly remembered: boolean;
}

/** A call that is made again. */
interface RetryTrace {
  /** `a registry`, `ecs:ListTasks`. */
  readonly call: string;
  /** The one that begins now, from 2. */
  readonly attempt: number;
  /** `HTTP 503`; empty where the library does not tell. */
  readonly why: string;
}

interface Traces {
  readonly layer: LayerTrace;
  readonly retry: RetryTrace;
}

/** Published as `phiscan:layer` and `phiscan:retry`. */
const channels = { layer: channel('phiscan:layer'), retry: channel('phiscan:retry') } as const;

export function trace<Kind extends keyof Traces>(kind: Kind, message: Traces[Kind]): void {
  if (channels[kind].hasSubscribers) channels[kind].publish(message);
}

/** Calls `told` with each message until the function that it gives is called. */
export function follow<Kind extends keyof Traces>(kind: Kind, told: (message: Traces[Kind]) => void): () => void {
  const subscriber = (message: unknown): void => {
    told(message as Traces[Kind]);
  };
  subscribe(channels[kind].name, subscriber);
  return () => {
    unsubscribe(channels[kind].name, subscriber);
  };
}
