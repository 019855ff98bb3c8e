import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { vi } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { CustomDetector } from '../../src/detect/custom-detector.ts';
import type { Report } from '../../src/finding.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { NamedDockerfile } from '../../src/scan/instruction-places.ts';
import type { Pool as WorkerPool } from '../../src/scan/pool.ts';
import { ownCache } from './own-cache.ts';
import { keptStreams } from './streams.ts';

const built = join(import.meta.dirname, '../../dist/src');
const builtWorker = pathToFileURL(join(built, 'scan/worker.js'));

// Worker threads cannot load TypeScript: they run what is built, all else is the source.
vi.doMock('../../src/scan/pool.ts', async (load) => {
  const { Pool, ...others } = await load<{ readonly Pool: typeof WorkerPool }>();
  class PoolOfBuilt extends Pool {
    constructor(...[jobs, signal, rules]: ConstructorParameters<typeof Pool>) {
      super(jobs, signal, rules, builtWorker);
    }
  }
  return { ...others, Pool: PoolOfBuilt };
});
const { scanContainers, scanFiles, scanImages } = await import('../../src/scan.ts');

export interface ScanSettings {
  readonly platforms?: readonly string[];
  readonly jobs?: number;
  readonly insecure?: boolean;
  readonly ledger?: Ledger | undefined;
  readonly customDetectors?: readonly CustomDetector[];
  readonly dockerfile?: NamedDockerfile;
}

/** One report of all references. */
export function scan(references: readonly string[], { jobs = 1, ...settings }: ScanSettings = {}): Promise<Report> {
  return scanImages(references, { ...settings, jobs, minConfidence: 0 });
}

/** What `steps` gives of a folder that is removed afterwards. */
export async function inFolder<Result>(steps: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'phiscan-scan-'));
  try {
    return await steps(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The report of an archive in memory; its reference is `image.tar`'s path, which is different in each scan. */
export function scanArchive(archive: Buffer, settings: ScanSettings = {}): Promise<Report> {
  return inFolder(async (folder) => {
    const file = join(folder, 'image.tar');
    await writeFile(file, archive);
    return await scan([file], settings);
  });
}

export interface Ended {
  readonly code: number | null;
  /** Of its resident memory, as Linux counted it; 0 elsewhere. */
  readonly peakBytes: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly stdin?: Buffer | Readable;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Commands without progress to show. */
const SILENT: readonly (string | undefined)[] = ['baseline', 'doctor'];

function quiet([command]: readonly string[]): readonly string[] {
  return SILENT.includes(command) ? [] : ['--no-progress'];
}

/** Runs the built command without a terminal and without progress. */
export async function phiscan(args: readonly string[], { stdin, env, cwd }: CommandOptions = {}): Promise<Ended> {
  const cache = ownCache({ PATH: process.env['PATH'], ...env });
  const child = spawn(process.execPath, [join(built, 'cli/main.js'), ...args, ...quiet(args)], {
    cwd,
    env: cache.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
  let peakBytes = 0;
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
  }, 25);
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  // A command that ends early leaves the pipe broken: what it wrote is what counts.
  const fed =
    stdin === undefined || stdin instanceof Buffer
      ? Promise.resolve(void child.stdin.on('error', () => undefined).end(stdin))
      : pipeline(stdin, child.stdin).catch(() => undefined);
  const [code] = await Promise.all([closed, fed]);
  clearInterval(watch);
  cache.remove();
  return { code, peakBytes, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** Runs the command from its sources in this process, which has `env` alone while it runs: nothing is started, and what runs
 * is covered. It reads `phiscan.yaml` of this folder. */
export async function phiscanHere(
  args: readonly string[],
  { stdin, env = {} }: Omit<CommandOptions, 'cwd'> = {},
): Promise<Omit<Ended, 'peakBytes'>> {
  const cache = ownCache(env);
  const streams = keptStreams({ env: cache.env, ...(stdin && { stdin }) });
  const { env: own } = process;
  process.env = { PATH: own['PATH'], ...env };
  try {
    const scans = { scanContainers, scanFiles, scanImages };
    const code = await runProgram([...args, ...quiet(args)], streams, () => Promise.resolve(scans));
    return { code, stdout: streams.printed(), stderr: streams.complained() };
  } finally {
    process.env = own;
    cache.remove();
  }
}

type Reported<Of> = Omit<Of, 'stdout'> & { readonly report: Report };
type EndedHere = Awaited<ReturnType<typeof phiscanHere>>;
const JSON_REPORT = ['--format', 'json', '--min-confidence', '0'];

/** The JSON report of a command that scanned. */
export async function phiscanReport(args: readonly string[], options?: CommandOptions): Promise<Reported<Ended>> {
  return reported(await phiscan([...args, ...JSON_REPORT], options));
}

/** The same, run in this process. */
export async function phiscanReportHere(
  args: readonly string[],
  options?: Parameters<typeof phiscanHere>[1],
): Promise<Reported<EndedHere>> {
  return reported(await phiscanHere([...args, ...JSON_REPORT], options));
}

function reported<Of extends EndedHere>({ stdout, ...ended }: Of): Reported<Of> {
  if (stdout === '') throw new Error(`no report, exit ${String(ended.code)}: ${ended.stderr}`);
  return { ...ended, report: JSON.parse(stdout) as Report };
}

function peakOf(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    // The process has just ended, or the system has no /proc.
    return 0;
  }
}
