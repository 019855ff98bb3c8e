import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from './programs.ts';

export interface ServerOptions {
  readonly name: string;
  /** The server's folder holds its log already, and is removed when it has ended. */
  readonly args: (folder: string) => readonly string[];
  /** Undefined: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  readonly isReady: (folder: string) => Promise<boolean>;
}

/** A real server of this test run, with a folder of its own. */
export interface Server {
  readonly folder: string;
  /** Ends it by its process id. */
  readonly stop: () => Promise<void>;
}

const START_MS = 60_000;
/** From the request to end until it is killed. */
const END_MS = 15_000;

/** Ready when it resolves. The caller stops it, whatever happens in between. */
export async function startServer({ name, args, env, isReady }: ServerOptions): Promise<Server> {
  // Short: a socket's path may have 107 bytes, and containerd's lies deeper.
  const folder = mkdtempSync(join(tmpdir(), 'ps'));
  const log = openSync(join(folder, 'log'), 'w');
  const server = spawn(program(name) ?? name, args(folder), {
    stdio: ['ignore', log, log],
    ...(env === undefined ? {} : { env }),
  });
  closeSync(log);
  // A test that is ended before its time must not leave a server behind.
  const end = (): void => void server.kill('SIGKILL');
  process.once('exit', end);
  server.once('exit', () => process.off('exit', end));
  const hasEnded = (): boolean => server.exitCode !== null || server.signalCode !== null;

  async function untilReady(): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (!(await isReady(folder))) {
      if (hasEnded()) throw new Error(`${name} ended with ${String(server.exitCode ?? server.signalCode)}`);
      if (Date.now() > deadline) throw new Error(`${name} took too long`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async function stop(): Promise<void> {
    if (!hasEnded()) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      const late = setTimeout(end, END_MS);
      await ended;
      clearTimeout(late);
    }
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    await untilReady();
  } catch (error) {
    const said = readFileSync(join(folder, 'log'), 'utf8').slice(-2000);
    await stop();
    throw new Error(`${name} did not start: ${said}`, { cause: error });
  }
  return { folder, stop };
}

/** Free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
