import type { Readable } from 'node:stream';
import { limits } from '../../limits.ts';
import type { Delivery, EventMedium } from './delivery.ts';

const NEWLINE = 0x0a;
const SETTLED = (): Promise<void> => Promise.resolve();

/** JSON Lines: each line is a message; empty ones are none. What the signal stops is told as a gap, since a pipe keeps nothing. */
export function lineMedium(input: Readable, signal: AbortSignal): EventMedium {
  return { reference: '-', deliveries: deliveries(input, signal) };
}

async function* deliveries(input: Readable, signal: AbortSignal): AsyncGenerator<Delivery, void, undefined> {
  let number = 0;
  for await (const { text, bytes } of lines(input, signal)) {
    number++;
    if (text?.trim() === '') continue;
    const content = text === undefined ? ({ kind: 'too-long', bytes } as const) : ({ kind: 'text', text } as const);
    yield { name: `line ${number}`, content, settle: SETTLED };
  }
  if (!signal.aborted) return;
  const gaps = [{ reason: 'interrupted', path: `behind line ${number}` } as const];
  yield { name: '', content: { kind: 'events', events: [], gaps }, settle: SETTLED };
}

interface Line {
  /** Undefined where it is longer than `limits.eventBytes`. */
  readonly text: string | undefined;
  readonly bytes: number;
}

async function* lines(input: Readable, signal: AbortSignal): AsyncGenerator<Line, void, undefined> {
  let parts: Buffer[] = [];
  let bytes = 0;
  const add = (part: Buffer): void => {
    bytes += part.length;
    if (bytes <= limits.eventBytes) parts.push(part);
    else parts = [];
  };
  const take = (): Line => {
    const line = { text: bytes > limits.eventBytes ? undefined : Buffer.concat(parts).toString(), bytes };
    parts = [];
    bytes = 0;
    return line;
  };
  for await (const chunk of untilAborted(input, signal)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      start = end + 1;
      yield take();
      if (signal.aborted) return;
    }
    add(chunk.subarray(start));
  }
  if (bytes > 0 && !signal.aborted) yield take();
}

/** A pipe into which nothing is written must not keep the signal waiting. */
async function* untilAborted(input: Readable, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const stop = (): void => void input.destroy();
  signal.addEventListener('abort', stop);
  try {
    for await (const chunk of input as AsyncIterable<Buffer | string>) {
      if (signal.aborted) return;
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
