import type { Readable, Writable } from 'node:stream';
import type { Voice } from './voice.ts';

/** A standard stream: a terminal, a pipe or a file. */
export type Output = Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };

export type Input = Readable & { readonly isTTY?: boolean | undefined };

/** What the program sees of its process, so that a test can stand in for it. */
export interface ProcessStreams {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
}

/** What a command sees of it. */
export interface Streams extends ProcessStreams {
  /** Says all that is no error and no report. */
  readonly voice: Voice;
}
