import { missing } from './programs.ts';
import { freePort, startServer } from './servers.ts';

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

/** Ready when it answers. The caller stops it, whatever happens in between. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const { stop } = await startServer({
    name: 'moto_server',
    args: () => ['-H', '127.0.0.1', '-p', String(port)],
    // Of its own kind only: a proxy or a profile of the machine has no part in a test.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], AWS_DEFAULT_REGION: 'us-east-1' },
    isReady: () =>
      fetch(`${endpoint}/moto-api/data.json`).then(
        ({ ok }) => ok,
        () => false,
      ),
  });
  return {
    endpoint,
    reset: async () => {
      await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
    },
    stop,
  };
}
