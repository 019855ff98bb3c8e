import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { spawnSync } from 'node:child_process';

/** Where a program is; undefined when the machine has none. */
export function program(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).concat('/usr/local/sbin', '/usr/sbin', '/sbin');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Why a test with these programs cannot run here; undefined when it can. With PHISCAN_REQUIRE_SERVERS=1 a missing one
 * throws instead, so that no test is left out where all of them must run.
 */
export function missing(...names: readonly string[]): string | undefined {
  const absent = names.filter((name) => program(name) === undefined);
  return absent.length === 0 ? undefined : refuse(`not installed: ${absent.join(', ')}`);
}

/** The reason again, for a skipped test; throws it where every test must run. */
export function refuse(reason: string): string {
  if (process.env['PHISCAN_REQUIRE_SERVERS'] === '1') throw new Error(`PHISCAN_REQUIRE_SERVERS=1, but ${reason}`);
  return reason;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: Buffer | string;
}

/** Runs to the end and gives what it wrote; throws, with its messages, when it fails. */
export function run(name: string, args: readonly string[], options: RunOptions = {}): Buffer {
  const path = program(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  const done = spawnSync(path, args, { ...options, maxBuffer: 1 << 30 });
  if (done.status === 0) return done.stdout;
  throw new Error(`${name} ${args.join(' ')} failed (${String(done.status ?? done.signal)}): ${String(done.stderr)}`);
}
