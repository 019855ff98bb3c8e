/** phiscan as a library: scan, then render or gate the report. */
export type {
  Coverage,
  EntryPlace,
  EvidenceTerm,
  Finding,
  Gap,
  GapReason,
  Identifier,
  LayerReference,
  Location,
  LocationKind,
  Outcome,
  Report,
  Severity,
  Target,
  TargetLayer,
  Visibility,
} from './finding.ts';
export { SEVERITIES } from './finding.ts';
export type { CustomDetector } from './detect/custom-detector.ts';
export { ScanError, type ScanErrorCode } from './errors.ts';
export { scanContainers, scanFiles, scanImages, type Progress, type ScanOptions } from './scan.ts';
export { exitCode, exitCodes, type ExitCode, type FailOn, type GateOptions } from './report/gate.ts';
export { renderJson } from './report/json.ts';
export { noColors, type Palette } from './report/palette.ts';
export { renderTable, type TableOptions } from './report/table.ts';
