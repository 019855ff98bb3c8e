import type { Readable, Writable } from 'node:stream';

/** A standard stream: a terminal, a pipe or a file. */
export type Output = Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };

export type Input = Readable & { readonly isTTY?: boolean | undefined };

/** What a command sees of its process, so that a test can stand in for it. */
export interface Streams {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
}
