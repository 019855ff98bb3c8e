import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/finding.ts';
import { ownCache } from '../support/own-cache.ts';

const main = join(import.meta.dirname, '../../dist/src/cli/main.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Most memory that the process had, in MiB, looked at every 20 ms. */
  readonly peakMiB: number;
  /** True when it was still running after the limit, and was killed. */
  readonly late: boolean;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** What standard input gives; default: nothing, at its end. */
  readonly input?: Buffer | 'closed' | ((stdin: NonNullable<ChildProcess['stdin']>, child: ChildProcess) => void);
  /** Called once the process runs. */
  readonly during?: (child: ChildProcess) => void;
  readonly uid?: number;
}

/** No test input takes longer, on a busy machine. */
const LIMIT_MS = 25_000;

/** Runs the built command to its end, or for at most LIMIT_MS. */
export function phiscan(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { env = {}, cwd, input, during, uid } = options;
  const path = process.env['PATH'];
  const cache = ownCache({ PATH: path, HOME: '/nonexistent', DOCKER_HOST: 'unix:///nonexistent/docker.sock', ...env });
  const child = spawn(process.execPath, [main, ...args], {
    env: cache.env,
    stdio: [input === 'closed' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let stdout = '';
  let stderr = '';
  let peakMiB = 0;
  let late = false;
  child.stdout?.setEncoding('latin1').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('latin1').on('data', (text: string) => (stderr += text));
  child.stdin?.on('error', () => undefined);
  if (typeof input === 'function' && child.stdin !== null) input(child.stdin, child);
  else child.stdin?.end(input);
  during?.(child);
  const watch = setInterval(() => {
    peakMiB = Math.max(peakMiB, peakOf(child.pid));
  }, 20);
  const limit = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, LIMIT_MS);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(watch);
      clearTimeout(limit);
      cache.remove();
      const text = (latin1: string): string => Buffer.from(latin1, 'latin1').toString();
      resolve({ code, stdout: text(stdout), stderr: text(stderr), peakMiB, late });
    });
  });
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'latin1');
    return Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** The JSON report of a run that wrote one. */
export function reportOf({ stdout }: Ended): Report {
  return JSON.parse(stdout) as Report;
}

/** Reasons of all gaps, sorted. */
export function gapReasons(report: Report): readonly string[] {
  return report.coverage.gaps.map(({ reason }) => reason).sort();
}
