/** The pipeline, from references and patterns to a report. docs/architecture.md walks through it. */

import type { AwsAccess } from './aws/ecr/image-source.ts';
import type { CustomDetector } from './detect/custom-detector.ts';
import type { Engine } from './engine/engine.ts';
import { Exclusion } from './config/exclusion.ts';
import { ScanError } from './errors.ts';
import type { Report } from './finding.ts';
import { type Assembly, assembleImages } from './image/assemble.ts';
import { type Attributed, attribute } from './scan/attribute.ts';
import { scanContainerSource } from './scan/containers.ts';
import { type BlobScan, scanBlobs } from './scan/blobs.ts';
import { engineOf } from './scan/engine-of.ts';
import { type FileListing, scanFileTree } from './scan/files.ts';
import type { NamedDockerfile } from './scan/instruction-places.ts';
import { attributeFiles } from './scan/located.ts';
import type { Ledger } from './ledger/ledger.ts';
import { type LedgerScope, scopeOf } from './ledger/scope.ts';
import { engineDigest } from './scan/engine-digest.ts';
import { type AdjustableLimits, adjustableLimits } from './adjustable-limits.ts';
import { Pool } from './scan/pool.ts';
import { type LayerRead, type Progress, ProgressCounter } from './scan/progress.ts';
import { makeReport } from './scan/report.ts';
import { openContainers } from './source/docker-containers.ts';
import { openSource } from './source/open.ts';
import type { Source } from './source/source.ts';

export type { LayerRead, Progress };

export interface ScanOptions {
  /** `linux/arm64/v8`; none: every platform that the source holds. */
  readonly platforms?: readonly string[] | undefined;
  /** Of registries on this machine: plain HTTP, and certificates that nobody vouches for. */
  readonly insecure?: boolean | undefined;
  /** How ECR is asked, of images that are there. */
  readonly aws?: AwsAccess | undefined;
  /** What images may have been built from: findings say the lines of their instructions. */
  readonly dockerfile?: NamedDockerfile | undefined;
  /** Worker threads; a layer is the unit of parallel work. */
  readonly jobs: number;
  /** Findings below are left out. */
  readonly minConfidence: number;
  /** Detectors of phiscan.yaml, asked before the built-in ones. */
  readonly customDetectors?: readonly CustomDetector[] | undefined;
  /** How far archives in archives are opened; as in limits.ts when absent. */
  readonly limits?: AdjustableLimits | undefined;
  /** Where results of layers are recalled and remembered, or what opens it once the detectors are known. The caller closes it. */
  readonly ledger?: Ledger | ((scope: LedgerScope) => Promise<Ledger>) | undefined;
  /** Called at most ten times a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called when a layer was read or recalled. */
  readonly onLayer?: ((layer: LayerRead) => void) | undefined;
  /** Called when one reference is done, with its part of the report. */
  readonly onReport?: ((report: Report) => void) | undefined;
  /** Ends the scan early; the report then has an `interrupted` gap. */
  readonly signal?: AbortSignal | undefined;
}

/** Scans images; throws ScanError when a reference cannot be opened at all. */
export async function scanImages(references: readonly string[], options: ScanOptions): Promise<Report> {
  return withPool(options, async (pool, engine, reportOf) => {
    const { ledger: given, onReport } = options;
    const ledger =
      typeof given === 'function' ? await given(scopeOf(engine.ruleset, engineDigest(), [], options.limits)) : given;
    const parts: Attributed[] = [];
    for (const reference of references) {
      const part = await scanImage(reference, { pool, engine, ledger }, options);
      parts.push(part);
      onReport?.(reportOf([part]));
    }
    return reportOf(parts);
  });
}

async function scanImage(
  reference: string,
  { pool, engine, ledger }: Pick<BlobScan, 'pool' | 'engine' | 'ledger'>,
  options: ScanOptions,
): Promise<Attributed> {
  const { platforms = [], insecure, aws, signal } = options;
  const source = await unlessAborted(openSource(reference, { platforms, insecure, aws }), signal);
  const progress = new ProgressCounter(pool, source.totalBytes, options);
  const stop = (): void => void source.close();
  signal?.addEventListener('abort', stop);
  try {
    const scanned = await scanBlobs(source, { pool, engine, signal, progress, ledger });
    const assembly = assembleImages(scanned.blobs, { platforms, tag: source.tag, sourceReference: reference });
    const isEmpty = assembly.images.length === 0 && signal?.aborted !== true;
    const complete = isEmpty ? withoutImage(assembly, reference, platforms) : assembly;
    return attribute(source, scanned, complete, engine, options.dockerfile);
  } finally {
    signal?.removeEventListener('abort', stop);
    progress.stop();
    await source.close();
  }
}

