import type { Report } from './finding.ts';

export interface Progress {
  readonly layersDone: number;
  /** Undefined until the source says. */
  readonly layersTotal: number | undefined;
  /** Stored bytes read. */
  readonly bytesDone: number;
  readonly bytesTotal: number | undefined;
}

export interface ScanOptions {
  /** `linux/arm64/v8`; undefined: every platform that the source holds. */
  readonly platform?: string | undefined;
  /** Worker threads; a layer is the unit of parallel work. */
  readonly jobs: number;
  /** Findings below are left out. */
  readonly minConfidence: number;
  /** Called at most ten times a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Ends the scan early; the report then has an `interrupted` gap. */
  readonly signal?: AbortSignal | undefined;
}

/** Scans images; throws ScanError when a reference cannot be opened at all. */
export function scanImages(references: readonly string[], options: ScanOptions): Promise<Report> {
  throw new Error(`not built yet: ${references.length} ${options.jobs}`);
}

/** Scans files, folders and globs with the same pipeline. */
export function scanFiles(
  patterns: readonly string[],
  options: ScanOptions & { readonly dockerignore: boolean },
): Promise<Report> {
  throw new Error(`not built yet: ${patterns.length} ${options.jobs}`);
}
