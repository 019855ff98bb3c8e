/** phiscan as a library: scan, accept, render, gate. docs/library.md has examples. */
export type {
  Acceptance,
  Coverage,
  EntryPlace,
  EvidenceTerm,
  FailOn,
  Finding,
  Gap,
  GapReason,
  Identifier,
  Location,
  LocationKind,
  Outcome,
  Report,
  Severity,
  Visibility,
} from './finding.ts';
export type { FolderSize, InstructionPlace, LayerReference, Target, TargetLayer } from './target.ts';
export { SEVERITIES } from './finding.ts';
export { ScanError, type ScanErrorCode } from './errors.ts';
export {
  type AwsOptions,
  type CommonOptions,
  type FileScanOptions,
  type ImageScanOptions,
  readDetectors,
  type RenderOptions,
  renderReport,
  type ScanEvents,
  scanContainers,
  scanFiles,
  scanImage,
  scanImages,
} from './library.ts';
export type { LayerRead, Progress } from './scan.ts';
export type { CustomDetector } from './detect/custom-detector.ts';
export { acceptReport } from './baseline/accept.ts';
export type { Answer, Baseline, BaselineEntry } from './baseline/baseline.ts';
export { type BaselineFault, readBaseline, type ReadBaseline } from './baseline/baseline-file.ts';
export { exitCode, exitCodes, type ExitCode, type Gated, type GateOptions } from './report/gate.ts';
export { type Format, FORMATS } from './report/format.ts';
export { renderJson } from './report/json.ts';
export { noColors, type Palette } from './report/palette.ts';
export { renderTable, type TableOptions } from './report/table.ts';
