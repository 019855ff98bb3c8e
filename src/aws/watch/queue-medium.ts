import { setTimeout as wait } from 'node:timers/promises';
import { faultKind, ScanError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { remoteLimits } from '../../remote-limits.ts';
import type { Delivery, EventMedium, Outcome } from './delivery.ts';
import { openQueue, queueFault, type Queue, type QueueMessage, type QueueOptions } from './queue.ts';

export interface QueueMediumOptions extends QueueOptions {
  /** Ends when a receive finds the queue empty. */
  readonly once: boolean;
  /** Messages that are wanted at all. */
  readonly maxMessages?: number | undefined;
  readonly signal: AbortSignal;
  /** Told of what does not end the watch, without any content. */
  readonly onWarning: (warning: string) => void;
}

/** SQS gives at most so many at once. */
const BATCH = 10;
/** Seconds: the longest that SQS lets a caller wait, and what is enough to ask all of its servers. */
const LONG_POLL = 20;
const SHORT_POLL = 2;
/** Milliseconds between two tries, from the first to the last. */
const FIRST_RETRY = 1000;
const LAST_RETRY = 60_000;

export function queueMedium(options: QueueMediumOptions): EventMedium {
  const name = queueName(options.queueUrl);
  return { reference: `sqs:${name}`, deliveries: deliveries(openQueue(options), name, options) };
}

/** `https://sqs.us-east-1.amazonaws.com/123456789012/ecs-events`: its last part. */
function queueName(queueUrl: string): string {
  return new URL(queueUrl).pathname.split('/').at(-1) ?? '';
}

async function* deliveries(
  queue: Queue,
  name: string,
  { once, maxMessages = Infinity, signal, onWarning }: QueueMediumOptions,
): AsyncGenerator<Delivery, void, undefined> {
  let left = maxMessages;
  const receiver = new Receiver(queue, name, signal, onWarning);
  try {
    if (!signal.aborted) await receiver.lookAtRedrive();
    while (!signal.aborted && left > 0) {
      const messages = await receiver.receive(Math.min(BATCH, left), once ? SHORT_POLL : LONG_POLL);
      if (once && messages.length === 0) return;
      left -= messages.length;
      yield* inHand(queue, messages, signal, onWarning);
    }
  } finally {
    queue.close();
  }
}

class Receiver {
  readonly #queue: Queue;
  readonly #name: string;
  readonly #signal: AbortSignal;
  readonly #onWarning: (warning: string) => void;
  #hasAnswered = false;

  constructor(queue: Queue, name: string, signal: AbortSignal, onWarning: (warning: string) => void) {
    this.#queue = queue;
    this.#name = name;
    this.#signal = signal;
    this.#onWarning = onWarning;
  }

  /** What is no event stays in the queue: without a redrive policy, until its retention ends. */
  async lookAtRedrive(): Promise<void> {
    const has = await this.#queue.hasRedrivePolicy().catch((error: unknown) => {
      const fault = queueFault(error, this.#name);
      // Not to be allowed to ask for attributes is no reason not to read.
      if (fault !== undefined && fault.code !== 'denied') throw fault;
      return undefined;
    });
    if (has === false) {
      this.#onWarning(
        `the queue has no redrive policy (${this.#name}). Messages that are no events of ECS come again until they expire: ` +
          'give it a dead-letter queue',
      );
    }
  }

  /** Empty when the signal says to stop. Messages stay in the queue while it cannot be reached: only what waiting cannot
   * mend ends the watch, or a queue that never answered. */
  async receive(most: number, waitSeconds: number): Promise<readonly QueueMessage[]> {
    for (let retry = FIRST_RETRY; ; retry = Math.min(2 * retry, LAST_RETRY)) {
      try {
        const messages = await this.#queue.receive(most, waitSeconds, this.#signal);
        this.#hasAnswered = true;
        return messages;
      } catch (error) {
        if (this.#signal.aborted) return [];
        const fault = queueFault(error, this.#name);
        if (fault !== undefined) throw fault;
        if (!this.#hasAnswered) throw unreachable(this.#name, error);
        this.#onWarning(
          `the queue does not answer (${this.#name}: ${faultKind(error)}). Trying again in ${retry / 1000} s`,
        );
        const isStopped = await wait(retry, false, { signal: this.#signal }).catch(() => true);
        if (isStopped) return [];
      }
    }
  }
}

function unreachable(name: string, error: unknown): ScanError {
  const todo = 'Check --queue-url, --endpoint-url and the network';
  return new ScanError('not-found', `the queue does not answer (${name}: ${faultKind(error)}). ${todo}`, {
    cause: error,
  });
}

/** Messages of one receive, kept from others until each is settled; what the signal leaves is given back at once. */
async function* inHand(
  queue: Queue,
  messages: readonly QueueMessage[],
  signal: AbortSignal,
  onWarning: (warning: string) => void,
): AsyncGenerator<Delivery, void, undefined> {
  const held = new Set(messages);
  const beat = setInterval(() => {
    // One that cannot be kept comes again, and is known then.
    for (const { handle } of held) queue.keep(handle, remoteLimits.queueVisibilityMs).catch(() => undefined);
  }, remoteLimits.queueVisibilityMs / 3);
  try {
    for (const message of messages) {
      if (signal.aborted) return;
      const { id, body } = message;
      const bytes = Buffer.byteLength(body);
      const isLong = bytes > limits.eventBytes;
      yield {
        name: `message ${id}`,
        id,
        content: isLong ? { kind: 'too-long', bytes } : { kind: 'text', text: body },
        settle: async (outcome) => {
          held.delete(message);
          await settle(queue, message, outcome, onWarning);
        },
      };
    }
  } finally {
    clearInterval(beat);
    await Promise.all([...held].map(({ handle }) => queue.keep(handle, 0).catch(() => undefined)));
  }
}

/** What is no event is left to the queue's redrive policy: it may be somebody else's. */
async function settle(
  queue: Queue,
  { id, handle }: QueueMessage,
  outcome: Outcome,
  onWarning: (warning: string) => void,
): Promise<void> {
  if (outcome === 'unread') return;
  try {
    await queue.remove(handle);
  } catch (error) {
    onWarning(
      `a message could not be deleted (${id}: ${faultKind(error)}). It comes again, and is told once in this run`,
    );
  }
}
