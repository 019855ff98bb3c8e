import type {
  Acceptance,
  Coverage,
  Finding,
  FindingCounts,
  Gap,
  Lapse,
  Location,
  Report,
  SweepSummary,
  SweepTotals,
  SweptPlace,
  SweptRow,
} from '../finding.ts';
import type { FolderSize, InstructionPlace, LayerReference, Target, TargetLayer } from '../target.ts';
import { ordered } from './order.ts';
import { printableJson } from './printable.ts';

/**
 * The report as JSON, schema version 1 (docs/report.schema.json), ending in a newline. Every key is named here, in its
 * order: a key that is not named cannot leave, and equal reports are equal bytes.
 */
export function renderJson(report: Report): string {
  const { schemaVersion, tool, targets, findings, remedies, sweep, coverage, summary } = ordered(report);
  const shape = {
    schemaVersion,
    tool: toolShape(tool),
    targets: targets.map(targetShape),
    findings: findings.map(findingShape),
    remedies,
    sweep: sweep && sweepShape(sweep),
    coverage: coverageShape(coverage),
    summary: summaryShape(summary),
  };
  return `${printableJson(JSON.stringify(shape, undefined, 2))}\n`;
}

export function toolShape({ name, version, ruleset }: Report['tool']): object {
  return { name, version, ruleset };
}

export function summaryShape(summary: Report['summary']): object {
  return {
    ...severitiesShape(summary),
    accepted: summary.accepted,
    gaps: summary.gaps,
    durationMs: summary.durationMs,
  };
}

export function targetShape(target: Target): object {
  return {
    reference: target.reference,
    source: target.source,
    digest: target.digest,
    platform: target.platform,
    layers: target.layers.map(targetLayerShape),
    absentPlatforms: target.absentPlatforms,
    folders: target.folders?.map(folderShape),
  };
}

function targetLayerShape(layer: TargetLayer): object {
  const { bytes, entries, folders } = layer;
  return { ...layerShape(layer), bytes, entries, folders: folders?.map(folderShape) };
}

function folderShape({ path, bytes, entries }: FolderSize): object {
  return { path, bytes, entries };
}

function layerShape({ index, digest, diffId, createdBy, instruction }: LayerReference): object {
  return { index, digest, diffId, createdBy, instruction: instruction && instructionShape(instruction) };
}

function instructionShape({ file, line, endLine }: InstructionPlace): object {
  return { file, line, endLine };
}

export function findingShape(finding: Finding): object {
  return {
    fingerprint: finding.fingerprint,
    detector: finding.detector,
    identifier: finding.identifier,
    safeHarbor: finding.safeHarbor,
    severity: finding.severity,
    confidence: finding.confidence,
    outcome: finding.outcome,
    count: finding.count,
    mask: finding.mask,
    identifiers: finding.identifiers,
    surface: finding.surface,
    remedy: finding.remedy,
    accepted: finding.accepted && acceptanceShape(finding.accepted),
    lapsed: finding.lapsed && lapseShape(finding.lapsed),
    location: locationShape(finding.location),
    evidence: finding.evidence.map(({ term, weight }) => ({ term, weight })),
  };
}

function acceptanceShape({ by, reason, owner, expires }: Acceptance): object {
  return { by, reason, owner, expires };
}

function lapseShape({ why, count, ...acceptance }: Lapse): object {
  return { why, ...acceptanceShape(acceptance), count };
}

function locationShape(location: Location): object {
  return {
    kind: location.kind,
    target: location.target,
    layer: location.layer && layerShape(location.layer),
    instruction: location.instruction && instructionShape(location.instruction),
    path: location.path,
    pointer: location.pointer,
    field: location.field,
    record: location.record,
    line: location.line,
    column: location.column,
    offset: location.offset,
    visibility: location.visibility,
    hiddenBy: location.hiddenBy,
  };
}

function coverageShape(coverage: Coverage): object {
  return {
    ...coveredShape(coverage),
    gaps: coverage.gaps.map(gapShape),
    excluded: coverage.excluded?.map(({ pattern, entries }) => ({ pattern, entries })),
  };
}

export function coveredShape({ complete, bytes, entries }: Coverage): object {
  return { complete, bytes, entries };
}

export function gapShape(gap: Gap): object {
  return { reason: gap.reason, detail: gap.detail, bytes: gap.bytes, location: locationShape(gap.location) };
}

function sweepShape({ totals, rows }: SweepSummary): object {
  return { totals: totalsShape(totals), rows: rows.map(rowShape) };
}

export function totalsShape(totals: SweepTotals): object {
  return {
    repositories: totals.repositories,
    images: totals.images,
    rememberedImages: totals.rememberedImages,
    layers: totals.layers,
    rememberedLayers: totals.rememberedLayers,
    readLayers: totals.readLayers,
    readBytes: totals.readBytes,
  };
}

function rowShape(row: SweptRow): object {
  return {
    ...placeShape(row),
    outcome: row.outcome,
    complete: row.complete,
    remembered: row.remembered,
    findings: severitiesShape(row.findings),
    accepted: row.accepted,
    gaps: row.gaps,
  };
}

export function placeShape(place: SweptPlace): object {
  return {
    registry: place.registry,
    account: place.account,
    region: place.region,
    repository: place.repository,
    digest: place.digest,
    tags: place.tags,
    pushedAt: place.pushedAt,
  };
}

export function severitiesShape({ critical, high, medium, low, info }: Omit<FindingCounts, 'accepted'>): object {
  return { critical, high, medium, low, info };
}
