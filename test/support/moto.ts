import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './docker.ts';
import { missing, program } from './programs.ts';

/** An AWS of this test run, on loopback, with the state of what was registered, run and stopped in it. */
export interface Moto {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** Forgets everything that was made in it. */
  readonly reset: () => Promise<void>;
  /** Ends the server by its process id. */
  readonly stop: () => Promise<void>;
}

/** Why no moto server can be started here; undefined when one can. Throws with PHISCAN_REQUIRE_SERVERS=1. */
export function motoMissing(): string | undefined {
  return missing('moto_server');
}

const START_MS = 60_000;

/** Ready when it answers. The caller stops it, whatever happens in between. */
export async function startMoto(): Promise<Moto> {
  const folder = mkdtempSync(join(tmpdir(), 'phiscan-moto-'));
  const port = await freePort();
  const log = openSync(join(folder, 'log'), 'w');
  const server = spawn(program('moto_server') ?? 'moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', log, log],
    // Of its own kind only: a proxy or a profile of the machine has no part in a test.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], AWS_DEFAULT_REGION: 'us-east-1' },
  });
  closeSync(log);
  // A test that is ended before its time must not leave a server behind.
  const end = (): void => void server.kill('SIGKILL');
  process.once('exit', end);
  server.once('exit', () => process.off('exit', end));
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await untilAnswered(server, endpoint);
  } catch (error) {
    const said = readFileSync(join(folder, 'log'), 'utf8').slice(-2000);
    await stopServer(server, folder);
    throw new Error(`moto_server did not start: ${said}`, { cause: error });
  }
  return {
    endpoint,
    reset: async () => {
      await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
    },
    stop: () => stopServer(server, folder),
  };
}

async function untilAnswered(server: ChildProcess, endpoint: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const answered = await fetch(`${endpoint}/moto-api/data.json`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    if (server.exitCode !== null) throw new Error(`moto_server ended with code ${server.exitCode}`);
    if (Date.now() > deadline) throw new Error('moto_server took too long');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function stopServer(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    const late = setTimeout(() => server.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(late);
  }
  rmSync(folder, { recursive: true, force: true });
}
