import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { missing, refuse, run } from './programs.ts';
import { freePort, startServer } from './servers.ts';

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

/** Ready when it answers. The caller stops it, whatever happens in between. */
export async function startDocker(): Promise<DockerEngine> {
  const port = await freePort();
  const socketIn = (folder: string): string => join(folder, 'docker.sock');
  const { folder, stop } = await startServer({
    name: 'dockerd',
    args: (home) => [
      ...['--data-root', join(home, 'data'), '--exec-root', join(home, 'run'), '--pidfile', join(home, 'pid')],
      ...['-H', `unix://${socketIn(home)}`, '-H', `tcp://127.0.0.1:${port}`, '--tls=false'],
      ...['--bridge=none', '--iptables=false', '--ip6tables=false', '--storage-driver=vfs', '--ip-forward=false'],
    ],
    isReady: async (home) => existsSync(socketIn(home)) && (await ping(socketIn(home))),
  });
  const socketPath = socketIn(folder);
  const env = { PATH: process.env['PATH'], HOME: folder, DOCKER_HOST: `unix://${socketPath}`, DOCKER_BUILDKIT: '0' };
  return {
    socketPath,
    port,
    docker: (args, options = {}) => run('docker', args, { ...options, env }),
    stop,
  };
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
