/** phiscan as a library: the pipeline of scan.ts, with what a caller need not decide. */

import { availableParallelism } from 'node:os';
import { readConfig } from './config/phiscan-yaml.ts';
import type { CustomDetector } from './detect/custom-detector.ts';
import { ScanError } from './errors.ts';
import type { FailOn, Report } from './finding.ts';
import { openLedger } from './ledger/open-ledger.ts';
import type { Ledger } from './ledger/ledger.ts';
import { type Format, FORMATS, render } from './report/format.ts';
import { exitCode } from './report/gate.ts';
import { noColors } from './report/palette.ts';
import * as pipeline from './scan.ts';
import type { LayerRead, Progress } from './scan.ts';

/**
 * What a scan tells on its way. Listeners are called on the thread of the caller, between two of its own steps; what they
 * throw is not caught.
 */
export interface ScanEvents {
  /** How far the scan is: at most ten times a second, and once at the end of each source. */
  readonly progress?: ((progress: Progress) => void) | undefined;
  /** A layer was read or remembered: in the order in which they are done. */
  readonly layer?: ((layer: LayerRead) => void) | undefined;
  /** One reference is done: its part of the report. Before that it is not known which layer hides what. */
  readonly report?: ((report: Report) => void) | undefined;
  /** Of the ledger: why nothing is remembered. */
  readonly warning?: ((text: string) => void) | undefined;
}

/** What all scans have. */
export interface CommonOptions {
  /** Findings below are left out, 0 to 1; without it, 0.5. */
  readonly minConfidence?: number | undefined;
  /** Asked before the built-in ones; `readDetectors` reads them from a phiscan.yaml. */
  readonly customDetectors?: readonly CustomDetector[] | undefined;
  /** Ends the scan early; the report then has a gap `interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

/** Of scans with worker threads. */
export interface FileScanOptions extends CommonOptions {
  /** Worker threads; without it, as many as there are processors. */
  readonly jobs?: number | undefined;
  /** Leaves out what `.dockerignore` leaves out of the build. */
  readonly dockerignore?: boolean | undefined;
  readonly events?: Omit<ScanEvents, 'layer' | 'warning'> | undefined;
}

/** How AWS is asked; what is absent is as the environment or the profile says. */
export interface AwsOptions {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpoint?: string | undefined;
}

export interface ImageScanOptions extends CommonOptions {
  /** Worker threads; without it, as many as there are processors. */
  readonly jobs?: number | undefined;
  /** `linux/arm64/v8`; without it, every platform that the source holds. */
  readonly platforms?: readonly string[] | undefined;
  /** The Dockerfile that an image may have been built from: findings then say the line of the instruction. */
  readonly dockerfile?: { readonly file: string; readonly text: string } | undefined;
  /** Of a registry on this machine: plain HTTP, and a certificate that nobody vouches for. */
  readonly insecure?: boolean | undefined;
  /** Of images of ECR. */
  readonly aws?: AwsOptions | undefined;
  /** A folder that remembers, without values, what was found in a layer; without it, nothing is remembered. */
  readonly ledgerFolder?: string | undefined;
  readonly events?: ScanEvents | undefined;
}

/**
 * Scans one image: `app:1.4` of the Docker engine, `build/app.tar`, `oci:layout:1.4`, `registry:HOST/NAME`, `ecr:NAME`. Throws
 * ScanError when it cannot be opened; whatever cannot be read in it is a gap of the report.
 */
export function scanImage(reference: string, options: ImageScanOptions = {}): Promise<Report> {
  return scanImages([reference], options);
}

/** Scans images to one report. Throws ScanError when one of them cannot be opened. */
export async function scanImages(references: readonly string[], options: ImageScanOptions = {}): Promise<Report> {
  const { platforms, dockerfile, insecure, aws, ledgerFolder, events = {} } = options;
  let ledger: Ledger | undefined;
  try {
    return await pipeline.scanImages(references, {
      ...common(options, events),
      platforms,
      dockerfile,
      insecure,
      aws,
      onLayer: events.layer,
      ...(ledgerFolder !== undefined && {
        ledger: async (scope) => {
          const onWarning = (text: string): void => events.warning?.(text);
          ledger = await openLedger({ folder: ledgerFolder, scope, onWarning });
          return ledger;
        },
      }),
    });
  } finally {
    await ledger?.close();
  }
}

/** Scans files, folders and globs as one target. Throws ScanError when one of them matches nothing. */
export function scanFiles(paths: string | readonly string[], options: FileScanOptions = {}): Promise<Report> {
  const { dockerignore = false, events = {} } = options;
  return pipeline.scanFiles(typeof paths === 'string' ? [paths] : paths, { ...common(options, events), dockerignore });
}

/** Scans what the Docker engine keeps of containers: the named ones, or all. Throws ScanError when none answers. */
export function scanContainers(names: readonly string[] = [], options: CommonOptions = {}): Promise<Report> {
  const { minConfidence = DEFAULT_CONFIDENCE, customDetectors, signal } = options;
  return pipeline.scanContainers(names, { minConfidence, customDetectors, signal });
}

/** The detectors of the text of a phiscan.yaml. Throws ScanError (`usage`) with line and column of its first fault. */
export function readDetectors(text: string): readonly CustomDetector[] {
  const { customDetectors, faults } = readConfig(text, FORMATS);
  const [fault] = faults;
  if (fault === undefined) return customDetectors;
  throw new ScanError('usage', `${fault.what} (${fault.line}:${fault.column}). ${fault.todo}`);
}

export interface RenderOptions {
  /** Shows the evidence of each finding, where the format has room for it. */
  readonly explain?: boolean | undefined;
  /** The severity from which on findings count; without it, `medium`. */
  readonly failOn?: FailOn | undefined;
  /** Characters of a line of the table; without it, 80. */
  readonly width?: number | undefined;
  /** The Dockerfile that findings in an image are shown at. */
  readonly dockerfile?: string | undefined;
  /** Where relative paths of the report begin; without it, the working folder. */
  readonly folder?: string | undefined;
  /** The root of its repository; without it, the folder itself. */
  readonly repositoryRoot?: string | undefined;
}

/** The text of a report in one of `FORMATS`, as the command line writes it, without colours. */
export function renderReport(report: Report, format: Format, options: RenderOptions = {}): Promise<string> {
  const { explain = false, failOn = 'medium', width = 80, dockerfile, folder = process.cwd() } = options;
  return render(report, format, {
    explain,
    failOn,
    width,
    palette: noColors,
    exitCode: exitCode(report, { failOn, allowIncomplete: false, unopened: 0 }),
    dockerfile,
    folder,
    repositoryRoot: options.repositoryRoot ?? folder,
  });
}

/** As of `--min-confidence`. */
const DEFAULT_CONFIDENCE = 0.5;

function common(
  { jobs = availableParallelism(), minConfidence = DEFAULT_CONFIDENCE, customDetectors, signal }: FileScanOptions,
  { progress, report }: Pick<ScanEvents, 'progress' | 'report'>,
): pipeline.ScanOptions {
  return { jobs, minConfidence, customDetectors, signal, onProgress: progress, onReport: report };
}
