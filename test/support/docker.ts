import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missing, program, refuse, run } from './programs.ts';

/** A Docker engine of this test run, with its own folders, and nothing shared with another of the machine. */
export interface DockerEngine {
  readonly socketPath: string;
  /** On 127.0.0.1, without TLS. */
  readonly port: number;
  /** Runs `docker` against this engine, with the classic builder, which needs no network. */
  readonly docker: (args: readonly string[], options?: { readonly cwd?: string }) => Buffer;
  /** Ends the engine by its process id and removes what it stored. */
  readonly stop: () => Promise<void>;
}

/** Why no engine can be started here; undefined when one can. Throws with PHISCAN_REQUIRE_SERVERS=1. */
export function dockerMissing(): string | undefined {
  if (process.getuid?.() !== 0) return refuse('dockerd needs root');
  return missing('dockerd', 'docker');
}

const START_MS = 60_000;

/** Ready when it answers. The caller stops it, whatever happens in between. */
export async function startDocker(): Promise<DockerEngine> {
  // Short: a socket's path may have 107 bytes, and containerd's lies deeper.
  const folder = mkdtempSync(join(tmpdir(), 'pd'));
  const socketPath = join(folder, 'docker.sock');
  const port = await freePort();
  const log = openSync(join(folder, 'log'), 'w');
  const engine = spawn(
    program('dockerd') ?? 'dockerd',
    [
      ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'run'), '--pidfile', join(folder, 'pid')],
      ...['-H', `unix://${socketPath}`, '-H', `tcp://127.0.0.1:${port}`, '--tls=false'],
      ...['--bridge=none', '--iptables=false', '--ip6tables=false', '--storage-driver=vfs', '--ip-forward=false'],
    ],
    { stdio: ['ignore', log, log] },
  );
  closeSync(log);
  try {
    await untilAnswered(engine, socketPath);
  } catch (error) {
    const said = readFileSync(join(folder, 'log'), 'utf8').slice(-2000);
    await stopEngine(engine, folder);
    throw new Error(`dockerd did not start: ${said}`, { cause: error });
  }
  const env = { PATH: process.env['PATH'], HOME: folder, DOCKER_HOST: `unix://${socketPath}`, DOCKER_BUILDKIT: '0' };
  return {
    socketPath,
    port,
    docker: (args, options = {}) => run('docker', args, { ...options, env }),
    stop: () => stopEngine(engine, folder),
  };
}

async function untilAnswered(engine: ChildProcess, socketPath: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!(existsSync(socketPath) && (await ping(socketPath)))) {
    if (engine.exitCode !== null) throw new Error(`dockerd ended with code ${engine.exitCode}`);
    if (Date.now() > deadline) throw new Error('dockerd took too long');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function ping(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    request({ socketPath, path: '/_ping' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    })
      .on('error', () => {
        resolve(false);
      })
      .end();
  });
}

async function stopEngine(engine: ChildProcess, folder: string): Promise<void> {
  if (engine.exitCode === null && engine.signalCode === null) {
    const ended = new Promise((resolve) => engine.once('exit', resolve));
    engine.kill('SIGTERM');
    const late = setTimeout(() => engine.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(late);
  }
  rmSync(folder, { recursive: true, force: true });
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
