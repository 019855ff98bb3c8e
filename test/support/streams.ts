import { Readable, Writable } from 'node:stream';
import type { Output, Streams } from '../../src/cli/streams.ts';
import { Voice } from '../../src/cli/voice.ts';

/** A stream that keeps what is written to it. */
export interface Kept {
  readonly stream: Output;
  readonly text: () => string;
}

export function kept(terminal?: { readonly columns: number }): Kept {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return {
    stream: terminal === undefined ? stream : Object.assign(stream, { isTTY: true, columns: terminal.columns }),
    text: () => Buffer.concat(chunks).toString(),
  };
}

export interface KeptStreams extends Streams {
  readonly printed: () => string;
  readonly complained: () => string;
}

export function keptStreams(
  parts: {
    readonly terminal?: boolean;
    readonly env?: NodeJS.ProcessEnv;
    readonly stdin?: Buffer | Readable;
    readonly stdinIsTerminal?: boolean;
  } = {},
): KeptStreams {
  const { terminal = false, env = {}, stdin = Buffer.alloc(0), stdinIsTerminal = false } = parts;
  const stdout = kept(terminal ? { columns: 100 } : undefined);
  const stderr = kept();
  return {
    stdout: stdout.stream,
    stderr: stderr.stream,
    stdin: Object.assign(Buffer.isBuffer(stdin) ? Readable.from([stdin]) : stdin, { isTTY: stdinIsTerminal }),
    env,
    voice: new Voice(stderr.stream),
    printed: stdout.text,
    complained: stderr.text,
  };
}
