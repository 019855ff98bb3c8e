import { acceptReport } from '../baseline/accept.ts';
import { dayOf } from '../baseline/day.ts';
import { ScanError } from '../errors.ts';
import { exitCode, exitCodes, type ExitCode } from '../report/gate.ts';
import { findingWords, scannedWords } from '../report/table.ts';
import type { FilesOptions, Progress, scanContainers, scanFiles, scanImages, ScanOptions } from '../scan.ts';
import type { AwsRequest } from './options/aws-options.ts';
import { loadBaseline } from './baseline/baseline-load.ts';
import { distinct, scanEach, type PlannedScan } from './batch.ts';
import { loadDockerfile } from './dockerfile.ts';
import { echo, loadMask, type Mask } from './echo.ts';
import { debugLines, describeFault } from './fault.ts';
import { watchInterrupts } from './interrupt.ts';
import { checkOutputs, deliver, type OutputsRequest, plannedOutputs } from './outputs.ts';
import type { AsffAccount } from './options/option-values.ts';
import { noProgress, openProgress } from './progress/progress.ts';
import { runLedger } from './run-ledger.ts';
import { loadSettings, type SettingsRequest, verdictOf } from './config/settings.ts';
import type { Streams } from './streams.ts';

/** The options that all commands have which end in a report. */
export interface ReportRequest extends SettingsRequest, OutputsRequest {
  /** Of images: what they may have been built from. */
  readonly dockerfile?: string | undefined;
  readonly asffAccount?: AsffAccount | undefined;
  readonly explain: boolean;
  readonly progress: boolean;
}

/** With worker threads. */
export interface ScanRequest extends ReportRequest {
  readonly jobs: number;
}

/** The options of `phiscan files`. */
export interface FilesRequest extends ScanRequest {
  readonly dockerignore: boolean;
}

/** What every scan of a run has in common: the settings, and how it is watched and stopped. */
export type RunOptions = Omit<ScanOptions, 'jobs' | 'insecure' | 'aws'> & Pick<FilesOptions, 'exclude'>;

/** The ways into the pipeline of scan.ts. */
export interface Scans {
  readonly scanImages: typeof scanImages;
  readonly scanFiles: typeof scanFiles;
  readonly scanContainers: typeof scanContainers;
}

/** `jobs`: threads that are going to be needed, and start beside what is loaded. */
export type LoadScans = (jobs?: number) => Promise<Scans>;

/** The options of `phiscan image`. */
export interface ImageRequest extends ScanRequest, AwsRequest {
  readonly insecure: boolean;
  readonly ledger: boolean;
}

export async function runImages(
  references: readonly string[],
  request: ImageRequest,
  scans: Scans,
  streams: Streams,
): Promise<ExitCode> {
  if (references.includes('-') && streams.stdin.isTTY === true) {
    throw new ScanError('usage', 'nothing is piped in (-). Use it as in: docker save app:1.4 | phiscan image -');
  }
  const ledger = runLedger(request.ledger, streams);
  try {
    return await runScans(request, streams, (options) => {
      return imageScans(references, request, scans, { ...options, ledger: ledger?.open });
    });
  } finally {
    await ledger?.close();
  }
}

/** Each reference is a scan of its own. */
export function imageScans(
  references: readonly string[],
  request: ImageRequest,
  { scanImages }: Scans,
  options: RunOptions,
): readonly PlannedScan[] {
  const { jobs, insecure, region, profile, endpointUrl: endpoint } = request;
  const own = { jobs, insecure, aws: { region, profile, endpoint } };
  return distinct(references).map((reference) => ({
    reference,
    run: () => scanImages([reference], { ...options, ...own }),
  }));
}

export function runFiles(
  patterns: readonly string[],
  request: FilesRequest,
  scans: Scans,
  streams: Streams,
): Promise<ExitCode> {
  return runScans(request, streams, (options) => [filesScan(patterns, request, scans, options)]);
}

/** All patterns are one scan: a file that two of them name is read once. */
export function filesScan(
  patterns: readonly string[],
  { jobs, dockerignore }: FilesRequest,
  { scanFiles }: Scans,
  options: RunOptions,
): PlannedScan {
  const paths = distinct(patterns);
  return { reference: paths.join(' '), run: () => scanFiles(paths, { ...options, jobs, dockerignore }) };
}

/** Each name is a scan of its own; without any, all containers are one. */
export function runContainers(
  names: readonly string[],
  request: ReportRequest,
  scans: Scans,
  streams: Streams,
): Promise<ExitCode> {
  return runScans(request, streams, (options) => {
    if (names.length === 0) return [{ reference: 'containers', run: () => scans.scanContainers([], options) }];
    return distinct(names).map((name) => ({ reference: name, run: () => scans.scanContainers([name], options) }));
  });
}

/** Runs what is planned, one after the other, to one report and its exit code. */
export async function runScans(
  request: ReportRequest,
  streams: Streams,
  plan: (options: RunOptions, mask: Mask) => readonly PlannedScan[],
): Promise<ExitCode> {
  const { stderr, voice, env } = streams;
  const settings = await loadSettings(request, env);
  const outputs = plannedOutputs(request, settings.outputs);
  if (request.asffAccount === undefined && outputs.some(({ format }) => format === 'asff')) throw noAccount();
  await checkOutputs(outputs);
  const dockerfile = await loadDockerfile(request.dockerfile);
  const { customDetectors, minConfidence, platforms, failOn, allowIncomplete } = settings;
  const mask = await loadMask(customDetectors);
  const verdict = verdictOf(settings, mask);
  const baseline = await loadBaseline(settings.baseline, mask);
  const progress = request.progress ? await openProgress(stderr, env) : noProgress;
  const interrupts = watchInterrupts(
    () => {
      voice.interrupt('stopping; what was read so far will be reported (once more: stop at once)');
    },
    () => process.exit(exitCodes.incomplete),
  );
  try {
    const options: RunOptions = {
      minConfidence,
      customDetectors,
      dockerfile,
      platforms,
      limits: settings.limits,
      exclude: settings.exclude,
      signal: interrupts.signal,
      onProgress: (now: Progress) => {
        progress.update(now);
      },
    };
    const scans = plan(options, mask);
    const shown = scans.map(({ reference, run }) => ({
      reference,
      run: async () => {
        // First, for its threads take a while to start.
        const running = run();
        progress.begin(echo(reference, mask));
        try {
          return await running;
        } finally {
          progress.end();
        }
      },
    }));
    const { report: scanned, failures } = await scanEach(shown, interrupts.signal, mask);
    for (const { error } of failures) {
      stderr.write(`phiscan: ${describeFault(error, mask)}\n`);
      if (env['PHISCAN_DEBUG']) stderr.write(debugLines(error).join('\n') + '\n');
    }
    for (const { reference, source } of scanned?.targets ?? []) voice.detail(`${reference}: ${source}`);
    if (scanned === undefined) return exitCodes.error;
    const report = acceptReport(verdict.report(scanned), baseline, dayOf(new Date()));
    const { explain } = request;
    const code = exitCode(report, { failOn, allowIncomplete, unopened: failures.length });
    const words = `${findingWords(report)}; ${scannedWords(report)}`;
    const view = { explain, failOn, exitCode: code, dockerfile: request.dockerfile, aws: request.asffAccount };
    await deliver(report, { outputs, view, words, mask }, streams);
    return code;
  } finally {
    interrupts.release();
  }
}

function noAccount(): ScanError {
  return new ScanError('usage', 'no account (--format asff). Give --asff-account, for example 123456789012/us-east-1');
}
