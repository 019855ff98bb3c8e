import type { FindingCounts, Report, SweepTotals, SweptPart, SweptRow } from '../finding.ts';
import { findingShape, gapShape, placeShape, severitiesShape, targetShape, totalsShape } from './json.ts';
import { ordered } from './order.ts';
import { printableJson } from './printable.ts';

/**
 * One line of `phiscan sweep --format jsonl`, schema version 1 (docs/sweep-line.schema.json), ending in a newline. Every key is
 * named here, in its order: a key that is not named cannot leave.
 */
export function renderSweptLine(part: SweptPart, { outcome, complete }: SweptRow): string {
  const { tool, targets, findings, remedies, coverage } = ordered(part.report);
  return lineOf(tool, {
    place: placeShape(part.place),
    outcome,
    complete,
    remembered: part.remembered,
    targets: targets.map(targetShape),
    findings: findings.map(findingShape),
    remedies,
    gaps: coverage.gaps.map(gapShape),
    bytes: coverage.bytes,
    entries: coverage.entries,
  });
}

/** What the last line tells. */
export interface SweptSummary {
  readonly totals: SweepTotals;
  readonly outcomes: Readonly<Record<SweptRow['outcome'], number>>;
  readonly findings: FindingCounts;
  readonly gaps: number;
  readonly durationMs: number;
}

export function renderSummaryLine(summary: SweptSummary, tool: Report['tool']): string {
  const { totals, outcomes, findings, gaps, durationMs } = summary;
  const { clean, findings: found, incomplete } = outcomes;
  return lineOf(tool, {
    summary: {
      totals: totalsShape(totals),
      outcomes: { clean, findings: found, incomplete },
      findings: severitiesShape(findings),
      accepted: findings.accepted,
      gaps,
      durationMs,
    },
  });
}

function lineOf({ name, version, ruleset }: Report['tool'], members: object): string {
  return `${printableJson(JSON.stringify({ schemaVersion: 1, tool: { name, version, ruleset }, ...members }))}\n`;
}