/** A source may wait for its peer without end: for a pipe into which nothing is written, for an engine. */
async function unlessAborted(opening: Promise<Source>, signal: AbortSignal | undefined): Promise<Source> {
  if (signal === undefined) return await opening;
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
    };
  });
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([opening, stopped]);
  } catch (error) {
    opening.then((late) => late.close()).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** A source without an image of a wanted platform or tag is a mistake in the command; one without any is a gap, for
 * its blobs were scanned all the same. */
function withoutImage(assembly: Assembly, reference: string, platforms: readonly string[]): Assembly {
  const { availablePlatforms } = assembly;
  if (platforms.length > 0 && availablePlatforms.length > 0) {
    const there = availablePlatforms.join(', ');
    throw new ScanError(
      'not-found',
      `${reference === '-' ? 'standard input (-)' : reference} has no image for ${platforms.join(' or ')}: it has ${there}`,
    );
  }
  const gap = { reason: 'missing-blob', detail: 'no manifest in it names an image' } as const;
  return { ...assembly, gaps: [...assembly.gaps, gap] };
}

/** What of folders is not looked at. */
export interface FilesOptions {
  /** What a docker build leaves out. */
  readonly dockerignore: boolean;
  /** Globs, as of `paths.exclude` in phiscan.yaml; the report counts what they left out. */
  readonly exclude?: readonly string[] | undefined;
  /** Other files than those of the patterns, which then are the report's name for them. */
  readonly listed?: FileListing | undefined;
}

/** Scans files, folders and globs with the same pipeline. */
export async function scanFiles(patterns: readonly string[], options: ScanOptions & FilesOptions): Promise<Report> {
  return withPool(options, async (pool, engine, reportOf) => {
    const progress = new ProgressCounter(pool, undefined, options);
    const exclusion = new Exclusion(options.exclude ?? []);
    const excludes = (path: string): boolean => exclusion.excludes(path);
    const tree = { dockerignore: options.dockerignore, limits: options.limits, excludes, listed: options.listed };
    try {
      const scanned = await scanFileTree(patterns, tree, pool, engine, options.signal);
      const reference = engine.maskText(patterns.join(' '));
      const { found, gaps, bytes, entries, folders } = scanned;
      const isCounted = folders.length > 0 && { folders };
      const excluded = exclusion.counts((text) => engine.maskText(text));
      const target = { reference, source: 'files', digest: '', platform: '', layers: [], ...isCounted };
      const report = reportOf([
        { targets: [target], ...attributeFiles(reference, found, gaps), bytes, entries, excluded },
      ]);
      options.onReport?.(report);
      return report;
    } finally {
      progress.stop();
    }
  });
}

/** Scans what the Docker engine says of containers: the named ones, or all. */
export async function scanContainers(
  names: readonly string[],
  options: Pick<ScanOptions, 'minConfidence' | 'customDetectors' | 'signal'>,
): Promise<Report> {
  const begun = performance.now();
  const { customDetectors = [], minConfidence, signal } = options;
  const engine = engineOf(customDetectors);
  const parts = await scanContainerSource(await openContainers(names), engine, signal);
  return makeReport(parts, { ruleset: engine.ruleset, minConfidence, durationMs: performance.now() - begun });
}

async function withPool(
  options: ScanOptions,
  scan: (pool: Pool, engine: Engine, reportOf: (parts: readonly Attributed[]) => Report) => Promise<Report>,
): Promise<Report> {
  const begun = performance.now();
  const { customDetectors = [], minConfidence, limits = adjustableLimits } = options;
  const pool = new Pool(options.jobs, options.signal, { customDetectors, limits });
  try {
    const engine = engineOf(customDetectors);
    return await scan(pool, engine, (parts) => {
      return makeReport(parts, { ruleset: engine.ruleset, minConfidence, durationMs: performance.now() - begun });
    });
  } finally {
    await pool.close();
  }
}
